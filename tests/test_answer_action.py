"""actions.answer: what is kept when a part of the turn fails."""

import asyncio

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import answer
from clinic.answers import Reply
from clinic.conversation import Turn
from clinic.deeds import Deed
from clinic.memory import Memory

TOLD = {"topic": "pain", "offered": ["booking"]}


def run(slots):
    """The slots that the action sets, and what it says."""
    tracker = Tracker(
        "web-somebody1", slots, {"text": "hello"}, [], False, None, {}, "action_listen"
    )
    dispatcher = CollectingDispatcher()
    events = asyncio.run(answer.ActionAnswerQuestion().run(dispatcher, tracker, {}))
    return events, [message["text"] for message in dispatcher.messages]


@pytest.fixture
def failing(monkeypatch):
    def fail(name):
        def raise_it(*_):
            raise RuntimeError

        monkeypatch.setattr(answer, name, raise_it)

    return fail


def test_what_was_told_stays_when_the_database_fails(failing, content, monkeypatch):
    wants = Turn(Reply("sent"), Memory(), Deed())
    monkeypatch.setattr(answer, "respond", lambda *_: wants)
    failing("carried_out")
    events, said = run(TOLD)
    assert events == []
    assert said == [content.fill(content.conversation.apology)]


def test_what_cannot_be_understood_is_begun_anew(failing, content):
    failing("respond")
    events, said = run(TOLD)
    assert {e["name"]: e["value"] for e in events}["topic"] == Memory().topic
    assert said == [content.fill(content.conversation.apology)]
