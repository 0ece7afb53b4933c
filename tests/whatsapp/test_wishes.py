"""What patients want with their data works on WhatsApp, from every state, after STOP too."""

import pytest

from tests.forgetting import REFERENCE, STATES, forget
from tests.stored_rows import conversations_in


@pytest.mark.parametrize("before", STATES.values(), ids=STATES)
def test_what_is_deleted_is_in_no_table_any_more(bot, meta, phone, before):
    known = conversations_in(bot.settings.database, "whatsapp_patients")
    bot.ask(phone, "hello")
    (conversation,) = conversations_in(bot.settings.database, "whatsapp_patients") - known
    forget(lambda words: bot.ask(phone, words), bot.settings.database, conversation, before)


def test_after_stop_the_data_can_still_be_told_and_deleted(bot, meta, phone):
    known = conversations_in(bot.settings.database, "whatsapp_patients")
    bot.ask(phone, "does freezing hurt")
    assert REFERENCE.search(bot.ask(phone, "STOP"))
    (conversation,) = conversations_in(bot.settings.database, "whatsapp_patients") - known
    forget(lambda words: bot.ask(phone, words), bot.settings.database, conversation, ())
