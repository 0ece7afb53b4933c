"""One turn of a conversation at a time across processes and machines: advisory locks of PostgreSQL.

PostgreSQL queues those who wait in the order they came, wakes the next one at once, and frees the
locks of a process that dies. Should its connection break in the middle of a turn, the number of the
turn, unique in its conversation, still lets one write through (clinic/kept_turns.py).
"""

import asyncio
import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import AsyncGenerator, Callable, Optional

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

log = logging.getLogger(__name__)

# Conversations of one process that wait for another process at once; each holds a connection.
WAITERS = 8
# Milliseconds that one waits: longer than any patient does (clinic/conversations/turn.py).
LONGEST = 15_000

Release = Callable[[], None]


class SharedLocks:
    """The locks that this process holds.

    Nearly all are free when asked for, because the proxy sends a conversation to one process: those
    share one connection. Only who must wait has one alone.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.connection: Optional[Connection] = None
        self.first_try = ThreadPoolExecutor(1, "locks")
        self.waiters = ThreadPoolExecutor(WAITERS, "waiting-locks")

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncGenerator[None, None]:
        """Wait until no other process has a turn of this conversation; raises sqlalchemy's errors
        when the database cannot be asked.
        """
        key = key_of(conversation)
        release = await _kept_or_released(self.first_try, self._take_free, key)
        if release:
            executor = self.first_try
        else:
            executor = self.waiters
            release = await _kept_or_released(self.waiters, self._wait, key)
        try:
            yield
        finally:
            if release:
                executor.submit(release)

    def _take_free(self, key: int) -> Optional[Release]:
        """Take a lock that nobody holds or waits for; None when somebody does."""
        try:
            connection = self._shared_connection()
            taken = self._try(connection, key)
        except OperationalError:
            # The server went away while nothing was asked of it: once more, on a fresh connection.
            connection = self._shared_connection()
            taken = self._try(connection, key)
        return (lambda: self._free(connection, key)) if taken else None

    def _try(self, connection: Connection, key: int) -> bool:
        try:
            query = text("SELECT pg_try_advisory_lock(:key)")
            return bool(connection.execute(query, {"key": key}).scalar())
        except Exception:
            self._close(connection)
            raise

    def _wait(self, key: int) -> Release:
        """Stand in PostgreSQL's queue, with a connection of one's own."""
        connection = self._open()
        try:
            connection.exec_driver_sql(f"SET statement_timeout = {LONGEST}; SET lock_timeout = 0")
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        except Exception:
            connection.close()
            raise

        def release() -> None:
            connection.close()

        return release

    def _shared_connection(self) -> Connection:
        if self.connection is None or self.connection.closed or self.connection.invalidated:
            self.connection = self._open()
        return self.connection

    def _open(self) -> Connection:
        """A connection outside the pool: closing it ends it, and frees all that it holds."""
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        return connection

    def _free(self, connection: Connection, key: int) -> None:
        try:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
        except Exception as error:
            # A lock must never stay: without its connection it is gone.
            log.error("a lock could not be freed: %s", type(error).__name__)
            self._close(connection)

    def _close(self, connection: Connection) -> None:
        if self.connection is connection:
            self.connection = None
        try:
            connection.close()
        except Exception as error:
            log.error("a connection could not be closed: %s", type(error).__name__)


def key_of(conversation: str) -> int:
    """The number that stands for a conversation: 64 bits."""
    digest = hashlib.sha256(b"turn " + conversation.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


async def _kept_or_released(
    executor: ThreadPoolExecutor, take: Callable[[int], Optional[Release]], key: int
) -> Optional[Release]:
    """Take a lock in a thread; one that comes after the patient was told to try again is freed."""
    taking = asyncio.get_running_loop().run_in_executor(executor, take, key)
    try:
        return await asyncio.shield(taking)
    except asyncio.CancelledError:
        taking.add_done_callback(lambda late: _release_late(executor, late))
        raise


def _release_late(executor: ThreadPoolExecutor, late: "asyncio.Future[Optional[Release]]") -> None:
    if not late.cancelled() and not late.exception() and (release := late.result()):
        executor.submit(release)
