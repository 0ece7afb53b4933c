"""One message of a patient at a time, first in, first out.

Rasa's own store polls once a second and lets go after 60 s (its own 4 quick messages start after 0,
1, 2 and 3 s); its store for several processes gives two of them the same ticket.
"""

import asyncio
from contextlib import asynccontextmanager, nullcontext
from typing import AsyncContextManager, AsyncGenerator, Dict, Optional

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from clinic.conversations.rasa_cures import apply_cures
from clinic.conversations.shared_locks import SharedLocks
from clinic.desk import desk


class InOrderLockStore(LockStore):
    """Within a process, asyncio.Lock wakes its waiters in the order they came, and nothing expires.
    With PostgreSQL, a lock there keeps other processes out; a SQLite file has one process.

    endpoints.yml names this class, so Rasa builds it in `rasa run` and `rasa shell` alike, before
    the first message: the one place where the cures can be applied for both.
    """

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        apply_cures()
        self.locks: Dict[str, asyncio.Lock] = {}
        self.waiting: Dict[str, int] = {}
        engine = desk().database
        self.shared: Optional[SharedLocks] = (
            SharedLocks(engine) if engine.dialect.name == "postgresql" else None
        )

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncGenerator[TicketLock, None]:
        """Wait for this patient's turn; the times that Rasa's interface names are not needed."""
        lock = self.locks.setdefault(conversation_id, asyncio.Lock())
        self.waiting[conversation_id] = self.waiting.get(conversation_id, 0) + 1
        try:
            async with lock, self._across_processes(conversation_id):
                yield TicketLock(conversation_id)
        finally:
            self._leave(conversation_id)

    def _across_processes(self, conversation_id: str) -> AsyncContextManager[None]:
        return self.shared.hold(conversation_id) if self.shared else nullcontext()

    def _leave(self, conversation_id: str) -> None:
        """Forget the lock of a patient for whom nobody waits."""
        self.waiting[conversation_id] -= 1
        if not self.waiting[conversation_id]:
            del self.waiting[conversation_id], self.locks[conversation_id]
