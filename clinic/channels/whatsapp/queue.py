"""The send queue: every message to a patient, kept until Meta has taken it, in order for each.

A row is `waiting`, then `sending` for a while, then `sent`; `held` while the window is closed;
`failed` when it cannot be sent, `dropped` after a STOP. Whoever dies while sending leaves a row
that may have been sent: the next try waits, and a status of Meta's for the row ends it.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.engine import Connection, Engine

from clinic.channels.whatsapp import tables
from clinic.channels.whatsapp.payload import Status, key_of
from clinic.channels.whatsapp.shapes import Shaped
from clinic.cipher import Cipher
from clinic.clock import utc_now
from clinic.database import insert_new

# Seconds that a row is held while it is sent; longer than Meta may take to answer.
LEASE = 30.0
queue, statuses = tables.queue, tables.statuses
REACHED_META = {"sent", "delivered", "read", "played"}


@dataclass(frozen=True)
class Row:
    """A message to send; `code` is the error that the last try met."""

    id: int
    key: str
    conversation: str
    source: str
    kind: str
    body: dict[str, Any]
    tries: int
    code: int | None


def new_key() -> str:
    """What begins the ids of a message's choices: random, so that nobody guesses one."""
    return secrets.token_hex(8)


class Queue:
    """The send queue; methods that take a connection are part of its transaction."""

    def __init__(self, engine: Engine, cipher: Cipher, now: Callable[[], float]) -> None:
        self.engine, self.cipher, self.now = engine, cipher, now

    def add(
        self,
        connection: Connection,
        conversation: str,
        source: str,
        messages: Sequence[Shaped],
        *,
        key: str,
        kind: str = "reply",
    ) -> None:
        """Keep the messages that answer a source, once."""
        for part, message in enumerate(messages):
            values = {
                "key": f"{key}-{part}" if part else key,
                "conversation": conversation,
                "source": source,
                "part": part,
                "kind": kind,
                "sealed": self.cipher.seal({"body": message.body, "words": message.words}),
                "state": "waiting",
                "due_at": self.now(),
                "claimed_until": 0.0,
                "tries": 0,
                "created_at": utc_now(),
            }
            insert_new(connection, queue, values)

    def claim(self, most: int = 20) -> list[Row]:
        """What is due: the oldest message of each conversation, for the caller alone."""
        now = self.now()
        oldest = (
            select(func.min(queue.c.id))
            .where(queue.c.state.in_(("waiting", "sending")))
            .group_by(queue.c.conversation)
        )
        free = or_(
            and_(queue.c.state == "waiting", queue.c.due_at <= now),
            and_(queue.c.state == "sending", queue.c.claimed_until < now),
        )
        due = select(queue.c.id).where(queue.c.id.in_(oldest), free).order_by(queue.c.id)
        if not self._read(due.limit(1)):
            return []
        claimed = []
        with self.engine.begin() as connection:
            for number in connection.execute(due.limit(most)).scalars().all():
                # Another process may claim at the same moment: one of the two gets the row.
                mine = update(queue).where(queue.c.id == number, free)
                mine = mine.values(
                    state="sending", claimed_until=now + LEASE, tries=queue.c.tries + 1
                )
                if connection.execute(mine).rowcount:
                    claimed.append(number)
            rows = connection.execute(select(queue).where(queue.c.id.in_(claimed))).all()
        return [self._row(row) for row in sorted(rows, key=lambda row: row.id)]

    def sent(self, row: Row, wamid: str) -> None:
        """Meta took it."""
        self._end(row, state="sent", code=None, sent_key=key_of(wamid))

    def later(self, row: Row, at: float, *, counts: bool = True) -> None:
        """Try again at a time; a wait that is no failure does not count as a try."""
        tries = row.tries if counts else row.tries - 1
        self._end(row, state="waiting", due_at=at, tries=tries, code=None)

    def end(self, row: Row, state: str, code: int | None = None) -> None:
        """It is held, failed or dropped."""
        self._end(row, state=state, code=code)

    def next_due(self) -> float | None:
        """When the next message is due."""
        waiting = select(func.min(queue.c.due_at)).where(queue.c.state == "waiting")
        sending = select(func.min(queue.c.claimed_until)).where(queue.c.state == "sending")
        times = [self._read(query)[0][0] for query in (waiting, sending)]
        return min((float(one) for one in times if one is not None), default=None)

    def words_of(self, conversation: str, choice: str) -> str | None:
        """The words that a tapped button or row stands for; None where we did not offer it to this
        patient.
        """
        key, _, number = choice.rpartition(".")
        query = select(queue.c.sealed).where(
            queue.c.key == key, queue.c.conversation == conversation
        )
        found = self._read(query)
        words = self.cipher.unseal(found[0].sealed)["words"] if found else []
        inside = number.isascii() and number.isdecimal() and len(number) < 3
        return str(words[int(number)]) if inside and int(number) < len(words) else None

    def status(self, connection: Connection, status: Status) -> None:
        """Keep a status once, and mend what the queue believes of its message."""
        message = key_of(status.wamid)
        its_row = or_(queue.c.key == status.row, queue.c.sent_key == message)
        row = connection.execute(select(queue).where(its_row)).first()
        values = {
            "message": message,
            "status": status.status,
            "conversation": row.conversation if row else None,
            "at": status.at,
            "code": status.code,
            "created_at": utc_now(),
        }
        if not insert_new(connection, statuses, values) or not row:
            return
        mine = update(queue).where(queue.c.id == row.id)
        if status.status in REACHED_META and row.state in ("waiting", "sending"):
            connection.execute(mine.values(state="sent", sent_key=message))
        its_last_try = row.sent_key in (None, message) and row.state != "dropped"
        if status.status == "failed" and its_last_try:
            # Meta took it and could not deliver it: the sender decides by the code.
            again = {"state": "waiting", "due_at": self.now(), "code": status.code or 0}
            connection.execute(mine.values(**again))

    def _end(self, row: Row, **values: Any) -> None:
        """Write what became of a row that is still ours."""
        with self.engine.begin() as connection:
            ours = (queue.c.id == row.id) & (queue.c.state == "sending")
            connection.execute(update(queue).where(ours).values(values))

    def _row(self, row: Any) -> Row:
        body = self.cipher.unseal(row.sealed)["body"]
        return Row(
            row.id, row.key, row.conversation, row.source, row.kind, body, row.tries, row.code
        )

    def _read(self, query: Any) -> list[Any]:
        with self.engine.connect().execution_options(reads_only=True) as connection:
            return list(connection.execute(query))
