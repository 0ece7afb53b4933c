"""What counts as an answer when the bot is evaluated."""

import pytest

from clinic.answers import Asked, reply
from evaluation.judge import Judge
from evaluation.sets import Step


@pytest.fixture
def judge(content):
    return Judge(content)


def said(content, *asked):
    return reply(asked, content).text


def test_answer_to_what_was_asked_is_right(judge, content):
    text = said(content, Asked("pain"))
    assert judge.verdict(text, ("pain",)) == "right"
    assert judge.verdict(text, ("scarring",)) == "wrong"


def test_questions_are_answered_in_their_order_and_no_other_beside_them(judge, content):
    text = said(content, Asked("pain"), Asked("scarring"))
    assert judge.verdict(text, ("pain", "scarring")) == "right"
    assert judge.verdict(text, ("scarring", "pain")) == "wrong"
    assert judge.verdict(text, ("pain",)) == "wrong"


def test_of_two_treatments_each_has_its_sentence(judge, content):
    text = said(content, Asked("pain", ("peels", "cryotherapy")))
    assert judge.verdict(text, ("pain",)) == "right"
    both = Step("", ("pain/peels", "pain/cryotherapy"), ())
    assert judge.fits(text, both)
    assert not judge.fits(text, Step("", ("pain/extraction",), ()))
    assert not judge.fits(text, Step("", ("pain/peels",), ("pain/cryotherapy",)))


@pytest.mark.parametrize("reply_to_wish", ["ask_forget", "held"])
def test_replies_to_wishes_about_data_are_of_privacy_alone(judge, content, reply_to_wish):
    text = content.fill(getattr(content.privacy, reply_to_wish))
    assert judge.verdict(text, ("privacy",)) == "right"
    assert judge.verdict(text, ("price",)) == "wrong"


def test_asking_back_is_told_apart_by_what_it_offers(judge, content):
    words = content.conversation
    text = f"{words.did_you_mean}\n1. {content.ask('pain')}"
    assert judge.verdict(text, ("pain",)) == "asks back, right topic offered"
    assert judge.verdict(text, ("scarring",)) == "asks back"
    assert judge.fits(text, Step("", ("unsure",), ()))
