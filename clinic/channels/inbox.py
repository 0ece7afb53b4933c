"""Every message that a channel takes in: stored once, worked on in order, finished with its
replies.

A message is `waiting`, then `claimed` by one process for a while, then `done`. A claim that is not
renewed ends by itself, so what a dead process held is taken up by another one.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    case,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Connection, Engine

from clinic.cipher import Cipher
from clinic.clock import utc_now
from clinic.database import insert_new, metadata, one_at_a_time

# How long a claim holds unless it is renewed: what a process that was killed held waits so long.
LEASE = timedelta(seconds=20)

table = Table(
    "inbox",
    metadata,
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("channel", String(20), nullable=False),
    Column("message_id", String(255), nullable=False),
    Column("conversation", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("state", String(10), nullable=False),
    Column("claim", String(32)),
    Column("claimed_until", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False),
    Column("replies", Text),
    # When the patient wrote it, where the channel knows: deliveries may overtake each other.
    Column("written_at", DateTime(timezone=True)),
    UniqueConstraint("channel", "message_id"),
    Index("inbox_order", "conversation", "number"),
    Index("inbox_state", "channel", "state"),
    sqlite_autoincrement=True,
)
columns = table.c

Replies = list[dict[str, Any]]
# What a channel keeps of its own in the transaction that stores or finishes a message.
Also = Callable[[Connection], None]


@dataclass(frozen=True)
class Incoming:
    """A message of a patient; `written_at` is set where messages may come in another order than
    they were written, `claim` and `attempt` by `Inbox.claim`.
    """

    channel: str
    message_id: str
    conversation: str
    text: str
    metadata: dict[str, Any] = field(default_factory=dict)
    written_at: datetime | None = None
    claim: str = ""
    attempt: int = 0


class Inbox:
    """The messages of all channels; every method is one transaction and may block for a moment.
    `settle` is how long a message waits for one that was written before it and still on its way.
    """

    def __init__(
        self,
        engine: Engine,
        cipher: Cipher,
        now: Callable[[], datetime] = utc_now,
        *,
        settle: timedelta = timedelta(),
    ) -> None:
        self.engine, self.cipher, self.now, self.settle = engine, cipher, now, settle

    def take_in(self, messages: Sequence[Incoming], also: Also | None = None) -> list[bool]:
        """Store messages in their order, all or none; False for each that was there already. `also`
        writes in the same transaction.
        """
        with self.engine.begin() as connection:
            stored = [self._store(connection, message) for message in messages]
            if also:
                also(connection)
        return stored

    def claim(self, conversation: str) -> Incoming | None:
        """The oldest unfinished message of a conversation, to be worked on by the caller alone;
        None when there is none, when it has not settled, or when one is claimed by somebody.
        """
        now, claim = self.now(), secrets.token_hex(16)
        oldest = (
            select(columns.number)
            .where(columns.conversation == conversation, columns.state != "done")
            # What was begun comes first: one that was written earlier may have come meanwhile.
            .order_by(
                case((columns.state == "claimed", 0), else_=1),
                func.coalesce(columns.written_at, columns.received_at),
                columns.number,
            )
            .limit(1)
        )
        settled = and_(columns.state == "waiting", not_(self._unsettled(now)))
        free = or_(settled, columns.claimed_until < now)
        with self.engine.begin() as connection:
            one_at_a_time(connection, conversation)
            taken = connection.execute(
                update(table)
                .where(columns.number == oldest.scalar_subquery(), columns.state != "done", free)
                .values(
                    state="claimed",
                    claim=claim,
                    claimed_until=now + LEASE,
                    attempts=columns.attempts + 1,
                )
            )
            if not taken.rowcount:
                return None
            row = connection.execute(select(table).where(columns.claim == claim)).one()
        return self._incoming(row)

    def renew(self, incoming: Incoming) -> bool:
        """Hold a claim for another while; False when it was lost."""
        with self.engine.begin() as connection:
            held = connection.execute(
                update(table).where(_held(incoming)).values(claimed_until=self.now() + LEASE)
            )
        return bool(held.rowcount)

    def finish(self, incoming: Incoming, replies: Replies, also: Also | None = None) -> bool:
        """Keep the replies and be done, in one transaction with what `also` writes; False, and
        nothing is kept, when the claim was lost or the message deleted.
        """
        with self.engine.begin() as connection:
            held = connection.execute(
                update(table)
                .where(_held(incoming))
                .values(state="done", claim=None, replies=self.cipher.seal(replies))
            )
            if held.rowcount and also:
                also(connection)
        return bool(held.rowcount)

    def unfinished(self, channel: str) -> list[str]:
        """The conversations of a channel that have work left, the longest waiting first."""
        query = (
            select(columns.conversation)
            .where(columns.channel == channel, columns.state != "done")
            .group_by(columns.conversation)
            .order_by(func.min(columns.number))
        )
        return [row.conversation for row in self._read(query)]

    def is_working(self, conversation: str) -> bool:
        """Whether a message of a conversation still waits for its reply."""
        query = select(columns.number).where(
            columns.conversation == conversation, columns.state != "done"
        )
        return bool(self._read(query.limit(1)))

    def replies(self, channel: str, message_id: str) -> Replies | None:
        """What was replied to a message; None while it is unfinished or when it is not there."""
        query = select(columns.replies).where(
            columns.channel == channel, columns.message_id == message_id, columns.state == "done"
        )
        rows = self._read(query)
        return self.cipher.unseal(rows[0].replies) if rows else None

    def _unsettled(self, now: datetime) -> Any:
        """Came a moment ago; a time ahead of ours is of a clock that was set back."""
        return and_(columns.received_at > now - self.settle, columns.received_at <= now)

    def _read(self, query: Any) -> list[Any]:
        with self.engine.connect().execution_options(reads_only=True) as connection:
            return list(connection.execute(query))

    def _store(self, connection: Connection, message: Incoming) -> bool:
        values = {
            "channel": message.channel,
            "message_id": message.message_id,
            "conversation": message.conversation,
            "body": self.cipher.seal({"text": message.text, "metadata": message.metadata}),
            "received_at": self.now(),
            "written_at": message.written_at,
            "state": "waiting",
            "attempts": 0,
        }
        return insert_new(connection, table, values)

    def _incoming(self, row: Any) -> Incoming:
        message = Incoming(
            row.channel, row.message_id, row.conversation, **self.cipher.unseal(row.body)
        )
        return replace(message, claim=row.claim, attempt=row.attempts)


def _held(incoming: Incoming) -> Any:
    """The row of a message as long as its claim is held."""
    return and_(
        columns.channel == incoming.channel,
        columns.message_id == incoming.message_id,
        columns.claim == incoming.claim,
        columns.state == "claimed",
    )
