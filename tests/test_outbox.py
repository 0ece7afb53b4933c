"""clinic.booking.outbox, and all that can happen to it and the store, on both databases."""

import threading
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from clinic.booking.outbox import LATE, LEASE, OTHER_WAY_AFTER, RETRIES
from tests.booking import NOON, Clock, a_request, emptied, stores
from tests.stored import WAYS, claim, clock, engine, outbox, store
from tests.test_request_store import amendment

__all__ = ["clock", "engine", "outbox", "store"]


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
