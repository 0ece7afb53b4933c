"""What patients want with their data works at the window, from every state."""

import pytest

from tests.forgetting import FORM, REFERENCE, STATES, forget
from tests.stored_rows import conversations_in


@pytest.fixture
def say(window):
    return lambda words: window.say(words)[-1]["text"]


@pytest.mark.parametrize("before", STATES.values(), ids=STATES)
def test_what_is_deleted_is_in_no_table_any_more(say, bot, before):
    known = conversations_in(bot.database, "website_lines")
    say("hello")
    (conversation,) = conversations_in(bot.database, "website_lines") - known
    forget(say, bot.database, conversation, before)


@pytest.mark.parametrize("before", STATES.values(), ids=STATES)
def test_stop_gives_a_reference(say, before):
    for words in before:
        say(words)
    assert REFERENCE.search(say("stop"))


def test_a_form_goes_on_after_the_data_are_kept(say, content):
    *begun, name = FORM
    for words in begun:
        asked = say(words)
    say("delete my data")
    assert say("No, keep it").endswith(asked)
    assert say(name) == content.booking.questions["way"]
