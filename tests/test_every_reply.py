"""Every reply of the bot, in every state: each clinical sentence is a fact of content/."""

from dataclasses import replace

import pytest

from clinic.booking.draft import Draft
from clinic.content import OWN_CARDS, SIGNS, TREATMENTS
from clinic.conversation import respond
from clinic.memory import UNSURE, Memory, Question
from clinic.message import Message
from clinic.privacy.wishes import FORGET, STOP, TELL, PrivacyWish, Result, said
from clinic.words import LONGEST_SENTENCE, claims_in, count_words, sentences
from tests.guards.test_clinical_words import CLINICAL
from tests.known_sentences import known, plain, written

FORM = Draft(kind="consultation", asking="name", adult="yes")
STATES = {
    "new": Memory(),
    "after an answer": Memory(topic="pain", treatments=("peels",), offered=("downtime", "booking")),
    "after a treatment": Memory(topic="peels", treatments=("peels", "extraction")),
    "after a practitioner": Memory(topic="pregnancy", offered=("booking", "person")),
    "unsure": Memory(offered=("pain", "price"), times_unsure=1),
    "unsure again": Memory(offered=("pain", "price"), times_unsure=2),
    "in the form": Memory(draft=FORM),
    "asked to confirm": Memory(confirming=FORGET),
}


@pytest.fixture(scope="module")
def of_content(content):
    return written(content)


def questions(content):
    """Every topic with every treatment, every sign, and what is not understood."""
    for sign in OWN_CARDS:
        yield Question("x", SIGNS[sign], sign=sign)
    for topic in (*content.topics, UNSURE):
        for treatment in (None, *TREATMENTS):
            named = (treatment,) if treatment else ()
            yield Question("x", topic, ("pain", "price", "booking"), named, "x")


def replies(state, content):
    """What is said to each of them alone, and to a question after it."""
    pain = Question("does it hurt", "pain", (), (), "does it hurt")
    message = Message(text="x", conversation="web-1234567890")
    for question in questions(content):
        for asked in ([question], [pain, replace(question, text="y")]):
            yield respond(asked, state, content, message).reply.text


def clinical(text):
    """The sentences that state something of skin or treatments."""
    for line in sentences(text):
        if CLINICAL.search(line):
            yield line


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_every_clinical_sentence_is_written_in_content(state, content, of_content):
    texts = list(replies(state, content))
    assert len(texts) > 800
    foreign = {s for text in texts for s in clinical(text) if not known(s, of_content)}
    assert foreign == set()


def test_no_fact_stands_beneath_what_only_a_practitioner_answers(content):
    facts = written(content, "milia.yml", "treatments.yml") - {plain(content.milia.source)}
    handed_over = [n for n, topic in content.topics.items() if topic.kind == "practitioner"]
    for topic in handed_over:
        for other in (*content.milia.answers, *content.treatments.all_treatments, "price"):
            asked = [Question("x", topic), Question("y", other), Question("z", "booking")]
            text = respond(asked, Memory(), content).reply.text
            _, _, beneath = text.partition(content.not_ours.practitioner[topic])
            assert beneath
            assert not {plain(s) for s in sentences(beneath)} & facts


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_no_reply_claims_too_much_or_is_too_long_to_read(state, content):
    for text in replies(state, content):
        assert claims_in(text) == [], text
        assert [s for s in sentences(text) if count_words(s) > LONGEST_SENTENCE] == []
        assert "{" not in text


@pytest.mark.parametrize("kind", [FORGET, TELL, STOP])
def test_replies_about_data_say_nothing_clinical(kind, content):
    counts = {"messages": 3, "requests": 1} if kind == TELL else {}
    text = said(PrivacyWish(kind), Result("KC-7F4Q2M", counts), True, content).text
    assert list(clinical(text)) == []
    assert claims_in(text) == []
