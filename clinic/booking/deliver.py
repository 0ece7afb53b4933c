"""The delivery: takes the notes that are due to the team, one process or several at once."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from clinic.booking.outbox import Note, Outbox
from clinic.errors import ClinicError, DeliveryError
from clinic.logs import Shown, kind

log = logging.getLogger(__name__)

# Notes that are carried at the same time: a slow way must not hold up all others.
AT_ONCE = 4
# Seconds between looks, and between alarms.
LOOK, ALARM = 0.5, 30.0


class Way(Protocol):
    """A way to the team; `send` raises DeliveryError."""

    @property
    def way(self) -> str: ...

    def send(self, note: Note) -> None: ...


class Delivery:
    """Carries notes until it is told to stop."""

    def __init__(self, outbox: Outbox, ways: Sequence[Way]) -> None:
        self.outbox = outbox
        self.ways = {one.way: one for one in ways}
        self.stop = threading.Event()
        self.under_way: set[Future[None]] = set()

    def run(self) -> None:
        """Deliver what is due, again and again; what fails waits in the outbox."""
        since_alarm = ALARM
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while not self.stop.is_set():
                busy = self._take(pool)
                since_alarm += LOOK
                if since_alarm >= ALARM:
                    since_alarm = 0.0
                    self.alarm()
                self.stop.wait(0.01 if busy else LOOK)

    def _take(self, pool: ThreadPoolExecutor) -> bool:
        """Give one due note to the pool; whether there was one and there is room for more."""
        self.under_way = {one for one in self.under_way if not one.done()}
        if len(self.under_way) >= AT_ONCE:
            return False
        try:
            note = self.outbox.claim(tuple(self.ways))
        except SQLAlchemyError as error:
            # The database is away: the notes are in it, and wait.
            log.error("the outbox cannot be read: %s", kind(error))
            return False
        if note:
            self.under_way.add(pool.submit(self.carry, note))
        return note is not None

    def carry(self, note: Note) -> None:
        """One attempt, outside of any transaction: a slow server holds no lock of the database."""
        try:
            self._try(note)
        except (SQLAlchemyError, ClinicError) as error:
            # The claim ends by itself and the note is tried again, under the same id.
            log.error("%s: its state was not kept: %s", note.reference, kind(error))

    def _try(self, note: Note) -> None:
        try:
            self.ways[note.way].send(note)
        except DeliveryError as failure:
            log.error(
                "%s did not arrive by %s: %s", note.reference, Shown(note.way), Shown(failure)
            )
            self.outbox.failed(note, str(failure), tuple(self.ways), failure.gone)
            if failure.gone:
                self._off(note.way)
            return
        self.outbox.done(note)
        log.info("%s went to the team by %s", note.reference, Shown(note.way))

    def _off(self, way: str) -> None:
        """A way that says it is gone is not used again until the next start."""
        log.error("the way to the team by %s is gone: mend its setting", Shown(way))
        self.ways = {name: one for name, one in self.ways.items() if name != way}

    def alarm(self) -> None:
        """A line for staff when a note waits too long, or will not be tried again."""
        try:
            figures = self.outbox.figures()
        except SQLAlchemyError:
            return
        if figures.late or figures.dead:
            log.error(
                "ALARM: notes to the team older than 5 minutes: %d, given up: %d; "
                "`python -m clinic requests list` shows them",
                figures.late,
                figures.dead,
            )
