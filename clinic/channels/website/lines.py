"""The lines of a conversation as the window shows them, numbered, encrypted; and its buttons.

A button reaches the window as an opaque name. The words that it stands for stay here, and only the
session that was offered it can turn the name into them.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    insert,
    select,
)
from sqlalchemy.engine import Connection, Engine

from clinic.channels.website.sessions import number_lines
from clinic.cipher import Cipher
from clinic.clock import utc
from clinic.database import metadata

# Lines that are sent at once: a longer history is asked for in parts.
AT_ONCE = 200

table = Table(
    "website_lines",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("role", String(10), nullable=False),
    Column("message", String(36)),
    Column("body", Text, nullable=False),
    Column("time", DateTime(timezone=True), nullable=False),
    Index("website_lines_message", "conversation", "message"),
)
columns = table.c


@dataclass(frozen=True)
class Lines:
    """The lines of all conversations; every method may block for a moment."""

    engine: Engine
    cipher: Cipher
    now: Callable[[], datetime]

    def add(
        self,
        connection: Connection,
        conversation: str,
        role: str,
        message: str,
        said: Sequence[dict[str, Any]],
    ) -> None:
        """Add what was said, within the caller's transaction; nothing when the session is gone."""
        first = number_lines(connection, conversation, len(said))
        if first is None:
            return
        for n, one in enumerate(said, start=first):
            body = self.cipher.seal(_with_named_buttons(one, n))
            values = {"conversation": conversation, "n": n, "role": role, "message": message}
            connection.execute(insert(table).values(**values, body=body, time=self.now()))

    def holds(self, connection: Connection, conversation: str, message: str) -> bool:
        """Whether a message of the patient has its line already."""
        query = select(columns.n).where(
            columns.conversation == conversation,
            columns.message == message,
            columns.role == "patient",
        )
        return connection.execute(query).first() is not None

    def after(self, conversation: str, n: int) -> list[dict[str, Any]]:
        """The lines with a higher number, oldest first, AT_ONCE of them at most."""
        return self._read(columns.conversation == conversation, columns.n > n)

    def of_message(self, conversation: str, message: str) -> list[dict[str, Any]]:
        """The patient's line, then the replies to it."""
        return self._read(columns.conversation == conversation, columns.message == message)

    def line(self, conversation: str, n: int) -> dict[str, Any] | None:
        """One line."""
        found = self._read(columns.conversation == conversation, columns.n == n)
        return found[0] if found else None

    def words(self, conversation: str, button: str) -> str | None:
        """The words that a button stands for; None when this conversation was not offered it."""
        n = button.partition("-")[0]
        # A longer number is none of ours, and more than a database's integer can hold.
        if not (n.isascii() and n.isdecimal() and len(n) < 10):
            return None
        for body in self._bodies(and_(columns.conversation == conversation, columns.n == int(n))):
            for named in _buttons(body):
                if named["id"] == button:
                    return str(named["words"])
        return None

    def _bodies(self, where: Any) -> list[dict[str, Any]]:
        with self.engine.connect().execution_options(reads_only=True) as connection:
            rows = connection.execute(select(columns.body).where(where)).all()
        return [self.cipher.unseal(row.body) for row in rows]

    def _read(self, *where: Any) -> list[dict[str, Any]]:
        query = select(table).where(*where).order_by(columns.n).limit(AT_ONCE)
        with self.engine.connect().execution_options(reads_only=True) as connection:
            rows = connection.execute(query).all()
        return [self._as_line(row) for row in rows]

    def _as_line(self, row: Any) -> dict[str, Any]:
        """A line as the window gets it: without the words behind its buttons."""
        body = self.cipher.unseal(row.body)
        for button in _buttons(body):
            del button["words"]
        return {
            "n": row.n,
            "role": row.role,
            "text": body["text"],
            "time": utc(row.time).isoformat(timespec="seconds"),
            "message": row.message,
            "buttons": body["buttons"],
            "show": body["show"],
        }


def _with_named_buttons(said: dict[str, Any], n: int) -> dict[str, Any]:
    """What an action said, each of its buttons with a name that nobody can guess."""
    show = said.get("show")
    if show and show.get("kind") == "check":
        show = {**show, "rows": [_with_named_change(row, n) for row in show.get("rows", [])]}
    buttons = [_named(one["title"], one["payload"], n) for one in said.get("buttons") or []]
    return {"text": said["text"], "buttons": buttons, "show": show}


def _with_named_change(row: dict[str, Any], n: int) -> dict[str, Any]:
    words = row.get("change")
    return {**row, "change": _named(words, words, n) if words else None}


def _named(title: str, words: str, n: int) -> dict[str, str]:
    return {"id": f"{n}-{secrets.token_urlsafe(9)}", "title": title, "words": words}


def _buttons(body: dict[str, Any]) -> list[dict[str, str]]:
    rows = (body["show"] or {}).get("rows", []) if _is_check(body) else []
    return [*body["buttons"], *(row["change"] for row in rows if row["change"])]


def _is_check(body: dict[str, Any]) -> bool:
    return bool(body["show"]) and body["show"].get("kind") == "check"
