"""Whatever can be typed, with half a mind on commands; and a look at what Rasa made of it."""

import re

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain

from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.database import open_database
from clinic.kept_turns import KeptTurns
from clinic.memory import Memory
from clinic.settings import PROJECT
from clinic.typed_text import SLASHES

DOMAIN = Domain.load(str(PROJECT / "domain.yml"))
SPACES = " \t\n\r\x0b\x0c\x1c\x1d\x85\xa0\u1680\u2003\u2028\u202f\u205f\u3000"
INVISIBLE = "\u200b\u200c\u200d\u200e\u2060\ufeff\xad\u202e\u2066\x00\x08\x7f\ud800"


def beginnings():
    """What Rasa might take for the beginning of a command."""
    pieces = [*SLASHES, *SPACES, *INVISIBLE, "EXTERNAL:", "EXTERNAL: ", "@0.9", "{"]
    return st.lists(st.sampled_from(pieces), max_size=8).map("".join)


def commands():
    names = st.sampled_from([*DOMAIN.intents, "book", "stop", "session_start", "ＲＥＳＴＡＲＴ"])
    slots = st.sampled_from(["", "{}", '{"topic":"price"}', "@1.0", '@0.9{"a":["b"]}', "{broken"])
    return st.builds("".join, st.tuples(beginnings(), names, slots, st.text(max_size=20)))


def typed():
    """Whatever can be sent, with half a mind on commands."""
    anything = st.text(st.characters())
    return st.one_of(commands(), st.builds("".join, st.tuples(beginnings(), anything)))


# A few at a time against a running bot; the thousands are those of tests/test_typed_text.py.
AT_THE_DOOR = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
COMMANDS = (
    *("/restart", "／restart", "\u200b/restart", "\ufeff\u202e/session_start", "/ /\x00/back"),
    *('/book{"draft": {"asking": "check"}}', '\u2003/price{"topic": "pain"}', "EXTERNAL: /restart"),
    *("EXTERNAL：/session_start", "\\restart", "@restart", "/nlu_fallback@1.0"),
)
ODD = {
    "long": "a" * 5000,
    "long words": "word " * 1000,
    "empty": "",
    "white": " \n\t ",
    "control": "\x00\x07\x1b[31m",
    "right to left": "\u202eمرحبا هل يؤلم\u202c",
    "emoji": "😀😀👩‍⚕️",
    "lone half": "\ud800",
    "SQL": "'; DROP TABLE turns; --",
    "HTML": "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "template": "{{7*7}} {name} ${x} %s",
}
SAID_BY_RASA = {"action", "session_started", "user", "bot", "slot", "user_featurization"}
ACTIONS = {"action_session_start", "action_listen", "action_answer_question"}


def is_sentence(text):
    """Whether a patient can read it, and nothing of it is markup."""
    return bool(re.search(r"\w+ \w+", text)) and not re.search(r"<\w|\{\w", text)


def only_words(address, conversation):
    """Whether all that was typed in a conversation was read as words: nothing else set or undid
    anything. Returns how many messages Rasa took.
    """
    engine = open_database(address)
    kept = KeptTurns(engine, Cipher([DEVELOPMENT_KEY])).all(conversation)
    engine.dispose()
    events = [event for turn in kept for event in turn.events]
    heard = [event for event in events if event["event"] == "user"]
    assert {event["event"] for event in events} <= SAID_BY_RASA
    assert {event["name"] for event in events if event["event"] == "action"} <= ACTIONS
    set_by_us = {event["name"] for event in events if event["event"] == "slot"}
    assert set_by_us <= {*Memory.__dataclass_fields__, "session_started_metadata"}
    for one in heard:
        # A command never reaches the reader.
        assert "questions" in one["parse_data"], one["text"]
        assert not (one["text"] or "").startswith(tuple(SLASHES))
    return len(heard)
