"""The telephone number that a patient writes from, so that the booking form can offer it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Column, DateTime, String, Table, Text, delete, select
from sqlalchemy.engine import Connection, Engine

from clinic.cipher import Cipher
from clinic.clock import utc_now
from clinic.database import metadata, put

table = Table(
    "contact_book",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)


class ContactBook:
    """Conversation -> number in international form (+447400123456); channels write, the form
    reads.
    """

    def __init__(
        self, engine: Engine, cipher: Cipher, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.engine, self.cipher, self.now = engine, cipher, now

    def remember(self, conversation: str, number: str) -> None:
        """Keep the number in use; a newer one takes its place."""
        with self.engine.begin() as connection:
            self.write(connection, conversation, number)

    def write(self, connection: Connection, conversation: str, number: str) -> None:
        """The same, within a transaction of the caller."""
        values = {"sealed": self.cipher.seal(number), "created_at": self.now()}
        put(connection, table, {"conversation": conversation, **values})

    def number(self, conversation: str) -> str | None:
        """The number that a patient writes from; None where the channel does not know it."""
        query = select(table.c.sealed).where(table.c.conversation == conversation)
        with self.engine.connect().execution_options(reads_only=True) as connection:
            sealed = connection.execute(query).scalar()
        return str(self.cipher.unseal(sealed)) if sealed else None

    def forget(self, conversation: str) -> None:
        """Remove the number of a patient."""
        with self.engine.begin() as connection:
            self.erase(connection, conversation)

    def erase(self, connection: Connection, conversation: str) -> None:
        """The same, within a transaction of the caller."""
        connection.execute(delete(table).where(table.c.conversation == conversation))
