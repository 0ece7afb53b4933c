"""The record of the requests: each is stored once, with the note to the team, or not at all."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import insert, select, text, update
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from clinic.booking.request import AmendRequest, Request
from clinic.booking.tables import new_note, notes, requests
from clinic.cipher import Cipher
from clinic.clock import utc, utc_now
from clinic.database import one_at_a_time
from clinic.errors import NotSavedError, RefusedError
from clinic.reference import new_reference

# The same patient with the same wish within this time is one request: the second net.
SAME_WISH = timedelta(minutes=30)
# Another process may store the same key, or draw the same reference, in the same moment.
TRIES = 5
STATES = ("new", "called_back", "confirmed", "closed", "cancelled")
OVER = ("closed", "cancelled")
Amended = Literal["amended", "withdrawn", "not_found", "done_already"]


@dataclass(frozen=True)
class Receipt:
    """The reference of a stored request; `known_before` when the patient has one for it already."""

    reference: str
    known_before: bool = False


@dataclass(frozen=True)
class Kept:
    """A request as it is kept; `about` holds what the patient told."""

    reference: str
    kind: str
    state: str
    conversation: str
    created_at: datetime
    changed_at: datetime
    about: dict[str, Any]


class RequestStore:
    """The requests; every method is one transaction, and raises NotSavedError when it fails."""

    def __init__(
        self, engine: Engine, cipher: Cipher, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.engine, self.cipher, self.now = engine, cipher, now

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            # The text of the error may hold the statement: only its kind is told.
            raise NotSavedError(type(error).__name__) from None

    def send(self, key: str, request: Request) -> Receipt:
        """Store a request and the note to the team. The same key, or the same patient with the
        same wish within SAME_WISH, gives the reference that it has already.
        """
        for _ in range(TRIES):
            try:
                with self._transaction() as connection:
                    return self._send(connection, key, request)
            except IntegrityError:
                continue
        raise NotSavedError("IntegrityError")

    def _send(self, connection: Connection, key: str, request: Request) -> Receipt:
        prints = self._prints(request)
        # Two that store the same wish at once: the second finds the first one's.
        one_at_a_time(connection, prints[0])
        found = connection.execute(select(requests).where(requests.c.key == key)).first()
        if found:
            if found.fingerprint not in prints:
                self._rewrite(connection, found, request, prints[0])
            return Receipt(found.reference)
        if same := self._same_wish(connection, prints):
            return Receipt(same.reference, known_before=True)
        now, reference = self.now(), new_reference()
        about = _as_json(request)
        row = {
            "reference": reference,
            "key": key,
            "conversation": request.conversation,
            "kind": request.kind,
            "state": "new",
            "fingerprint": prints[0],
            "created_at": now,
            "changed_at": now,
            "sealed": self.cipher.seal(about),
        }
        connection.execute(insert(requests).values(row))
        self._note(connection, row, "request.created", about, key)
        return Receipt(reference)

    def _same_wish(self, connection: Connection, prints: list[str]) -> Row | None:
        now = self.now()
        alike = select(requests).where(
            requests.c.fingerprint.in_(prints), requests.c.state.not_in(OVER)
        )
        # The clock may have been set back: what was stored "later" is as near.
        near = (r for r in connection.execute(alike) if abs(utc(r.created_at) - now) <= SAME_WISH)
        return next(near, None)

    def _rewrite(self, connection: Connection, row: Row, request: Request, print_: str) -> None:
        """The patient changed a line after a send whose answer was lost: the request is that."""
        about, now = _as_json(request), self.now()
        new = {"sealed": self.cipher.seal(about), "fingerprint": print_, "changed_at": now}
        connection.execute(
            update(requests).where(requests.c.reference == row.reference).values(new)
        )
        self._note(connection, row._mapping, "request.changed", about, secrets.token_hex(16))

    def _prints(self, request: Request) -> list[str]:
        told = (request.kind, request.stored, request.name, request.times, request.wish)
        return self.cipher.prints("\x00".join(" ".join(one.casefold().split()) for one in told))

    def _note(
        self, connection: Connection, row: Any, kind: str, about: dict[str, Any], key: str
    ) -> None:
        """A note to the team about a request, due at once; its content as it is now."""
        reference, conversation = row["reference"], row["conversation"]
        sealed = self.cipher.seal({"reference": reference, "kind": row["kind"], **about})
        note = new_note(kind, reference, conversation, key, sealed, self.now())
        connection.execute(insert(notes).values(note))

    def amend(self, amendment: AmendRequest) -> Amended:
        """Pass on a change or a cancellation, once for each key; the contact must be the one that
        was given with the request.
        """
        try:
            with self._transaction() as connection:
                return self._amend(connection, amendment)
        except IntegrityError:
            # The same key a moment ago: it is done.
            return "withdrawn" if amendment.withdraw else "amended"

    def _amend(self, connection: Connection, amendment: AmendRequest) -> Amended:
        done: Amended = "withdrawn" if amendment.withdraw else "amended"
        if connection.execute(select(notes.c.id).where(notes.c.key == amendment.key)).first():
            return done
        row = self._row(connection, amendment.reference)
        about = self.cipher.unseal(row.sealed) if row else {}
        if not row or about["stored"] != amendment.stored:
            return "not_found"
        if row.state in OVER:
            return "done_already"
        now = self.now()
        change = {"at": now.isoformat(), "wish": amendment.wish}
        about["changes"] = [*about.get("changes", []), change]
        state = "cancelled" if amendment.withdraw else "new"
        kind = "request.cancelled" if amendment.withdraw else "request.changed"
        self._update(connection, amendment.reference, about, state)
        self._note(connection, row._mapping, kind, about, amendment.key)
        return done

    def _row(self, connection: Connection, reference: str) -> Row | None:
        # On PostgreSQL, two that change one request wait for each other.
        wanted = select(requests).where(requests.c.reference == reference).with_for_update()
        return connection.execute(wanted).first()

    def _update(
        self, connection: Connection, reference: str, about: dict[str, Any], state: str
    ) -> None:
        new = {"sealed": self.cipher.seal(about), "state": state, "changed_at": self.now()}
        connection.execute(update(requests).where(requests.c.reference == reference).values(new))

    def mark(self, reference: str, state: str, at: datetime | None = None) -> bool:
        """Staff called back, confirmed a time, or closed a request; False when there is none. A
        confirmed time goes to the team's calendar.
        """
        if state not in STATES:
            raise RefusedError("state")
        with self._transaction() as connection:
            row = self._row(connection, reference)
            if not row:
                return False
            about = self.cipher.unseal(row.sealed)
            if at:
                about["confirmed_for"] = at.isoformat()
            self._update(connection, reference, about, state)
            if state == "confirmed":
                key = secrets.token_hex(16)
                self._note(connection, row._mapping, "request.confirmed", about, key)
            return True

    def find(self, reference: str) -> Kept | None:
        """One request, by its reference."""
        return next(iter(self._read(requests.c.reference == reference)), None)

    def all(self, state: str = "") -> list[Kept]:
        """All requests, or those in a state; the newest first."""
        return self._read(requests.c.state == state if state else text("1 = 1"))

    def _read(self, which: Any) -> list[Kept]:
        wanted = select(requests).where(which).order_by(requests.c.created_at.desc())
        try:
            with self.engine.connect().execution_options(reads_only=True) as connection:
                return [self._kept(row) for row in connection.execute(wanted)]
        except SQLAlchemyError as error:
            raise NotSavedError(type(error).__name__) from None

    def _kept(self, row: Row) -> Kept:
        return Kept(
            row.reference,
            row.kind,
            row.state,
            row.conversation,
            utc(row.created_at),
            utc(row.changed_at),
            self.cipher.unseal(row.sealed),
        )


def _as_json(request: Request) -> dict[str, Any]:
    """What the patient told, as it is kept and sent."""
    consent = asdict(request.consent) | {"at": request.consent.at.isoformat()}
    told = asdict(request) | {"consent": consent, "questions": list(request.questions)}
    return {name: value for name, value in told.items() if name not in ("kind", "conversation")}
