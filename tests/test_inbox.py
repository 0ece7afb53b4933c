"""The inbox: once, in order, by one process at a time, on both databases."""

import threading
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from clinic.channels.inbox import LEASE, Inbox, Incoming
from clinic.cipher import DEVELOPMENT_KEY, Cipher

CIPHER = Cipher([DEVELOPMENT_KEY])


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.time = datetime(2026, 11, 25, 14, tzinfo=UTC)

    def __call__(self):
        return self.time

    def pass_(self, time):
        self.time += time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def inbox(database, clock):
    return Inbox(database, CIPHER, clock)


def message(words, conversation="web-one-patient", message_id=None):
    return Incoming("website", message_id or uuid.uuid4().hex, conversation, words, {"page": "/"})


def conversation():
    return f"web-{uuid.uuid4().hex}"


def test_a_message_comes_out_as_it_went_in(inbox):
    sent = message("does it hurt? 😀\nÅngström")
    assert inbox.take_in([sent]) == [True]
    out = inbox.claim(sent.conversation)
    assert replace(out, claim="", attempt=0) == sent
    assert out.attempt == 1


def test_a_double_is_told_and_not_stored(inbox):
    first = message("one")
    assert inbox.take_in([first, first]) == [True, False]
    assert inbox.take_in([replace(first, text="other words")]) == [False]
    out = inbox.claim(first.conversation)
    assert out.text == "one"
    assert inbox.finish(out, [])
    assert inbox.take_in([first]) == [False]
    assert inbox.claim(first.conversation) is None


def test_the_same_id_on_another_channel_is_another_message(inbox):
    first = message("one")
    assert inbox.take_in([first, replace(first, channel="whatsapp")]) == [True, True]


def test_all_are_stored_or_none(inbox):
    def fail(connection):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        inbox.take_in([message("one"), message("two")], also=fail)
    assert inbox.claim("web-one-patient") is None


def test_no_message_is_claimed_before_an_earlier_one_is_done(inbox):
    one, two = message("one"), message("two")
    inbox.take_in([one, two])
    held = inbox.claim(one.conversation)
    assert held.text == "one"
    assert inbox.claim(one.conversation) is None
    assert inbox.is_working(one.conversation)
    assert inbox.finish(held, [{"text": "reply"}])
    assert inbox.claim(one.conversation).text == "two"


def test_what_was_written_first_is_claimed_first_but_what_was_begun_is_ended(inbox, clock):
    one = conversation()
    late, early, earliest = (
        replace(message(words, one), written_at=clock() + timedelta(seconds=n))
        for words, n in (("late", 30), ("early", 20), ("earliest", 10))
    )
    inbox.take_in([late, early])
    begun = inbox.claim(one)
    assert begun.text == "early"
    inbox.take_in([earliest])
    assert inbox.claim(one) is None
    clock.pass_(LEASE + timedelta(seconds=1))
    again = inbox.claim(one)
    assert again.text == "early"
    assert inbox.finish(again, [])
    assert inbox.claim(one).text == "earliest"


def test_a_message_is_left_until_what_was_written_before_it_has_had_time_to_come(database, clock):
    inbox = Inbox(database, CIPHER, clock, settle=timedelta(seconds=0.4))
    one, start = conversation(), clock()
    inbox.take_in([replace(message("late", one), written_at=start + timedelta(seconds=2))])
    clock.pass_(timedelta(seconds=0.3))
    assert inbox.unfinished("website") and inbox.claim(one) is None
    inbox.take_in([replace(message("early", one), written_at=start + timedelta(seconds=1))])
    clock.pass_(timedelta(seconds=0.3))
    # The first to come has settled, but what is to be said before it has not.
    assert inbox.claim(one) is None
    clock.pass_(timedelta(seconds=0.1))
    held = inbox.claim(one)
    assert held.text == "early"
    assert inbox.finish(held, [])
    assert inbox.claim(one).text == "late"


def test_a_clock_that_was_set_back_delays_no_message(database, clock):
    inbox = Inbox(database, CIPHER, clock, settle=timedelta(seconds=0.4))
    one = conversation()
    inbox.take_in([message("one", one)])
    clock.pass_(timedelta(hours=-1))
    assert inbox.claim(one).text == "one"


def test_patients_do_not_wait_for_each_other(inbox):
    inbox.take_in([message("one", "web-a"), message("two", "web-b")])
    assert inbox.claim("web-a").text == "one"
    assert inbox.claim("web-b").text == "two"


def test_replies_are_kept_with_the_end_and_encrypted(inbox, database):
    sent = message("my name is Priya")
    inbox.take_in([sent])
    assert inbox.replies("website", sent.message_id) is None
    inbox.finish(inbox.claim(sent.conversation), [{"text": "Hello Priya"}])
    assert inbox.replies("website", sent.message_id) == [{"text": "Hello Priya"}]
    with database.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM inbox")).all())
    assert "Priya" not in kept


def test_what_a_dead_process_held_is_claimed_again_after_the_lease(inbox, clock):
    sent = message("one")
    inbox.take_in([sent])
    dead = inbox.claim(sent.conversation)
    clock.pass_(LEASE - timedelta(seconds=1))
    assert inbox.claim(sent.conversation) is None
    clock.pass_(timedelta(seconds=2))
    alive = inbox.claim(sent.conversation)
    assert (alive.text, alive.attempt) == ("one", 2)
    assert not inbox.renew(dead)
    assert not inbox.finish(dead, [{"text": "too late"}])
    assert inbox.finish(alive, [{"text": "in time"}])
    assert inbox.replies("website", sent.message_id) == [{"text": "in time"}]


def test_a_renewed_claim_holds_on(inbox, clock):
    sent = message("one")
    inbox.take_in([sent])
    held = inbox.claim(sent.conversation)
    for _ in range(5):
        clock.pass_(LEASE / 2)
        assert inbox.renew(held)
        assert inbox.claim(sent.conversation) is None
    assert inbox.finish(held, [])


def test_nothing_is_done_when_the_channel_cannot_keep_its_part(inbox):
    sent = message("one")
    inbox.take_in([sent])
    held = inbox.claim(sent.conversation)

    def fail(connection):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        inbox.finish(held, [{"text": "reply"}], also=fail)
    assert inbox.replies("website", sent.message_id) is None
    assert inbox.finish(held, [{"text": "reply"}])


def test_unfinished_conversations_are_named_the_longest_waiting_first(inbox):
    inbox.take_in([message("1", "web-b"), message("2", "web-a"), message("3", "web-b")])
    assert inbox.unfinished("website") == ["web-b", "web-a"]
    inbox.finish(inbox.claim("web-b"), [])
    assert inbox.unfinished("website") == ["web-a", "web-b"]
    assert inbox.unfinished("whatsapp") == []


def test_many_threads_work_off_each_message_once_and_in_order(database):
    """Each thread has its own Inbox, as each process would."""
    patients = [conversation() for _ in range(3)]
    sent = [message(str(n), patients[n % 3]) for n in range(30)]
    Inbox(database, CIPHER).take_in(sent)
    order, lock = [], threading.Lock()

    def work():
        inbox = Inbox(database, CIPHER)
        while any(inbox.is_working(patient) for patient in patients):
            for patient in patients:
                if held := inbox.claim(patient):
                    with lock:
                        order.append((patient, int(held.text)))
                    time.sleep(0.001)
                    assert inbox.finish(held, [])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(order) == 30
    for patient in patients:
        assert [n for p, n in order if p == patient] == sorted(n for p, n in order if p == patient)


def test_simultaneous_doubles_are_stored_once(database):
    sent, stored = message("once"), []

    def take_in():
        stored.extend(Inbox(database, CIPHER).take_in([sent]))

    threads = [threading.Thread(target=take_in) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stored) == [False] * 5 + [True]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 6), st.integers(0, 1)),
        st.tuples(st.just("claim"), st.integers(0, 1)),
        st.tuples(st.just("finish"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(1, 25)),
    ),
    max_size=30,
)


class Model:
    """An inbox beside a list that cannot err: doubles, two workers, late finishers."""

    def __init__(self, database):
        self.clock, self.run = Clock(), uuid.uuid4().hex
        self.inbox = Inbox(database, CIPHER, self.clock)
        self.sent, self.claims, self.done = [[], []], [], [[], []]

    def send(self, number, patient):
        one = message(str(number), f"{self.run}-{patient}", f"{self.run}-{number}-{patient}")
        new = str(number) not in self.sent[patient]
        assert self.inbox.take_in([one]) == [new]
        if new:
            self.sent[patient].append(str(number))

    def claim(self, patient):
        if held := self.inbox.claim(f"{self.run}-{patient}"):
            assert held.text == self.sent[patient][len(self.done[patient])]
            self.claims.append(held)

    def finish(self, which):
        if self.claims:
            held = self.claims.pop(which % len(self.claims))
            if self.inbox.finish(held, []):
                self.done[int(held.conversation[-1])].append(held.text)

    def wait(self, seconds):
        self.clock.pass_(timedelta(seconds=seconds))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_each_message_is_finished_once_and_in_order(database, steps):
    model = Model(database)
    for step, *what in steps:
        getattr(model, step)(*what)
    model.wait(60)
    for patient in (0, 1):
        for _ in range(9):
            model.claim(patient)
            model.finish(-1)
    assert model.done == model.sent
