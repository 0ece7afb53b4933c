"""Who a patient is to the window: a random number that only this server can sign, and nothing
else.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, DateTime, Integer, String, Table, insert, select, update
from sqlalchemy.engine import Connection, Engine

from clinic.database import metadata

# How long a session can be resumed after the window last began or resumed it.
KEPT = timedelta(hours=24)
TOKEN = re.compile(r"v1\.([0-9a-f]{32})\.([0-9]{1,12})\.([A-Za-z0-9_-]{43})")

table = Table(
    "website_sessions",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    # Why it is over: restarted; no value while it goes on.
    Column("ended", String(12)),
    # The number of the newest line.
    Column("last", Integer, nullable=False),
)


@dataclass(frozen=True)
class Session:
    """A patient's window: the secret number, and what is derived from it."""

    number: str

    @property
    def conversation(self) -> str:
        """What Rasa and the tables call it; it does not lead back to the number."""
        return f"web-{_digest('conversation', self.number)}"

    @property
    def name(self) -> str:
        """What the window may know it by."""
        return _digest("name", self.number)[:16]


class Signer:
    """Signs sessions with a key derived from the newest CLINIC_KEY, and reads what any of them
    signed: so keys are changed without a pause.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = [_derived(key) for key in keys]

    def sign(self, session: Session, until: datetime) -> str:
        """A token that names the session until then."""
        named = f"v1.{session.number}.{int(until.timestamp())}"
        return f"{named}.{_signature(self.keys[0], named)}"

    def read(self, token: str, now: datetime) -> Session | None:
        """The session of a token; None when it is forged or its time is over."""
        found = TOKEN.fullmatch(token)
        if not found:
            return None
        number, until, signature = found.groups()
        named = token.rpartition(".")[0]
        # Every key is tried, so that the time taken tells nothing of them.
        right = [hmac.compare_digest(_signature(key, named), signature) for key in self.keys]
        return Session(number) if any(right) and int(until) > now.timestamp() else None


class Sessions:
    """The sessions that the database holds; every method may block for a moment."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self.engine, self.now = engine, now

    def begin(self) -> Session:
        """A new one, 128 bits of it random."""
        session = Session(secrets.token_hex(16))
        with self.engine.begin() as connection:
            connection.execute(
                insert(table).values(conversation=session.conversation, begun_at=self.now(), last=0)
            )
        return session

    def restart(self, session: Session) -> Session:
        """End one, and begin another."""
        with self.engine.begin() as connection:
            connection.execute(
                update(table)
                .where(table.c.conversation == session.conversation)
                .values(ended="restarted")
            )
        return self.begin()

    def ended(self, conversation: str) -> str | None:
        """Why a session is over: restarted, or forgotten; None while it goes on."""
        query = select(table.c.ended).where(table.c.conversation == conversation)
        with self.engine.connect().execution_options(reads_only=True) as connection:
            row = connection.execute(query).one_or_none()
        return "forgotten" if row is None else row.ended

    def last(self, conversation: str) -> int:
        """The number of the newest line."""
        query = select(table.c.last).where(table.c.conversation == conversation)
        with self.engine.connect().execution_options(reads_only=True) as connection:
            return connection.execute(query).scalar() or 0


def number_lines(connection: Connection, conversation: str, count: int) -> int | None:
    """Set numbers aside for new lines; returns the first, or None when the session was deleted. The
    row stays locked until the transaction ends, so that lines become visible in their order.
    """
    here = table.c.conversation == conversation
    if not connection.execute(update(table).where(here).values(last=table.c.last + count)).rowcount:
        return None
    last: int = connection.execute(select(table.c.last).where(here)).scalar_one()
    return last - count + 1


def _digest(purpose: str, number: str) -> str:
    return hashlib.sha256(f"{purpose}:{number}".encode()).hexdigest()[:32]


def _derived(key: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"website session").derive(key.encode())


def _signature(key: bytes, named: str) -> str:
    digest = hmac.digest(key, named.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
