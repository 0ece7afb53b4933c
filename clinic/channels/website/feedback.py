"""Was this helpful? Stored with the topics of the answer, without a word of the conversation."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, String, Table, delete, insert
from sqlalchemy.engine import Engine

from clinic.database import metadata

table = Table(
    "website_feedback",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("n", Integer, primary_key=True),
    # The topics of the answer, parted by spaces.
    Column("topics", String(400), nullable=False),
    Column("helpful", Boolean, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)


def keep(
    engine: Engine, conversation: str, line: dict[str, Any], helpful: bool, at: datetime
) -> None:
    """Keep what a patient thinks of an answer; the last word counts."""
    topics = " ".join((line["show"] or {}).get("topics", []))[:400]
    here = (table.c.conversation == conversation, table.c.n == line["n"])
    values = {"conversation": conversation, "n": line["n"], "topics": topics, "helpful": helpful}
    with engine.begin() as connection:
        connection.execute(delete(table).where(*here))
        connection.execute(insert(table).values(**values, at=at))
