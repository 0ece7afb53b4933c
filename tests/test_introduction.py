"""clinic.introduction: the first reply on every channel says who answers and what it can do."""

import pytest

from clinic.content import SIGNS
from clinic.conversation import respond
from clinic.introduction import introduced
from clinic.memory import Memory, Question
from clinic.message import Message
from evaluation.judge import Judge

PAIN = Question("does it hurt", "pain")
AIRWAY = Question("my lips are swelling", SIGNS["airway"], sign="airway")


class Talk:
    """A conversation on a channel, as the action leads it."""

    def __init__(self, content, channel):
        self.content, self.channel, self.memory = content, channel, Memory()

    def hear(self, question):
        message = Message(question.text, channel=self.channel)
        turn = respond([question], self.memory, self.content, message)
        turn = introduced(turn, self.memory, self.channel, self.content)
        self.memory = turn.memory
        return turn.reply.text


@pytest.fixture
def words(content):
    return content.fill(content.conversation.introduction)


def test_it_holds_what_a_first_message_must(words, content):
    for part in ("automated", "I answer", "I can't", "no medical details or photos"):
        assert part in words
    assert content.clinic.privacy_page in words


@pytest.mark.parametrize("channel", ["rest", "cmdline", ""])
@pytest.mark.parametrize(
    "topic", ["pain", "price", "pregnancy", "nlu_fallback", "booking", "abuse"]
)
def test_the_first_reply_says_it_and_no_other(channel, topic, content, words):
    talk = Talk(content, channel)
    assert talk.hear(Question("x", topic)).startswith(f"{words}\n\n")
    assert words not in talk.hear(PAIN)


def test_the_greeting_says_it_by_itself(content, words):
    talk = Talk(content, "rest")
    assert talk.hear(Question("hello", "greeting")) == content.fill(
        content.conversation.service["greeting"]
    )
    assert words not in talk.hear(PAIN)


def test_an_urgent_card_stands_alone_and_the_next_reply_says_it(content, words):
    talk = Talk(content, "rest")
    assert talk.hear(AIRWAY).startswith("Call 999")
    assert talk.hear(AIRWAY).startswith("Call 999")
    assert talk.hear(PAIN).startswith(words)


@pytest.mark.parametrize("channel", ["website", "whatsapp"])
def test_a_channel_that_says_it_itself_is_left_alone(channel, content, words):
    assert words not in Talk(content, channel).hear(PAIN)


def test_it_is_not_said_again_after_stop(content, words):
    talk = Talk(content, "rest")
    talk.hear(PAIN)
    talk.hear(Question("stop", "nlu_fallback"))
    assert words not in talk.hear(PAIN)


def test_the_judge_of_the_evaluation_reads_past_it(content, words):
    judge = Judge(content)
    assert judge.topics_in(words) == []
    for topic in content.topics:
        asked = Question("x", topic, ("pain", "price"))
        said = respond([asked], Memory(), content).reply.text
        wants = (topic,)
        assert judge.verdict(f"{words}\n\n{said}", wants) == judge.verdict(said, wants), topic
