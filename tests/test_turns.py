"""Turns: through Rasa one at a time, in order, once; taken up again; never silent."""

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered

from clinic.channels import turns as turns_module
from clinic.channels.inbox import Inbox, Incoming
from clinic.channels.turns import Turns, replies_after
from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.clock import utc_now
from clinic.conversations.tracker_store import KeptTrackerStore
from clinic.database import migrate
from clinic.desk import desk
from clinic.settings import PROJECT

SORRY = "Sorry. Ring us."


class Rasa:
    """In Rasa's place: says what it heard, and how many turns of a patient ran at once."""

    def __init__(self, seconds=0.0):
        self.seconds, self.heard, self.running, self.most_at_once = seconds, [], {}, 0

    async def __call__(self, message):
        self.running[message.sender_id] = self.running.get(message.sender_id, 0) + 1
        self.most_at_once = max(self.most_at_once, *self.running.values())
        await asyncio.sleep(self.seconds)
        self.heard.append((message.sender_id, message.text))
        await self.say(message)
        self.running[message.sender_id] -= 1

    async def say(self, message):
        data = {"text": f"You said {message.text}", "buttons": None, "show": {"kind": "answer"}}
        await message.output_channel.send_response(message.sender_id, data)


class Silent(Rasa):
    """Says nothing."""

    async def say(self, message):
        pass


class Failing(Rasa):
    """Raises."""

    async def say(self, message):
        raise RuntimeError("no words of the patient in here")


class Hanging(Rasa):
    """Never ends its turn."""

    async def say(self, message):
        await asyncio.sleep(3600)


class Store:
    """In the tracker store's place."""

    def __init__(self, *events):
        self.events = events

    async def retrieve_full_tracker(self, conversation):
        return SimpleNamespace(events=self.events) if self.events else None


@pytest.fixture
def inbox(database):
    return Inbox(database, Cipher([DEVELOPMENT_KEY]))


def message(words, conversation="web-one-patient"):
    return Incoming("website", uuid.uuid4().hex, conversation, words, {})


def run(inbox, rasa, sent, store=None, keep=None, pause=0):
    """Take messages in, and work until all are done; returns what was told, in order."""
    told = []

    async def on_done(incoming, replies):
        told.append((incoming.text, [reply["text"] for reply in replies]))

    async def work():
        turns = Turns(inbox, "website", rasa, on_done, apology=SORRY, keep=keep)
        await turns.start(SimpleNamespace(tracker_store=store or Store()))
        for one in sent:
            await asyncio.to_thread(inbox.take_in, [one])
            turns.wake(one.conversation)
            await asyncio.sleep(pause)
        async with asyncio.timeout(60):
            while inbox.unfinished("website"):
                await asyncio.sleep(0.01)
            await turns.stop()

    asyncio.run(work())
    return told


def test_quick_messages_are_answered_one_at_a_time_in_order(inbox):
    sent = [message(str(n)) for n in range(8)]
    rasa = Rasa(0.005)
    assert run(inbox, rasa, sent) == [(str(n), [f"You said {n}"]) for n in range(8)]
    assert rasa.most_at_once == 1


def test_what_the_action_wants_shown_reaches_the_channel(inbox):
    sent = message("hello")
    run(inbox, Rasa(), [sent])
    (reply,) = inbox.replies("website", sent.message_id)
    assert reply == {"text": "You said hello", "show": {"kind": "answer"}}


@pytest.mark.parametrize("rasa", [Silent(), Failing()], ids=["silent", "failing"])
def test_a_turn_without_words_is_answered_with_the_apology(inbox, rasa):
    assert run(inbox, rasa, [message("a"), message("b")]) == [("a", [SORRY]), ("b", [SORRY])]


def test_a_turn_that_hangs_is_given_up(inbox, monkeypatch):
    monkeypatch.setattr(turns_module, "TURN_LIMIT", 0.05)
    assert run(inbox, Hanging(), [message("a")]) == [("a", [SORRY])]


def test_what_was_left_is_taken_up_at_the_start(inbox):
    inbox.take_in([message("left"), message("behind")])
    told = run(inbox, Rasa(), [])
    assert told == [("left", ["You said left"]), ("behind", ["You said behind"])]


def test_what_a_dead_process_held_is_taken_up(inbox, monkeypatch):
    monkeypatch.setattr(turns_module, "SWEEP", 0.02)
    left_behind(inbox, "left")
    assert run(inbox, Rasa(), []) == [("left", ["You said left"])]


def test_a_look_between_two_deliveries_does_not_let_them_overtake(inbox, monkeypatch):
    """The second of two messages comes first, and is looked for until the first has come too."""
    monkeypatch.setattr(turns_module, "SWEEP", 0.005)
    settling = Inbox(inbox.engine, inbox.cipher, settle=timedelta(seconds=2))
    early = replace(message("early"), written_at=utc_now() - timedelta(seconds=2))
    late = replace(message("late"), written_at=utc_now() - timedelta(seconds=1))
    assert [words for words, _ in run(settling, Rasa(), [late, early], pause=0.1)] == [
        "early",
        "late",
    ]


def left_behind(inbox, words, deaths=1):
    """A message whose turn has ended its process, so many times."""
    sent = message(words)
    inbox.take_in([sent])
    for days in range(deaths, 0, -1):
        past = Inbox(inbox.engine, inbox.cipher, lambda d=days: utc_now() - timedelta(days=d))
        assert past.claim(sent.conversation)
    return sent


def test_a_turn_that_rasa_saved_before_the_crash_is_not_run_again(inbox):
    sent = left_behind(inbox, "book me in")
    store = Store(
        UserUttered("before", message_id="another"),
        BotUttered("not this"),
        UserUttered(sent.text, message_id=sent.message_id),
        ActionExecuted("action_answer_question"),
        BotUttered("It is saved: KC-7F4Q2M"),
        SlotSet("topic", "booking"),
    )
    rasa = Rasa()
    assert run(inbox, rasa, [], store) == [(sent.text, ["It is saved: KC-7F4Q2M"])]
    assert rasa.heard == []


def test_a_turn_is_found_again_in_the_memory_that_the_bot_really_has(tmp_path, monkeypatch):
    monkeypatch.setenv("CLINIC_DATABASE", f"sqlite:///{tmp_path}/clinic.sqlite3")
    desk.cache_clear()
    migrate(desk().database)
    inbox = Inbox(desk().database, desk().cipher)
    sent, domain = left_behind(inbox, "book me in"), Domain.load(str(PROJECT / "domain.yml"))
    before_the_crash = KeptTrackerStore(domain)
    tracker = asyncio.run(before_the_crash.get_or_create_tracker(sent.conversation))
    tracker.update(UserUttered(sent.text, message_id=sent.message_id))
    tracker.update(BotUttered("It is saved: KC-7F4Q2M", metadata={"show": {"kind": "reference"}}))
    asyncio.run(before_the_crash.save(tracker))
    rasa = Rasa()
    told = run(inbox, rasa, [], KeptTrackerStore(domain))
    desk.cache_clear()
    assert told == [("book me in", ["It is saved: KC-7F4Q2M"])]
    assert rasa.heard == []
    (reply,) = inbox.replies("website", sent.message_id)
    assert reply["show"] == {"kind": "reference"}


def test_a_turn_that_rasa_had_not_saved_is_run(inbox):
    left_behind(inbox, "hello")
    store = Store(UserUttered("before", message_id="another"), BotUttered("not this"))
    assert run(inbox, Rasa(), [], store) == [("hello", ["You said hello"])]


def test_a_message_that_ends_every_process_is_given_up(inbox):
    left_behind(inbox, "poison", deaths=3)
    rasa = Rasa()
    assert run(inbox, rasa, []) == [("poison", [SORRY])]
    assert rasa.heard == []


def test_the_channel_keeps_its_part_in_the_same_transaction(inbox):
    kept = []

    def keep(connection, incoming, replies):
        assert connection.in_transaction()
        kept.append((incoming.text, replies[0]["text"]))

    run(inbox, Rasa(), [message("hello")], keep=keep)
    assert kept == [("hello", "You said hello")]


def test_nothing_is_told_of_a_message_that_was_deleted_meanwhile(inbox):
    class Deleting(Rasa):
        async def say(self, message):
            with inbox.engine.begin() as connection:
                connection.exec_driver_sql("DELETE FROM inbox")
            await super().say(message)

    assert run(inbox, Deleting(), [message("forget me")]) == []


def test_the_words_after_a_message_end_at_the_next_one():
    said = replies_after(
        "2",
        [
            UserUttered("a", message_id="1"),
            BotUttered("to a"),
            UserUttered("b", message_id="2"),
            BotUttered("to b", {"buttons": [{"title": "t", "payload": "t"}]}),
            BotUttered(None),
            BotUttered("more", metadata={"show": {"kind": "urgent"}}),
            UserUttered("c", message_id="3"),
            BotUttered("to c"),
        ],
    )
    assert said == [
        {"text": "to b", "buttons": [{"title": "t", "payload": "t"}]},
        {"text": "more", "show": {"kind": "urgent"}},
    ]
    assert replies_after("3", [UserUttered("c", message_id="3")]) == []
    assert replies_after("4", [UserUttered("c", message_id="3"), BotUttered("to c")]) is None
