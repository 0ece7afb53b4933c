"""The tables of the requests and of the notes to the team; clinic/migrations makes them."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, Integer, String, Table, Text

from clinic.database import metadata

requests = Table(
    "requests",
    metadata,
    Column("reference", String(16), primary_key=True),
    # Made when the check page is shown: whatever is sent twice from there is one request.
    Column("key", String(64), nullable=False, unique=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    # A keyed hash of who asks for what: the second net against doubles.
    Column("fingerprint", String(64), nullable=False, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False, index=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("sealed", Text, nullable=False),
)
notes = Table(
    "notes",
    metadata,
    # Also the webhook-id and the Message-ID: the same at each try.
    Column("id", String(48), primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("reference", String(16), nullable=False, index=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("kind", String(30), nullable=False),
    Column("way", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("handled_at", DateTime(timezone=True), nullable=False),
    Column("claim", String(32)),
    Column("failure", String(100), nullable=False),
    Column("sealed", Text, nullable=False),
)


def new_note(
    kind: str, reference: str, conversation: str, key: str, sealed: str, now: datetime
) -> dict[str, Any]:
    """The row of a note that is due at once; of several with the same key one is kept."""
    return {
        "id": f"note_{secrets.token_hex(16)}",
        "key": key,
        "reference": reference,
        "conversation": conversation,
        "kind": kind,
        "way": "",
        "state": "waiting",
        "attempts": 0,
        "created_at": now,
        "due_at": now,
        "handled_at": now,
        "failure": "",
        "sealed": sealed,
    }
