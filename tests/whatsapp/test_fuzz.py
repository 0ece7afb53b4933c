"""Whatever is written on WhatsApp is words: a sentence comes back, and nothing obeys it."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stored_rows import conversations_in
from tests.typed import AT_THE_DOOR, COMMANDS, ODD, is_sentence, only_words, typed
from whatsapp_demo.payloads import Phone


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_whatever_is_written_a_sentence_comes_back(bot, meta, phone, text):
    assert is_sentence(bot.ask(phone, text))


@AT_THE_DOOR
@given(st.one_of(typed(), st.sampled_from(COMMANDS)))
def test_nothing_written_is_a_command(bot, text):
    phone = Phone(wa_id=f"4474{secrets.randbits(26)}", user_id=f"GB.{secrets.randbits(60)}")
    database = bot.settings.database
    known = conversations_in(database, "whatsapp_patients")
    assert is_sentence(bot.ask(phone, text))
    (conversation,) = conversations_in(database, "whatsapp_patients") - known
    # Without words it does not even come to Rasa.
    assert only_words(database, conversation) in (0, 1)
