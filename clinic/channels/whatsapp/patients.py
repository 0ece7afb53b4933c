"""Who a patient is on WhatsApp: the ids that Meta gives, the conversation they mean, and the wish
to be left alone.

Meta's user id comes before the telephone number: a number may belong to somebody else tomorrow.
Everything here may be told twice or late; a time that is older than what is known changes nothing.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection, Engine

from clinic.channels.whatsapp import tables
from clinic.channels.whatsapp.payload import Change, Patient, key_of
from clinic.cipher import Cipher
from clinic.clock import utc_now
from clinic.contact_book import ContactBook
from clinic.database import insert_new, one_at_a_time, put

ids, patients = tables.ids, tables.patients


@dataclass(frozen=True)
class Known:
    """What is known of a patient; see tables.py."""

    conversation: str
    patient: Patient
    heard_at: float
    stopped: bool
    wished_at: float
    told_at: float
    paced_to: float
    greeted: bool


@dataclass(frozen=True)
class Bound:
    """The conversation that an id means, and since when."""

    conversation: str
    since: float


class Patients:
    """The patients of the channel; methods that take a connection are part of its transaction."""

    def __init__(self, engine: Engine, cipher: Cipher, now: Callable[[], float]) -> None:
        self.engine, self.cipher, self.now = engine, cipher, now
        self.contact_book = ContactBook(engine, cipher)

    def hold(self, connection: Connection, them: Iterable[Patient]) -> None:
        """Let nobody else make, change or hear these patients until the transaction ends: first
        messages that come at the same moment are of one new patient.
        """
        names = {
            one
            for patient in them
            for kind in ("user", "wa")
            for one in self._prints(patient, kind)
        }
        # In one order, so that no two wait for each other.
        for name in sorted(names):
            one_at_a_time(connection, name)

    def conversation_of(self, connection: Connection, patient: Patient, at: float) -> str:
        """The conversation of a patient who wrote at a time; a new one for a new patient."""
        by_user = self._find(connection, patient, "user")
        by_wa = self._find(connection, patient, "wa")
        if by_user:
            conversation = by_user.conversation
        elif by_wa and not self._is_another(connection, by_wa.conversation, patient):
            conversation = by_wa.conversation
        else:
            conversation = self._make(connection, patient, at)
        self._bind(connection, conversation, patient, at)
        return conversation

    def heard(self, connection: Connection, conversation: str, at: float) -> None:
        """The patient wrote: free text may be sent for a while, and what was held goes on."""
        mine = patients.c.conversation == conversation
        newer = update(patients).where(mine, patients.c.heard_at < at).values(heard_at=at)
        if connection.execute(newer).rowcount:
            out = tables.queue
            held = (out.c.conversation == conversation) & (out.c.state == "held")
            go_on = update(out).where(held).values(state="waiting", due_at=self.now(), code=None)
            connection.execute(go_on)

    def wish(self, connection: Connection, conversation: str, stop: bool, at: float) -> None:
        """STOP or START; what waits to be sent is dropped at a STOP."""
        # Within one second, STOP wins.
        before = patients.c.wished_at <= at if stop else patients.c.wished_at < at
        new = update(patients).where(patients.c.conversation == conversation, before)
        new = new.values(stopped=stop, wished_at=at, told_at=0.0)
        if connection.execute(new).rowcount and stop:
            out = tables.queue
            waiting = out.c.state.in_(("waiting", "held")) & (out.c.kind != "stop")
            drop = update(out).where(out.c.conversation == conversation, waiting)
            connection.execute(drop.values(state="dropped"))

    def change(self, connection: Connection, change: Change) -> None:
        """Another number or user id for the same patient; heeded once."""
        seen = {"message": key_of(change.wamid), "status": "system", "at": change.at}
        if not insert_new(connection, tables.statuses, {**seen, "created_at": utc_now()}):
            return
        by_user = self._find(connection, change.old, "user")
        by_wa = self._find(connection, change.old, "wa")
        bound = by_user or by_wa
        if not bound or (not by_user and bound.since > change.at):
            return
        for kind, found in (("user", by_user), ("wa", by_wa)):
            if found and found.conversation == bound.conversation:
                self._unbind(connection, change.old, kind)
        self._move(connection, bound.conversation, change)

    def get(self, conversation: str) -> Known | None:
        """What is known of a patient; None where nothing is, for example after a deletion."""
        with self.engine.connect().execution_options(reads_only=True) as connection:
            return self.known(connection, conversation)

    def keep(self, conversation: str, **values: Any) -> None:
        """Write columns of a patient."""
        with self.engine.begin() as connection:
            self.write(connection, conversation, **values)

    def write(self, connection: Connection, conversation: str, **values: Any) -> None:
        """The same, within a transaction."""
        mine = patients.c.conversation == conversation
        connection.execute(update(patients).where(mine).values(values))

    def known(self, connection: Connection, conversation: str) -> Known | None:
        """The same as get, within a transaction."""
        query = select(patients).where(patients.c.conversation == conversation)
        row = connection.execute(query).first()
        if not row:
            return None
        names = ("heard_at", "stopped", "wished_at", "told_at", "paced_to", "greeted")
        patient = Patient(row.number, **self.cipher.unseal(row.sealed))
        return Known(conversation, patient, **{name: getattr(row, name) for name in names})

    def _is_another(self, connection: Connection, conversation: str, patient: Patient) -> bool:
        """Whether a number now belongs to somebody else: its conversation has another user id."""
        known = self.known(connection, conversation)
        return bool(known and patient.user_id and known.patient.user_id)

    def _make(self, connection: Connection, patient: Patient, at: float) -> str:
        conversation = f"wa-{secrets.token_hex(16)}"
        values = {
            "conversation": conversation,
            "number": patient.number,
            "sealed": self._seal(patient),
            "created_at": utc_now(),
            "stopped": False,
            "greeted": False,
        }
        times = dict.fromkeys(("heard_at", "wished_at", "told_at", "paced_to"), 0.0)
        connection.execute(patients.insert().values({**values, **times}))
        return conversation

    def _seal(self, patient: Patient) -> str:
        return self.cipher.seal({"user_id": patient.user_id, "wa_id": patient.wa_id})

    def _bind(self, connection: Connection, conversation: str, patient: Patient, at: float) -> None:
        """Both ids mean this conversation from now on, unless something newer is known."""
        user_id = wa_id = ""
        if self._bind_one(connection, conversation, patient, "user", at):
            user_id = patient.user_id
        if self._bind_one(connection, conversation, patient, "wa", at):
            wa_id = patient.wa_id
        known = self.known(connection, conversation)
        before = known.patient if known else patient
        after = Patient(patient.number, user_id or before.user_id, wa_id or before.wa_id)
        if after != before:
            self._write(connection, conversation, after)
        if wa_id:
            self.contact_book.write(connection, conversation, f"+{wa_id}")

    def _bind_one(
        self, connection: Connection, conversation: str, patient: Patient, kind: str, at: float
    ) -> bool:
        prints = self._prints(patient, kind)
        if not prints:
            return False
        bound = self._find(connection, patient, kind)
        if bound and bound.conversation != conversation:
            if bound.since > at:
                return False
            self._take_from(connection, bound.conversation, kind)
        since = at if not bound or bound.conversation != conversation else bound.since
        for one in prints:
            values = {"print": one, "kind": kind, "conversation": conversation, "since": since}
            put(connection, ids, {**values, "heard_at": max(at, since)})
        return True

    def _take_from(self, connection: Connection, conversation: str, kind: str) -> None:
        """Nothing goes to a number any more whose owner has changed."""
        known = self.known(connection, conversation)
        if known and kind == "wa":
            left = Patient(known.patient.number, known.patient.user_id, "")
            self._write(connection, conversation, left)
            self.contact_book.erase(connection, conversation)

    def _move(self, connection: Connection, conversation: str, change: Change) -> None:
        known = self.known(connection, conversation)
        if not known:
            return
        keeps_user = known.patient.user_id if not change.old.user_id else ""
        self._write(connection, conversation, Patient(change.new.number, keeps_user, ""))
        self.contact_book.erase(connection, conversation)
        taken = [self._find(connection, change.new, kind) for kind in ("user", "wa")]
        if not any(one and one.since > change.at for one in taken):
            self._bind(connection, conversation, change.new, change.at)

    def _write(self, connection: Connection, conversation: str, patient: Patient) -> None:
        self.write(connection, conversation, sealed=self._seal(patient))

    def _find(self, connection: Connection, patient: Patient, kind: str) -> Bound | None:
        prints = self._prints(patient, kind)
        if not prints:
            return None
        row = connection.execute(select(ids).where(ids.c.print.in_(prints))).first()
        return Bound(row.conversation, row.since) if row else None

    def _unbind(self, connection: Connection, patient: Patient, kind: str) -> None:
        connection.execute(delete(ids).where(ids.c.print.in_(self._prints(patient, kind))))

    def _prints(self, patient: Patient, kind: str) -> list[str]:
        one = patient.user_id if kind == "user" else patient.wa_id
        return self.cipher.prints(f"whatsapp:{kind}:{patient.number}:{one}") if one else []
