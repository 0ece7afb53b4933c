"""What was said in each conversation, a row for each turn, sealed; Rasa's tracker store reads and
writes it, and nothing here knows Rasa.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from clinic.cipher import Cipher
from clinic.clock import utc_now
from clinic.database import metadata

turns = Table(
    "turns",
    metadata,
    Column("conversation", Text, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("opens_session", Boolean, nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False, index=True),
    Column("sealed", Text, nullable=False),
)

# Asked in each turn: building a statement takes as long as carrying it out.
LATEST = (
    select(turns)
    .where(turns.c.conversation == bindparam("conversation"))
    .order_by(turns.c.n.desc())
    .limit(bindparam("limit"))
)
ADD = insert(turns)


@dataclass(frozen=True)
class KeptTurn:
    """One turn: its number in the conversation, what held before it (slots and the like), and its
    events as Rasa writes them.
    """

    n: int
    opens_session: bool
    before: dict[str, Any]
    events: list[dict[str, Any]]


def never(connection: Connection, conversation: str) -> bool:
    """No conversation is to be forgotten."""
    return False


class KeptTurns:
    """The turns of all conversations.

    `forget_ordered` is asked inside each write: where it says yes, the conversation's turns are
    deleted and the new one is not written. A patient's order to forget is carried out during a turn
    that Rasa saves afterwards.
    """

    def __init__(
        self,
        engine: Engine,
        cipher: Cipher,
        forget_ordered: Callable[[Connection, str], bool] = never,
    ) -> None:
        self.engine = engine
        self.reading = engine.execution_options(reads_only=True)
        self.cipher = cipher
        self.forget_ordered = forget_ordered

    def latest(self, conversation: str, limit: int) -> list[KeptTurn]:
        """The last turns of the current session, oldest first; raises SealError or sqlalchemy's
        errors.
        """
        which = {"conversation": conversation, "limit": limit}
        found: list[KeptTurn] = []
        with self.reading.connect() as connection:
            rows = connection.execute(LATEST, which).all()
        for row in rows:
            found.insert(0, self._turn(row))
            if row.opens_session:
                break
        return found

    def all(self, conversation: str) -> list[KeptTurn]:
        """Every turn of a conversation, oldest first."""
        query = select(turns).where(turns.c.conversation == conversation).order_by(turns.c.n)
        with self.reading.connect() as connection:
            return [self._turn(row) for row in connection.execute(query).all()]

    def conversations(self) -> list[str]:
        """The id of every conversation of which something is kept."""
        with self.reading.connect() as connection:
            return list(connection.execute(select(turns.c.conversation).distinct()).scalars())

    def add(self, conversation: str, turn: KeptTurn) -> None:
        """Write a turn, or forget the conversation when that was ordered; raises IntegrityError
        when another process has written this turn.
        """
        row = {
            "conversation": conversation,
            "n": turn.n,
            "opens_session": turn.opens_session,
            "written_at": utc_now(),
            "sealed": self.cipher.seal({"before": turn.before, "events": turn.events}),
        }
        try:
            self._write(row)
        except OperationalError as error:
            if not error.connection_invalidated:
                raise
            # The server went away under us: one more try on a fresh connection.
            self._write_again(row)

    def _write(self, row: dict[str, Any]) -> None:
        with self.engine.begin() as connection:
            if self.forget_ordered(connection, row["conversation"]):
                connection.execute(delete(turns).where(turns.c.conversation == row["conversation"]))
            else:
                connection.execute(ADD, row)

    def _write_again(self, row: dict[str, Any]) -> None:
        """The first try may have been committed before the connection broke."""
        try:
            self._write(row)
        except IntegrityError:
            query = select(turns.c.sealed).where(
                turns.c.conversation == row["conversation"], turns.c.n == row["n"]
            )
            with self.reading.connect() as connection:
                if connection.execute(query).scalar() != row["sealed"]:
                    raise

    def _turn(self, row: Any) -> KeptTurn:
        kept = self.cipher.unseal(row.sealed)
        return KeptTurn(row.n, row.opens_session, kept["before"], kept["events"])
