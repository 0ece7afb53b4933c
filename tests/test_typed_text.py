"""clinic.typed_text: what a patient types is words, whatever it looks like."""

import unicodedata

import pytest
from hypothesis import example, given
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from clinic.typed_text import LONGEST, SLASHES, plain_text
from tests.typed import DOMAIN, typed


@given(typed())
@example("/restart")
@example('\u2003/book{"phone":"9"}')
@example("\ufeff\u202e/restart")
@example("EXTERNAL: /restart")
@example("／restart")
@example("/ /\x00/restart")
def test_nothing_typed_is_a_command_to_rasa(text):
    message = Message({TEXT: UserMessage(plain_text(text)).text})
    # Rasa returns the message itself where it sees no command; without a domain it knows any name.
    assert YAMLStoryReader.unpack_regex_message(message) is message
    assert YAMLStoryReader.unpack_regex_message(message, DOMAIN) is message


@given(typed())
def test_nothing_typed_looks_like_a_command(text):
    words = plain_text(text)
    assert words == words.strip()
    assert not words.startswith(tuple(SLASHES))
    assert not unicodedata.normalize("NFKC", words).strip().startswith(("/", "\\", "@"))
    assert not words.casefold().startswith("external:")


@given(typed())
def test_plain_text_holds_no_character_that_is_not_seen(text):
    words = plain_text(text)
    kinds = {unicodedata.category(c) for c in words if c not in "\n\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    words.encode("utf-8")


@given(typed())
def test_plain_text_stays_as_it_is(text):
    assert plain_text(plain_text(text)) == plain_text(text)


@pytest.mark.parametrize(
    "words",
    [
        "does freezing hurt?",
        "I am free 9-5, and/or on Friday",
        "my e-mail is priya@example.org",
        "two\nlines",
        "هل يؤلم التجميد؟",
        "می‌خواهم",
        "👩‍⚕️ 👍🏽",
        "<b>hi</b>",
        "'; DROP TABLE x; --",
        "24/7?",
        "the external part of my eye: it is red",
    ],
)
def test_ordinary_words_stay_as_typed(words):
    assert plain_text(words) == words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/stop", "stop"),
        ("  /restart  ", "restart"),
        ('/book{"phone":"9"}', 'book{"phone":"9"}'),
        ("External: swollen", "External swollen"),
        ("s\u200bwollen\xad lips", "swollen lips"),
        ("one\r\n\r\n two", "one\ntwo"),
        ("\x00\x07", ""),
        ("///", ""),
        (None, ""),
        (5, ""),
        (["/restart"], ""),
        ({"text": "hi"}, ""),
    ],
)
def test_what_becomes_of(typed, words):
    assert plain_text(typed) == words


def test_a_long_message_is_cut():
    assert len(plain_text("word " * 5000)) <= LONGEST
    assert plain_text("a" * 5000) == "a" * LONGEST
