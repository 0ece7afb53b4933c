"""The notes that wait for the team: claimed by one process at a time, tried again, never lost."""

import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, insert, or_, select, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.sql import ColumnElement

from clinic.booking.tables import notes
from clinic.cipher import Cipher
from clinic.clock import utc, utc_now

# When a note is tried: at once, and so long after each failure; then it is dead, and staff see it.
RETRIES = [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)]
RETRIES += [timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)]
# A fifth more or less, so that many notes do not come back in the same moment.
JITTER = 0.2
# After so many failures the other way is tried too.
OTHER_WAY_AFTER = 3
# How long a claim holds: longer than any attempt takes, so that a note of a dead process waits.
LEASE = timedelta(seconds=30)
# A note that waits longer is an alarm.
LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Note:
    """A note to the team, claimed for one attempt. `first` is the same at each attempt and on each
    way: whoever gets it twice knows it by that.
    """

    id: str
    reference: str
    kind: str
    way: str
    attempts: int
    created_at: datetime
    claim: str
    about: dict[str, Any]

    @property
    def first(self) -> str:
        return self.id.partition(".")[0]


@dataclass(frozen=True)
class Figures:
    """How the outbox stands: notes that wait, seconds that the oldest has waited, dead ones."""

    waiting: int
    oldest_seconds: float
    late: int
    dead: int


class Outbox:
    """The notes; every method is one transaction. Safe with several processes at work."""

    def __init__(
        self, engine: Engine, cipher: Cipher, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.engine, self.cipher, self.now = engine, cipher, now

    def claim(self, ways: Sequence[str]) -> Note | None:
        """The note that is due longest, for the caller alone; None when nothing is due."""
        if not ways or not self._anything_due(ways):
            return None
        now, claim = self.now(), secrets.token_hex(16)
        # SQLite lets one process write at a time; PostgreSQL passes over what another one took.
        due = select(notes).where(self._due(now, ways)).order_by(notes.c.due_at).limit(1)
        with self.engine.begin() as connection:
            row = connection.execute(due.with_for_update(skip_locked=True)).first()
            if not row:
                return None
            way = row.way or _first_way(row.kind, ways)
            new = {"state": "claimed", "claim": claim, "way": way, "handled_at": now}
            new |= {"due_at": now + LEASE}
            connection.execute(update(notes).where(notes.c.id == row.id).values(new))
        return self._note(row, way, claim)

    def _anything_due(self, ways: Sequence[str]) -> bool:
        """A look that waits for nobody and makes nobody wait."""
        with self.engine.connect().execution_options(reads_only=True) as connection:
            due = select(notes.c.id).where(self._due(self.now(), ways)).limit(1)
            return connection.execute(due).first() is not None

    def _due(self, now: datetime, ways: Sequence[str]) -> ColumnElement[bool]:
        """Due, or handled at a time that is still to come: then the clock was set back."""
        open_ones = notes.c.state.in_(("waiting", "claimed"))
        when = or_(notes.c.due_at <= now, notes.c.handled_at > now + timedelta(seconds=5))
        return and_(open_ones, notes.c.way.in_(("", *ways)), when)

    def done(self, note: Note) -> bool:
        """The team has it; False when the claim was lost meanwhile."""
        return self._finish(note, {"state": "done", "failure": ""})

    def failed(self, note: Note, why: str, ways: Sequence[str], gone: bool = False) -> bool:
        """It did not arrive: when it is tried again, and whether the other way is tried too. With
        `gone` this way will never take it.
        """
        attempts, now = note.attempts + 1, self.now()
        over = gone or attempts > len(RETRIES)
        wait = timedelta() if over else RETRIES[attempts - 1] * _jitter()
        new = {"state": "dead" if over else "waiting", "attempts": attempts, "due_at": now + wait}
        other = next((way for way in ways if way != note.way), None)
        also = other if other and (gone or attempts == OTHER_WAY_AFTER) else None
        return self._finish(note, {**new, "failure": why[:100]}, also)

    def _finish(self, note: Note, new: dict[str, Any], also: str | None = None) -> bool:
        mine = and_(notes.c.id == note.id, notes.c.claim == note.claim)
        new = {**new, "claim": None, "handled_at": self.now()}
        with self.engine.begin() as connection:
            held = connection.execute(update(notes).where(mine).values(new)).rowcount
            if held and also and note.id == note.first:
                self._try_also(connection, note, also)
        return bool(held)

    def _try_also(self, connection: Connection, note: Note, way: str) -> None:
        """The same note, on its other way, due now; once."""
        copy = f"{note.first}.{way}"
        if connection.execute(select(notes.c.id).where(notes.c.id == copy)).first():
            return
        row = connection.execute(select(notes).where(notes.c.id == note.id)).one()
        now = self.now()
        new = {**row._mapping, "id": copy, "key": copy, "way": way, "state": "waiting"}
        new |= {"attempts": 0, "due_at": now, "handled_at": now, "claim": None, "failure": ""}
        connection.execute(insert(notes).values(new))

    def again(self, reference: str) -> int:
        """Send the newest note of a request once more; how many are due now."""
        now = self.now()
        with self.engine.begin() as connection:
            newest = select(notes.c.id).where(notes.c.reference == reference)
            found = connection.execute(newest.order_by(notes.c.created_at.desc()).limit(1)).first()
            if not found:
                return 0
            new = {"state": "waiting", "attempts": 0, "due_at": now, "handled_at": now, "way": ""}
            new |= {"claim": None}
            change = update(notes).where(notes.c.id == found.id, notes.c.state != "waiting")
            connection.execute(change.values(new))
            return 1

    def of(self, reference: str) -> list[dict[str, Any]]:
        """The notes about a request, as staff see them: no word of the patient."""
        shown = ("id", "kind", "way", "state", "attempts", "created_at", "due_at", "failure")
        columns = [notes.c[name] for name in shown]
        wanted = select(*columns).where(notes.c.reference == reference).order_by(notes.c.created_at)
        with self.engine.connect().execution_options(reads_only=True) as connection:
            return [dict(row._mapping) for row in connection.execute(wanted)]

    def states(self) -> dict[str, str]:
        """For each reference, how its notes stand: sent as soon as the newest went either way."""
        wanted = select(notes.c.reference, notes.c.state, notes.c.created_at)
        wanted = wanted.order_by(notes.c.created_at)
        stands: dict[str, str] = {}
        with self.engine.connect().execution_options(reads_only=True) as connection:
            for reference, state, _ in connection.execute(wanted):
                stands[reference] = state
        return stands

    def figures(self) -> Figures:
        """How many notes wait, how long, and how many are dead; a note counts as arrived as soon as
        either way took it.
        """
        with self.engine.connect().execution_options(reads_only=True) as connection:
            rows = connection.execute(select(notes.c.id, notes.c.state, notes.c.created_at)).all()
        arrived = {row.id.partition(".")[0] for row in rows if row.state == "done"}
        missing = [row for row in rows if row.id.partition(".")[0] not in arrived]
        waiting = [row for row in missing if row.state in ("waiting", "claimed")]
        ages = [self.now() - utc(row.created_at) for row in waiting]
        oldest = max(ages, default=timedelta())
        late = sum(age > LATE for age in ages)
        dead = len(missing) - len(waiting)
        return Figures(len(waiting), max(oldest.total_seconds(), 0.0), late, dead)

    def _note(self, row: Row, way: str, claim: str) -> Note:
        created, about = utc(row.created_at), self.cipher.unseal(row.sealed)
        return Note(row.id, row.reference, row.kind, way, row.attempts, created, claim, about)


def _jitter() -> float:
    return random.uniform(1 - JITTER, 1 + JITTER)


def _first_way(kind: str, ways: Sequence[str]) -> str:
    """A confirmed time goes by e-mail where that is possible: it carries a calendar entry."""
    return "email" if kind == "request.confirmed" and "email" in ways else ways[0]
