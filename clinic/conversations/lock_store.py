"""One message of a patient at a time, first in, first out.

Rasa's own store polls once a second and lets go after 60 s (its own 4 quick messages start after 0,
1, 2 and 3 s).
"""

import asyncio
from contextlib import asynccontextmanager
from typing import AsyncGenerator, Dict

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig

from clinic.conversations.rasa_cures import apply_cures


class InOrderLockStore(LockStore):
    """Locks of one process; asyncio.Lock wakes its waiters in the order they came, and nothing
    expires.

    endpoints.yml names this class, so Rasa builds it in `rasa run` and `rasa shell` alike, before
    the first message: the one place where the cures can be applied for both.
    """

    def __init__(self, endpoint_config: EndpointConfig) -> None:
        apply_cures()
        self.locks: Dict[str, asyncio.Lock] = {}
        self.waiting: Dict[str, int] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncGenerator[TicketLock, None]:
        """Wait for this patient's turn; the times that Rasa's interface names are not needed."""
        lock = self.locks.setdefault(conversation_id, asyncio.Lock())
        self.waiting[conversation_id] = self.waiting.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield TicketLock(conversation_id)
        finally:
            self._leave(conversation_id)

    def _leave(self, conversation_id: str) -> None:
        """Forget the lock of a patient for whom nobody waits."""
        self.waiting[conversation_id] -= 1
        if not self.waiting[conversation_id]:
            del self.waiting[conversation_id], self.locks[conversation_id]
