"""clinic.booking.store and outbox, the same tests on SQLite and on a real PostgreSQL."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from clinic.booking.outbox import LATE, LEASE, OTHER_WAY_AFTER, RETRIES
from clinic.booking.request import AmendRequest
from clinic.errors import NotSavedError, RefusedError
from tests.booking import NOON, Clock, a_request, emptied, stores
from tests.databases import fresh_postgresql, opened

WAYS = ("webhook", "email")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("store"))
    if request.param == "sqlite":
        with opened(f"sqlite:///{folder}/clinic.sqlite3") as engine:
            yield engine
    else:
        with opened(fresh_postgresql(request.getfixturevalue("postgresql"))) as engine:
            yield engine


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(engine, clock):
    return stores(emptied(engine), clock)[0]


@pytest.fixture
def outbox(engine, clock):
    return stores(engine, clock)[1]


def claim(outbox, ways=WAYS):
    note = outbox.claim(ways)
    assert note
    return note


# The record.


def test_request_and_note_are_stored_together(store, outbox):
    receipt = store.send("key", a_request())
    kept = store.find(receipt.reference)
    assert (kept.kind, kept.state, kept.created_at) == ("consultation", "new", NOON)
    assert kept.about["name"] == "Priya"
    note = claim(outbox)
    assert (note.reference, note.kind, note.about["name"]) == (
        receipt.reference,
        "request.created",
        "Priya",
    )


def test_note_that_cannot_be_stored_takes_the_request_with_it(store, engine):
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE notes RENAME TO away"))
    with pytest.raises(NotSavedError):
        store.send("key", a_request())
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO notes"))
    assert store.all() == []


def test_personal_fields_are_sealed(store, engine):
    store.send("key", a_request(times="a very private Friday", questions=("canary",)))
    with engine.connect() as connection:
        for table in ("requests", "notes"):
            rows = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            for secret in ("Priya", "07400", "447400", "private", "canary"):
                assert secret not in rows


def test_same_key_is_one_request(store):
    first, second = (store.send("key", a_request()) for _ in range(2))
    assert first == second
    assert len(store.all()) == 1


def test_same_key_with_another_line_changes_the_request(store, outbox):
    first = store.send("key", a_request())
    second = store.send("key", a_request(times="Mondays"))
    assert first.reference == second.reference
    assert [kept.about["times"] for kept in store.all()] == ["Mondays"]
    assert {note["kind"] for note in outbox.of(first.reference)} == {
        "request.created",
        "request.changed",
    }


@pytest.mark.parametrize(
    ("changes", "minutes", "same"),
    [
        ({}, 29, True),
        ({"name": " PRIYA "}, 5, True),
        ({}, 31, False),
        ({}, -20, True),
        ({"times": "Mondays"}, 5, False),
        ({"stored": "+447400654321"}, 5, False),
        ({"kind": "call_back"}, 5, False),
    ],
)
def test_same_patient_with_the_same_wish_is_one_request(store, clock, changes, minutes, same):
    first = store.send("one", a_request())
    clock.go(minutes=minutes)
    second = store.send("two", a_request(**changes))
    assert (second.reference == first.reference) is second.known_before is same


def test_closed_request_does_not_swallow_a_new_one(store):
    first = store.send("one", a_request())
    store.mark(first.reference, "closed")
    assert store.send("two", a_request()).reference != first.reference


@pytest.mark.parametrize("keys", [["one"] * 8, [f"key {n}" for n in range(8)]], ids=["key", "wish"])
def test_many_sends_at_once_are_one_request(store, keys):
    got, start = [], threading.Barrier(len(keys))

    def send(key):
        start.wait()
        got.append(store.send(key, a_request()).reference)

    threads = [threading.Thread(target=send, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(keys)
    assert len(set(got)) == 1 == len(store.all())


def amendment(reference, **changes):
    order = AmendRequest("change", reference, "+447400123456", "Thursday", False, "web-2")
    return replace(order, **changes)


def test_change_goes_to_the_team_once(store, outbox):
    reference = store.send("key", a_request()).reference
    assert [store.amend(amendment(reference)) for _ in range(2)] == ["amended"] * 2
    kinds = [note["kind"] for note in outbox.of(reference)]
    assert kinds.count("request.changed") == 1


def test_wrong_contact_finds_nothing(store):
    reference = store.send("key", a_request()).reference
    assert store.amend(amendment(reference, stored="+447400999999")) == "not_found"
    assert store.amend(amendment("KC-000000")) == "not_found"


def test_cancelled_request_is_cancelled_and_then_over(store):
    reference = store.send("key", a_request()).reference
    assert store.amend(amendment(reference, withdraw=True)) == "withdrawn"
    assert store.find(reference).state == "cancelled"
    assert store.amend(amendment(reference, key="later")) == "done_already"


def test_staff_confirm_a_time_and_the_team_is_told(store, outbox):
    reference = store.send("key", a_request()).reference
    assert store.mark(reference, "confirmed", NOON)
    kinds = [note["kind"] for note in outbox.of(reference)]
    assert sorted(kinds) == ["request.confirmed", "request.created"]
    assert not store.mark("KC-000000", "closed")
    with pytest.raises(RefusedError):
        store.mark(reference, "lost")


# The outbox.


def test_note_is_claimed_by_one_alone(store, outbox):
    store.send("key", a_request())
    assert claim(outbox)
    assert outbox.claim(WAYS) is None


def test_many_that_claim_at_once_share_the_notes(store, outbox):
    for n in range(12):
        store.send(f"key {n}", a_request(times=f"Fridays at {n}"))
    got, start = [], threading.Barrier(6)

    def work():
        start.wait()
        while note := outbox.claim(WAYS):
            got.append(note.id)
            outbox.done(note)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # One that found the database busy may stop early; nothing is ever claimed twice.
    while note := outbox.claim(WAYS):
        got.append(note.id)
        outbox.done(note)
    assert len(got) == len(set(got)) == 12


def test_note_of_a_dead_process_is_taken_up_again(store, outbox, clock):
    store.send("key", a_request())
    first = claim(outbox)
    clock.at += LEASE
    second = claim(outbox)
    assert second.id == first.id
    assert not outbox.done(first)
    assert outbox.done(second)
    assert outbox.claim(WAYS) is None


def test_clock_set_back_holds_no_note_up(store, outbox, clock):
    store.send("key", a_request())
    clock.go(hours=-3)
    note = claim(outbox)
    clock.go(hours=-3)
    again = claim(outbox)
    assert again.id == note.id
    outbox.done(again)
    assert outbox.figures().waiting == 0


def test_note_is_tried_ten_times_at_growing_distances_and_then_dead(store, outbox, clock):
    reference = store.send("key", a_request()).reference
    for wait in RETRIES:
        outbox.failed(claim(outbox, ("webhook",)), "status 500", ("webhook",))
        clock.at += wait * 0.75
        assert outbox.claim(("webhook",)) is None
        clock.at += wait * 0.5
    outbox.failed(claim(outbox, ("webhook",)), "status 500", ("webhook",))
    [note] = outbox.of(reference)
    assert (note["state"], note["attempts"]) == ("dead", len(RETRIES) + 1)
    assert outbox.figures().dead == 1
    assert outbox.again(reference) == 1
    outbox.done(claim(outbox))
    assert outbox.figures().dead == 0


def test_other_way_is_tried_after_the_third_failure(store, outbox, clock):
    reference = store.send("key", a_request()).reference
    for _ in range(OTHER_WAY_AFTER):
        note = claim(outbox)
        assert note.way == "webhook"
        outbox.failed(note, "status 500", WAYS)
        clock.go(minutes=40)
    ways = {note.way: note for note in (claim(outbox), claim(outbox))}
    assert ways["email"].first == ways["webhook"].first == note.first
    outbox.done(ways["email"])
    assert outbox.figures().waiting == 0
    assert len(outbox.of(reference)) == 2


def test_way_that_is_gone_hands_over_at_once(store, outbox):
    store.send("key", a_request())
    outbox.failed(claim(outbox), "410", WAYS, gone=True)
    assert claim(outbox).way == "email"


def test_confirmed_time_goes_by_e_mail_first(store, outbox):
    reference = store.send("key", a_request()).reference
    outbox.done(claim(outbox))
    store.mark(reference, "confirmed", NOON)
    assert claim(outbox).way == "email"


def test_without_a_way_notes_wait(store, outbox):
    store.send("key", a_request())
    assert outbox.claim(()) is None
    assert outbox.figures().waiting == 1


def test_late_note_is_in_the_figures(store, outbox, clock):
    store.send("key", a_request())
    assert outbox.figures().late == 0
    clock.at += LATE + timedelta(seconds=1)
    figures = outbox.figures()
    assert figures.late == 1
    assert figures.oldest_seconds == 301


# Whatever happens in whatever order.


class Anything(RuleBasedStateMachine):
    """Patients send, send again and change; the delivery claims, dies, fails and succeeds; the
    clock goes and is set back. No reference that was given is ever lost, doubled or kept from the
    team.
    """

    engine = None

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.store, self.outbox = stores(emptied(self.engine), self.clock)
        self.references, self.claimed, self.arrived = {}, [], set()

    @rule(key=st.integers(0, 5), who=st.integers(0, 2), times=st.sampled_from(["mon", "tue"]))
    def send(self, key, who, times):
        receipt = self.store.send(f"key {key}", a_request(name=f"Patient {who}", times=times))
        assert self.references.setdefault(f"key {key}", receipt.reference) in (
            receipt.reference,
            *[kept.reference for kept in self.store.all()],
        )

    @rule(key=st.integers(0, 5), change=st.integers(0, 3))
    def change(self, key, change):
        if reference := self.references.get(f"key {key}"):
            result = self.store.amend(amendment(reference, key=f"change {change}"))
            assert result in ("amended", "done_already")

    @rule()
    def claim(self):
        if note := self.outbox.claim(WAYS):
            self.claimed.append(note)

    @rule(fails=st.booleans())
    def carry(self, fails):
        if self.claimed:
            note = self.claimed.pop()
            if fails:
                self.outbox.failed(note, "status 500", WAYS)
            else:
                self.arrived.add(note.reference)
                self.outbox.done(note)

    @rule()
    def die(self):
        self.claimed.clear()

    @rule(minutes=st.integers(-90, 90))
    def clock_goes(self, minutes):
        self.clock.go(minutes=minutes)

    @invariant()
    def every_reference_is_there_once(self):
        there = [kept.reference for kept in self.store.all()]
        assert len(there) == len(set(there))
        assert set(self.references.values()) <= set(there)

    def teardown(self):
        """Let time pass: everything arrives."""
        for _ in range(200):
            self.clock.go(hours=30)
            while note := self.outbox.claim(WAYS):
                self.arrived.add(note.reference)
                self.outbox.done(note)
            if not self.outbox.figures().waiting:
                break
        assert set(self.references.values()) <= self.arrived
        assert self.outbox.figures().dead == 0


def test_nothing_is_lost_or_doubled_whatever_happens(engine):
    machine = type("Machine", (Anything,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
