"""Carries out what is due for patients' data while the bot runs: orders to forget every few
minutes, the purge once a day.
"""

import logging
import threading
from collections.abc import Callable

from clinic.cipher import Cipher
from clinic.database import open_database
from clinic.logs import kind, place
from clinic.privacy.orders import Orders
from clinic.privacy.retention import retention
from clinic.settings import Settings

log = logging.getLogger(__name__)

# Seconds between looks at the orders to forget, and between purges; the first purge comes with the
# first look, so that a bot that is restarted every day purges too.
LOOK, PURGE = 300.0, 86_400.0


class Keeping:
    """Does it in a thread of its own, again and again."""

    def __init__(self, settle: Callable[[], object], purge: Callable[[], object]) -> None:
        self.settle, self.purge = settle, purge
        self.stop = threading.Event()

    def run(self, look: float = LOOK, between: float = PURGE) -> None:
        """Until it is stopped; what fails is tried again at the next look."""
        since_purge = between
        while not self.stop.is_set():
            if self._done(self.settle) and since_purge >= between and self._done(self.purge):
                since_purge = 0.0
            since_purge += look
            self.stop.wait(look)

    def _done(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except Exception as error:
            # The database may be away; its errors may hold values, so only their kind is told.
            log.error("patients' data were not purged: %s at %s", kind(error), place(error))
            return False
        return True


def start_keeping(settings: Settings) -> Keeping:
    """Begin; set `stop` to end it."""
    engine, cipher = open_database(settings.database), Cipher(settings.keys)
    keeping = Keeping(Orders(engine, cipher).settle, retention(settings, engine, cipher).purge)
    threading.Thread(target=keeping.run, daemon=True).start()
    return keeping
