"""The one list of the tables that hold something of a conversation, and what may be deleted when.

A test holds that no table with a column `conversation` is missing here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import DateTime, and_, column, delete, inspect, select, table, text
from sqlalchemy.engine import Connection, Row

from clinic.cipher import Cipher
from clinic.errors import SealError

Kept = Literal["transcripts", "drafts", "requests"]


@dataclass(frozen=True)
class Belonging:
    """A table: how long its rows are kept, the column with their time (`seconds`: since 1970), and
    which rows may go while the conversation still goes on.
    """

    table: str
    kept: Kept
    time: str
    seconds: bool = False
    free: str = "1 = 1"
    # A table without the column `conversation` names the one that it hangs on: (column, table).
    hangs_on: tuple[str, str] | None = None


ALL = (
    Belonging("turns", "transcripts", "written_at"),
    # A message that is being answered still needs its row; so does a patient's door to the reply.
    Belonging("inbox", "transcripts", "received_at", free="state = 'done'"),
    Belonging("website_lines", "drafts", "time"),
    Belonging("website_feedback", "transcripts", "at"),
    Belonging("website_sessions", "transcripts", "begun_at", free="1 = 0"),
    Belonging("requests", "requests", "created_at"),
    Belonging("notes", "requests", "created_at"),
    Belonging("contact_book", "transcripts", "created_at"),
    Belonging("whatsapp_queue", "drafts", "created_at"),
    Belonging("whatsapp_statuses", "transcripts", "created_at"),
    Belonging("whatsapp_ids", "transcripts", "heard_at", seconds=True, free="1 = 0"),
    Belonging("whatsapp_patients", "transcripts", "heard_at", seconds=True, free="1 = 0"),
)


def present(connection: Connection) -> list[Belonging]:
    """The tables that this database has."""
    there = set(inspect(connection).get_table_names())
    return [one for one in ALL if one.table in there]


def of(belonging: Belonging, conversation: str) -> Any:
    """The condition that a row is of a conversation."""
    if belonging.hangs_on is None:
        return column("conversation") == conversation
    name, other = belonging.hangs_on
    owner = select(column(name)).select_from(table(other, column(name), column("conversation")))
    return column(name).in_(owner.where(column("conversation") == conversation))


def before(belonging: Belonging, moment: datetime) -> Any:
    """The condition that a row is not younger than a moment."""
    if belonging.seconds:
        return column(belonging.time) <= moment.timestamp()
    return column(belonging.time, DateTime(timezone=True)) <= moment


def delete_rows(connection: Connection, belonging: Belonging, *conditions: Any) -> int:
    """Delete the rows that fulfil all conditions; returns how many."""
    rows = delete(table(belonging.table)).where(and_(*conditions))
    return int(connection.execute(rows).rowcount)


def delete_all(connection: Connection, conversation: str) -> int:
    """Delete everything of a conversation."""
    return sum(
        delete_rows(connection, one, of(one, conversation)) for one in _hanging_first(connection)
    )


def delete_free(connection: Connection, conversation: str) -> int:
    """Delete what can go while the conversation waits for a reply."""
    return sum(
        delete_rows(connection, one, of(one, conversation), text(one.free))
        for one in _hanging_first(connection)
    )


def delete_older(connection: Connection, conversation: str, moment: datetime) -> int:
    """Delete what was there at a moment, of a conversation that has gone on since."""
    return sum(
        delete_rows(connection, one, of(one, conversation), before(one, moment))
        for one in _hanging_first(connection)
    )


def _hanging_first(connection: Connection) -> list[Belonging]:
    """What hangs on another table goes before that."""
    return sorted(present(connection), key=lambda one: one.hangs_on is None)


def rows_of(connection: Connection, conversation: str, cipher: Cipher) -> dict[str, Any]:
    """Everything that is held of a conversation, in clear: table -> its rows."""
    held = {}
    for one in present(connection):
        query = select(text("*")).select_from(table(one.table)).where(of(one, conversation))
        rows = connection.execute(query).all()
        if rows:
            held[one.table] = [dict(_in_clear(row, cipher)) for row in rows]
    return held


def _in_clear(row: "Row[Any]", cipher: Cipher) -> Iterator[tuple[str, Any]]:
    for name, value in row._mapping.items():
        yield name, _unsealed(value, cipher)


def _unsealed(value: Any, cipher: Cipher) -> Any:
    # What a Fernet key has sealed begins so.
    if not (isinstance(value, str) and value.startswith("gAAAA")):
        return value if isinstance(value, int | float | bool | None) else str(value)
    try:
        return cipher.unseal(value)
    except SealError:
        return value


def count(connection: Connection, conversation: str, tables: Sequence[str]) -> int:
    """How many rows of some tables belong to a conversation."""
    chosen = [one for one in present(connection) if one.table in tables]
    return sum(
        len(
            connection.execute(
                select(text("1")).select_from(table(one.table)).where(of(one, conversation))
            ).all()
        )
        for one in chosen
    )
