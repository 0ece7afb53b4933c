"""The running bot: the real Rasa server with the trained model, and the real action server."""

import re
import uuid

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from clinic.settings import PROJECT
from evaluation.bot import running_bot
from evaluation.judge import Judge
from tests.typed import AT_THE_DOOR, COMMANDS, ODD, is_sentence, only_words, typed

CONVERSATIONS = yaml.safe_load((PROJECT / "tests" / "conversations.yml").read_text())


@pytest.fixture(scope="module")
def bot():
    with running_bot() as bot:
        yield bot


@pytest.mark.parametrize("conversation", CONVERSATIONS, ids=lambda c: c["name"])
def test_conversation(bot, content, conversation):
    judge, sender = Judge(content), uuid.uuid4().hex
    for turn in conversation["turns"]:
        text = bot.text(turn["patient"], sender)
        for wanted in turn["wants"]:
            assert judge.place(text, wanted) is not None, f"{turn['patient']} -> {text}"
        for never in turn.get("never", []):
            assert judge.place(text, never) is None, f"{turn['patient']} -> {text}"


def test_one_reply_carries_the_whole_answer(bot, content):
    (reply,) = bot.say("does freezing hurt", uuid.uuid4().hex)
    assert "From our milia page." in reply["text"]
    assert content.ask("downtime") in reply["text"]
    assert [button["title"] for button in reply["buttons"]] == [
        content.ask("downtime"),
        content.ask("booking"),
    ]


def test_an_urgent_card_comes_in_one_message_without_buttons(bot, content):
    (reply,) = bot.say("i cant breathe my tongue is swelling up", uuid.uuid4().hex)
    assert reply["text"].startswith("Call 999 now if breathing")
    assert "buttons" not in reply


def test_every_button_leads_to_its_topic(bot, content):
    judge = Judge(content)
    for topic in content.topics:
        assert judge.place(bot.text(content.ask(topic)), topic) is not None, topic


def test_patients_do_not_hear_each_others_conversation(bot):
    one, other = uuid.uuid4().hex, uuid.uuid4().hex
    bot.text("does freezing hurt", one)
    bot.text("what are milia", other)
    assert "cryotherapy" in bot.text("how long until it works", one)
    assert "depends on the treatment" in bot.text("how long until it works", other)


@pytest.mark.parametrize(
    "typed", ["/restart", "\u2003/restart", "/back", '/price{"topic": "pain"}', "EXTERNAL: restart"]
)
def test_typed_command_is_words_and_the_thread_goes_on(bot, typed):
    sender = uuid.uuid4().hex
    bot.text("does freezing hurt", sender)
    assert re.search(r"\w+ \w+", bot.text(typed, sender))
    assert "skin peel" in bot.text("and peels?", sender)


@pytest.mark.parametrize("message", [None, 5, ["/restart"], {"text": "hi"}, True])
def test_what_is_no_text_gets_a_sentence_too(bot, message):
    assert re.search(r"\w+ \w+", bot.text(message))


@pytest.mark.parametrize("message", ODD.values(), ids=ODD)
def test_whatever_is_typed_a_sentence_comes_back(bot, message):
    assert is_sentence(bot.text(message))


@AT_THE_DOOR
@given(st.one_of(typed(), st.sampled_from(COMMANDS)))
def test_nothing_typed_is_a_command(bot, text):
    sender = uuid.uuid4().hex
    assert is_sentence(bot.text(text, sender))
    assert only_words(bot.database, sender) == 1
