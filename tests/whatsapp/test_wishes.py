"""What patients want with their data works on WhatsApp, from every state, after STOP too."""

import pytest

from tests.forgetting import REFERENCE, STATES, forget
from tests.stored_rows import conversation_of


@pytest.mark.parametrize("before", STATES.values(), ids=STATES)
def test_what_is_deleted_is_in_no_table_any_more(bot, meta, phone, before):
    bot.ask(phone, "hello")
    conversation = conversation_of(bot.settings.database, "whatsapp_patients")
    forget(lambda words: bot.ask(phone, words), bot.settings.database, conversation, before)


def test_after_stop_the_data_can_still_be_told_and_deleted(bot, meta, phone):
    bot.ask(phone, "does freezing hurt")
    assert REFERENCE.search(bot.ask(phone, "STOP"))
    conversation = conversation_of(bot.settings.database, "whatsapp_patients")
    forget(lambda words: bot.ask(phone, words), bot.settings.database, conversation, ())
