"""Whatever is typed into the window is words: a sentence comes back, and nothing obeys it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import HTTPError

from clinic.typed_text import plain_text
from evaluation.window import Window
from tests.stored_rows import conversations_in
from tests.typed import AT_THE_DOOR, COMMANDS, ODD, is_sentence, only_words, typed


def said(window, text):
    """The words of the reply, or those of the refusal."""
    try:
        (reply,) = window.say(text)
        return reply["text"]
    except HTTPError as error:
        return error.response.json()["sentence"]


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_whatever_is_typed_a_sentence_comes_back(window, text):
    assert is_sentence(said(window, text))
    lines = [line["text"] for line in window.lines() if line["role"] == "patient"]
    assert lines in ([], [plain_text(text)])


def test_known_commands_are_words(window, bot):
    known = conversations_in(bot.database, "website_lines")
    assert all(is_sentence(said(window, text)) for text in COMMANDS)
    (conversation,) = conversations_in(bot.database, "website_lines") - known
    assert only_words(bot.database, conversation) == len(COMMANDS)


@AT_THE_DOOR
@given(st.one_of(typed(), st.sampled_from(COMMANDS)))
def test_nothing_typed_is_a_command(bot, text):
    window = Window(bot.address)
    window.open()
    known = conversations_in(bot.database, "website_lines")
    assert is_sentence(said(window, text))
    if window.lines():
        (conversation,) = conversations_in(bot.database, "website_lines") - known
        assert only_words(bot.database, conversation) == 1
