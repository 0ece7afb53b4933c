"""What patients have asked for their data: to be forgotten, or told what is held; each with its
reference.

An order to forget is carried out in three steps. At once: all that can go while the patient still
waits for the reply. At the end of the turn: what Rasa would write about it (KeptTurns asks `due`).
Some minutes later: what the reply itself needed, and whatever a step before did not reach.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    String,
    Table,
    bindparam,
    column,
    insert,
    select,
    table,
    update,
)
from sqlalchemy.engine import Connection, Engine

from clinic.cipher import Cipher
from clinic.clock import utc_now
from clinic.database import metadata
from clinic.errors import NothingHeldError
from clinic.privacy import belongings
from clinic.privacy.team import tell_team
from clinic.reference import new_reference

FORGET, TELL, STOP = "forget", "tell", "stop"
# How long the reply may take to reach the patient, and a turn to end.
SETTLED = timedelta(minutes=10)

orders = Table(
    "privacy_orders",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("kind", String(10), nullable=False),
    # The conversation's random id; empty once the order is done.
    Column("conversation", String(64), index=True),
    Column("asked_at", DateTime(timezone=True), nullable=False, index=True),
    # When the turn that gave the order was over.
    Column("turn_over_at", DateTime(timezone=True)),
    Column("done_at", DateTime(timezone=True)),
)
columns = orders.c
# Tried at the end of each turn: building a statement takes as long as carrying it out.
TURN_OVER = (
    update(orders)
    .where(
        columns.kind == FORGET,
        columns.conversation == bindparam("ended"),
        columns.turn_over_at.is_(None),
    )
    .values(turn_over_at=bindparam("at"))
)


@dataclass(frozen=True)
class Held:
    """What is held of a conversation, counted."""

    messages: int
    requests: int


class Orders:
    """The patients' orders; every method is one transaction and may block for a moment."""

    def __init__(
        self, engine: Engine, cipher: Cipher, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.engine, self.cipher, self.now = engine, cipher, now

    def forget(self, conversation: str) -> str:
        """Begin to forget a conversation; returns the order's reference."""
        with self.engine.begin() as connection:
            reference = self._order_to_forget(connection, conversation)
            belongings.delete_free(connection, conversation)
        return reference

    def forget_at_once(self, conversation: str) -> str:
        """Forget everything of a conversation that waits for no reply; returns the order's
        reference. A turn that still runs keeps nothing.
        """
        with self.engine.begin() as connection:
            reference = self._order_to_forget(connection, conversation)
            belongings.delete_all(connection, conversation)
        return reference

    def tell(self, conversation: str) -> tuple[str, Held]:
        """What is held, and a reference by which staff can show all of it."""
        with self.engine.begin() as connection:
            messages = belongings.count(connection, conversation, ["turns"])
            requests = belongings.count(connection, conversation, ["requests"])
            return self._order(connection, TELL, conversation), Held(messages, requests)

    def stop(self, conversation: str) -> str:
        """Note that the patient wants to hear no more."""
        with self.engine.begin() as connection:
            return self._order(connection, STOP, conversation)

    def forget_by(self, reference: str) -> int:
        """Forget the conversation that a reference leads to, at once; returns how many rows went.
        Raises NothingHeldError for an unknown reference.
        """
        with self._found(reference) as (connection, conversation):
            self._order_to_forget(connection, conversation)
            return belongings.delete_all(connection, conversation)

    def export_by(self, reference: str) -> dict[str, Any]:
        """Everything held of the conversation that a reference leads to, in clear. Raises
        NothingHeldError.
        """
        with self._found(reference) as (connection, conversation):
            return belongings.rows_of(connection, conversation, self.cipher)

    def settle(self) -> int:
        """The last step of each order to forget whose turn is over; returns how many were done."""
        with self.engine.begin() as connection:
            due = select(orders).where(
                columns.kind == FORGET,
                columns.done_at.is_(None),
                columns.asked_at <= self.now() - SETTLED,
            )
            found = connection.execute(due).all()
            for order in found:
                self._settle(connection, order)
        return len(found)

    def _settle(self, connection: Connection, order: Any) -> None:
        over = order.turn_over_at or order.asked_at
        if goes_on(connection, order.conversation, over):
            belongings.delete_older(connection, order.conversation, order.asked_at)
        else:
            belongings.delete_all(connection, order.conversation)
        done = {"done_at": self.now(), "turn_over_at": over}
        here = columns.reference == order.reference
        connection.execute(update(orders).where(here).values(done))
        # Whatever else was wished before leads nowhere any more.
        earlier = columns.conversation == order.conversation, columns.asked_at <= order.asked_at
        connection.execute(update(orders).where(*earlier).values(conversation=None))

    def _order_to_forget(self, connection: Connection, conversation: str) -> str:
        """The team is told first: afterwards nobody knows any more what they have."""
        reference = self._order(connection, FORGET, conversation)
        tell_team(connection, conversation, reference, self.cipher, self.now())
        return reference

    def _order(self, connection: Connection, kind: str, conversation: str) -> str:
        reference = new_reference()
        taken = select(columns.reference).where(columns.reference == reference)
        while connection.execute(taken).first():
            reference = new_reference()
            taken = select(columns.reference).where(columns.reference == reference)
        values = {"reference": reference, "kind": kind, "conversation": conversation}
        connection.execute(insert(orders).values(**values, asked_at=self.now()))
        return reference

    @contextmanager
    def _found(self, reference: str) -> Iterator[tuple[Connection, str]]:
        with self.engine.begin() as connection:
            for name in ("privacy_orders", "requests"):
                if conversation := _owner(connection, name, reference):
                    yield connection, conversation
                    return
            raise NothingHeldError(f"nothing is held under {reference}")


def _owner(connection: Connection, name: str, reference: str) -> str | None:
    if name != orders.name and name not in {one.table for one in belongings.present(connection)}:
        return None
    query = select(column("conversation")).select_from(table(name))
    found = connection.execute(query.where(column("reference") == reference)).scalar()
    return str(found) if found else None


def goes_on(connection: Connection, conversation: str, since: datetime) -> bool:
    """Whether a turn of a conversation was kept after a moment."""
    turns = table("turns", column("conversation"), column("written_at", DateTime(timezone=True)))
    query = select(turns.c.conversation).where(
        turns.c.conversation == conversation, turns.c.written_at > since
    )
    return connection.execute(query).first() is not None


def due(connection: Connection, conversation: str) -> bool:
    """Whether the turn that ends now was the one that ordered to forget; asked once, inside the
    write at its end, it forgets whatever was written meanwhile.
    """
    which = {"ended": conversation, "at": utc_now()}
    if not connection.execute(TURN_OVER, which).rowcount:
        return False
    belongings.delete_free(connection, conversation)
    return True
