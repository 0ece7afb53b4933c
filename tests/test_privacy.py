"""clinic.privacy: what is deleted is gone from every table, on each kind of database."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, text

from clinic.channels.inbox import Inbox, Incoming
from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.errors import NothingHeldError
from clinic.kept_turns import KeptTurn, KeptTurns
from clinic.privacy import belongings
from clinic.privacy.orders import FORGET, SETTLED, STOP, Orders, due
from clinic.privacy.retention import Periods, Retention

CIPHER = Cipher([DEVELOPMENT_KEY])
START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
# Tables in which nothing of a patient can stand.
OF_NOBODY = {"alembic_version", "privacy_orders", "sqlite_sequence"}


class Clock:
    """A time that a test sets."""

    def __init__(self):
        self.time = START

    def __call__(self):
        return self.time

    def later(self, **by):
        self.time += timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("clinic.privacy.orders.utc_now", clock)
    return clock


@pytest.fixture
def patient(database, clock):
    return Patient(database, clock)


class Patient:
    """A conversation that leaves something in every table, as the parts of the bot would."""

    def __init__(self, engine, clock):
        self.engine, self.clock = engine, clock
        self.orders = Orders(engine, CIPHER, clock)
        self.turns = KeptTurns(engine, CIPHER, due)
        self.inbox = Inbox(engine, CIPHER, clock)
        self.name = f"web-{uuid.uuid4().hex}"
        self.n = 0

    def turn(self, slots=None, events=(), opens=False):
        """A turn as the tracker store writes it."""
        self.n += 1
        before = {"slots": slots or {}, "loop": None, "paused": False}
        self.turns.add(self.name, KeptTurn(self.n, opens, before, list(events)))
        self._at("turns", "written_at", f"n = {self.n}")

    def message(self, done=True):
        """A message through the inbox."""
        message = uuid.uuid4().hex
        self.inbox.take_in([Incoming("website", message, self.name, "I am Priya")])
        claimed = self.inbox.claim(self.name)
        if done:
            self.inbox.finish(claimed, [{"text": "Hello Priya"}])
        return claimed

    def fill(self):
        """A row in every other table that belongs to a conversation, whatever its columns are."""
        with self.engine.begin() as connection:
            for one in belongings.present(connection):
                if one.table not in ("turns", "inbox") and not one.hangs_on:
                    self._insert(connection, one)

    def _insert(self, connection, one):
        columns = inspect(connection).get_columns(one.table)
        values = {c["name"]: self._some(c) for c in columns if c.get("autoincrement") is not True}
        values["conversation"] = self.name
        values[one.time] = self.clock().timestamp() if one.seconds else self.clock()
        names = ", ".join(values)
        binds = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {one.table} ({names}) VALUES ({binds})"), values)

    def _some(self, column):
        kind = column["type"].python_type
        return {
            str: uuid.uuid4().hex[:10],
            int: uuid.uuid4().int % 10**8,
            float: 0.0,
            bool: False,
            datetime: self.clock(),
        }[kind]

    def _at(self, table, column, where):
        with self.engine.begin() as connection:
            connection.execute(
                text(f"UPDATE {table} SET {column} = :now WHERE {where} AND conversation = :name"),
                {"now": self.clock(), "name": self.name},
            )

    def rows(self):
        """table -> how many rows of any table of the database hold the conversation's id."""
        found = {}
        with self.engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                every = connection.execute(text(f"SELECT * FROM {table}")).all()
                if mine := sum(self.name in map(str, row) for row in every):
                    found[table] = mine
        return found


def everything(patient):
    patient.turn(opens=True)
    patient.message()
    patient.fill()
    patient.turn()
    patient.message()


def test_every_table_of_a_conversation_is_in_the_list(database):
    listed = {one.table for one in belongings.ALL} | OF_NOBODY
    assert set(inspect(database).get_table_names()) - listed == set()


def test_every_listed_table_is_there_with_its_columns(database):
    there = inspect(database)
    with database.connect() as connection:
        present = belongings.present(connection)
    for one in present:
        names = {column["name"] for column in there.get_columns(one.table)}
        assert {one.time, one.hangs_on[0] if one.hangs_on else "conversation"} <= names, one.table


def test_forgetting_in_the_chat_empties_every_table(patient, database):
    everything(patient)
    with database.connect() as connection:
        present = belongings.present(connection)
    assert set(patient.rows()) == {one.table for one in present if not one.hangs_on}
    # The turn in which the patient says yes: its message is claimed, its turn not yet written.
    claimed = patient.message(done=False)
    reference = patient.orders.forget(patient.name)
    assert reference.startswith("KC-")
    assert "turns" not in patient.rows()
    patient.turn()
    assert patient.inbox.finish(claimed, [{"text": f"Deleted. {reference}"}])
    assert "turns" not in patient.rows()
    patient.clock.later(minutes=11)
    assert patient.orders.settle() == 1
    assert patient.rows() == {}
    assert patient.orders.settle() == 0


def test_nobody_else_loses_anything(patient, database, clock):
    other = Patient(database, clock)
    everything(patient)
    everything(other)
    before = other.rows()
    patient.orders.forget(patient.name)
    patient.turn()
    clock.later(hours=1)
    patient.orders.settle()
    assert other.rows() == before


def test_a_patient_who_goes_on_begins_anew_and_keeps_what_is_new(patient):
    everything(patient)
    patient.orders.forget(patient.name)
    patient.turn()
    patient.clock.later(minutes=1)
    patient.turn(opens=True)
    patient.message()
    patient.clock.later(minutes=30)
    patient.orders.settle()
    assert patient.rows()["turns"] == 1
    assert patient.rows()["inbox"] == 1


def test_a_turn_that_is_never_written_does_not_keep_the_order_open(patient):
    everything(patient)
    patient.orders.forget(patient.name)
    patient.clock.later(minutes=11)
    patient.orders.settle()
    assert patient.rows() == {}


def test_an_order_waits_until_its_reply_has_arrived(patient):
    everything(patient)
    claimed = patient.message(done=False)
    patient.orders.forget(patient.name)
    patient.clock.time += SETTLED - timedelta(seconds=1)
    assert patient.orders.settle() == 0
    assert patient.inbox.finish(claimed, [])


def test_only_the_turn_that_ordered_is_not_written(patient):
    patient.turn(opens=True)
    patient.orders.stop(patient.name)
    patient.orders.tell(patient.name)
    patient.turn()
    assert patient.rows()["turns"] == 2


def test_what_is_held_is_counted(patient):
    everything(patient)
    reference, held = patient.orders.tell(patient.name)
    assert held.messages == 2
    assert patient.orders.export_by(reference)["turns"][0]["sealed"]["before"]["slots"] == {}


def test_staff_export_everything_in_clear(patient):
    everything(patient)
    reference, _ = patient.orders.tell(patient.name)
    held = patient.orders.export_by(reference)
    assert set(held) == set(patient.rows()) - {"privacy_orders"}
    assert {row["body"]["text"] for row in held["inbox"]} == {"I am Priya"}
    assert held["inbox"][0]["replies"] == [{"text": "Hello Priya"}]


def test_staff_forget_at_once(patient):
    everything(patient)
    reference, _ = patient.orders.tell(patient.name)
    assert patient.orders.forget_by(reference) > 0
    assert set(patient.rows()) == {"privacy_orders"}
    # A turn that was under way is not written either.
    patient.turn()
    assert "turns" not in patient.rows()


@pytest.mark.parametrize("reference", ["KC-000000", "", "nonsense", "' OR 1=1 --"])
def test_unknown_reference_leads_to_nothing(reference, patient):
    everything(patient)
    with pytest.raises(NothingHeldError):
        patient.orders.forget_by(reference)
    with pytest.raises(NothingHeldError):
        patient.orders.export_by(reference)
    assert patient.rows()


def test_orders_that_are_done_name_no_conversation(patient):
    reference = patient.orders.forget(patient.name)
    patient.clock.later(minutes=11)
    patient.orders.settle()
    with pytest.raises(NothingHeldError):
        patient.orders.export_by(reference)


def test_kinds_are_noted(patient):
    patient.orders.stop(patient.name)
    patient.orders.forget(patient.name)
    with patient.engine.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM privacy_orders")).scalars().all()
    assert sorted(kinds) == [FORGET, STOP]


# The purge.

PERIODS = Periods(timedelta(days=30), timedelta(hours=24), timedelta(days=90))


def purge(patient):
    return Retention(patient.engine, CIPHER, PERIODS, patient.clock).purge()


def test_what_is_young_stays(patient):
    everything(patient)
    before = patient.rows()
    patient.clock.later(hours=23)
    purge(patient)
    assert patient.rows() == before


def test_what_is_old_goes(patient):
    everything(patient)
    patient.clock.later(days=31)
    purge(patient)
    requests = {one.table for one in belongings.ALL if one.kept == "requests"}
    assert set(patient.rows()) - requests == set()
    patient.clock.later(days=60)
    purge(patient)
    assert patient.rows() == {}


def test_a_live_session_loses_nothing(patient):
    patient.turn(opens=True)
    patient.fill()
    patient.clock.later(days=29)
    patient.turn()
    patient.clock.later(days=2)
    patient.turn()
    before = patient.rows()
    patient.clock.later(hours=23)
    purge(patient)
    assert patient.rows() == before


def test_of_a_patient_who_comes_back_the_old_sessions_go(patient):
    patient.turn(opens=True)
    patient.turn()
    patient.clock.later(days=31)
    patient.turn(opens=True)
    patient.clock.later(hours=1)
    purge(patient)
    assert patient.rows()["turns"] == 1


def test_what_was_typed_into_the_form_goes_after_a_day(patient):
    slot = {"event": "slot", "name": "draft", "value": {"name": "Priya"}}
    patient.turn(opens=True)
    patient.turn(events=[slot])
    patient.turn(slots={"draft": {"name": "Priya"}})
    patient.turn(events=[{**slot, "value": None}])
    patient.message()
    patient.clock.later(hours=25)
    assert purge(patient)["drafts"] == 2
    assert patient.rows()["turns"] == 2
    reference, _ = patient.orders.tell(patient.name)
    held = patient.orders.export_by(reference)
    assert "Priya" not in str(held)


def test_purge_can_be_repeated(patient):
    everything(patient)
    patient.clock.later(days=31)
    purge(patient)
    assert not any(count for name, count in purge(patient).items())
