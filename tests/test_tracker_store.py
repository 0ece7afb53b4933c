"""clinic.conversations.tracker_store: a bounded end of the session, with everything it needs."""

import asyncio
import threading

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from sqlalchemy.exc import OperationalError

from clinic.cipher import Cipher, new_key
from clinic.conversations import tracker_store
from clinic.conversations.tracker_store import TURNS, KeptTrackerStore
from clinic.database import migrate
from clinic.desk import desk
from clinic.errors import SealError
from clinic.settings import PROJECT


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("CLINIC_DATABASE", f"sqlite:///{tmp_path}/clinic.sqlite3")
    desk.cache_clear()
    migrate(desk().database)
    yield KeptTrackerStore(Domain.load(str(PROJECT / "domain.yml")))
    desk.cache_clear()


def say(store, text, *events, who="web-ann", message_id=None):
    """One turn as Rasa takes it: fetched, moved on, saved."""
    tracker = asyncio.run(store.get_or_create_tracker(who, append_action_listen=False))
    if not tracker.events:
        start(tracker)
    tracker.update(UserUttered(text, {"name": "pain"}, message_id=message_id))
    tracker.update(ActionExecuted("action_answer_question"))
    tracker.update(BotUttered("Most feel minimal discomfort."))
    for event in events:
        tracker.update(event)
    tracker.update(ActionExecuted("action_listen"))
    asyncio.run(store.save(tracker))
    return tracker


def start(tracker):
    for event in (
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ):
        tracker.update(event)


def fetch(store, who="web-ann"):
    return asyncio.run(store.retrieve(who))


def test_nothing_is_known_of_a_new_patient(store):
    assert fetch(store) is None
    assert asyncio.run(store.retrieve_full_tracker("web-ann")) is None
    assert asyncio.run(store.exists("web-ann")) is False


def test_a_turn_comes_back_whole(store):
    said = say(store, "does it hurt")
    found = fetch(store)
    assert [e.as_dict() for e in found.events] == [e.as_dict() for e in said.events]
    assert found.latest_message.text == "does it hurt"
    assert found.latest_action_name == "action_listen"


def test_message_id_survives(store):
    say(store, "does it hurt", message_id="wamid.1")
    ids = [e.message_id for e in fetch(store).events if isinstance(e, UserUttered)]
    assert ids == ["wamid.1"]


def test_slots_of_long_ago_are_there_though_few_events_are(store):
    say(store, "does freezing hurt", SlotSet("topic", "pain"), SlotSet("treatments", ["cryo"]))
    for n in range(50):
        say(store, f"message {n}", SlotSet("times_unsure", n))
    found = fetch(store)
    assert len([e for e in found.events if isinstance(e, UserUttered)]) == TURNS
    assert found.get_slot("topic") == "pain"
    assert found.get_slot("treatments") == ["cryo"]
    assert found.get_slot("times_unsure") == 49
    assert found.get_slot("offered") == []
    whole = asyncio.run(store.retrieve_full_tracker("web-ann"))
    assert whole.current_slot_values() == found.current_slot_values()
    assert len([e for e in whole.events if isinstance(e, UserUttered)]) == 51


def test_slot_that_was_emptied_stays_empty(store):
    say(store, "does freezing hurt", SlotSet("offered", ["pain"]))
    say(store, "no", SlotSet("offered", None))
    for n in range(5):
        say(store, f"message {n}")
    assert fetch(store).get_slot("offered") is None


def test_a_new_session_begins_without_the_old_one(store):
    say(store, "does freezing hurt", SlotSet("topic", "pain"))
    tracker = fetch(store)
    start(tracker)
    tracker.update(UserUttered("hello", {"name": "greeting"}))
    asyncio.run(store.save(tracker))
    found = fetch(store)
    assert [e.text for e in found.events if isinstance(e, UserUttered)] == ["hello"]
    assert found.get_slot("topic") is None


def test_two_patients_are_kept_apart(store):
    say(store, "does it hurt", who="web-ann")
    say(store, "what are milia", who="web-ben")
    assert fetch(store, "web-ben").latest_message.text == "what are milia"
    assert sorted(asyncio.run(store.keys())) == ["web-ann", "web-ben"]


def test_what_cannot_be_read_is_an_error_and_no_empty_memory(store):
    say(store, "does it hurt")
    store.turns.cipher = Cipher([new_key()])
    with pytest.raises(SealError):
        fetch(store)
    with desk().database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE turns RENAME TO gone")
    with pytest.raises(OperationalError):
        fetch(store)


def test_a_slow_database_holds_up_one_patient_alone(store, monkeypatch):
    say(store, "does it hurt", who="web-ben")

    def slow(conversation, limit, latest=store.turns.latest):
        if conversation == "web-ann":
            released.wait(10)
        return latest(conversation, limit)

    released = threading.Event()
    monkeypatch.setattr(store.turns, "latest", slow)

    async def both():
        waiting = asyncio.ensure_future(store.retrieve("web-ann"))
        other = await store.retrieve("web-ben")
        assert not waiting.done()
        released.set()
        await waiting
        return other

    assert asyncio.run(both()).latest_message.text == "does it hurt"


def test_as_many_turns_are_fetched_at_turn_200_as_at_turn_5(store):
    lengths = {}
    for n in range(1, 61):
        say(store, f"message {n}", SlotSet("topic", "pain"))
        lengths[n] = len(fetch(store).events)
    assert lengths[60] == lengths[5]
    assert tracker_store.TURNS < 5
