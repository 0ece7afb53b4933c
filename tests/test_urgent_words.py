"""clinic.nlu.urgent_words: what patients report is heard, what they only ask about is not."""

import time

import pytest
import yaml

from clinic.content import OWN_CARDS, SIGNS
from clinic.nlu.alarm_model import HEARD_BY_WORDS
from clinic.nlu.urgent_words import LONGEST, TABLE
from clinic.settings import PROJECT
from evaluation.model_alone import trained_reader

# Shares measured when the rules were written: 0.0002 and 0.997; the bounds leave room for a few
# new training sentences.
FALSE_ALARMS, HEARD = 0.001, 0.99
# What the words may cost beside the encoder, for the same messages; a long message beside a typical
# one, which it exceeds in length at least as much.
BESIDE_THE_ENCODER, BESIDE_A_TYPICAL_ONE = 1.0, 500

MESSAGES = yaml.safe_load(HEARD_BY_WORDS.read_text(encoding="utf-8"))
PAIRS = [(text, sign) for sign, texts in MESSAGES.items() for text in texts]


TYPICAL = ["does it hurt when you freeze them", "what can i do so they do not come back"] * 10


def seconds(work, texts):
    """The processor time of one text, on average."""
    start = time.process_time()
    for text in texts:
        work(text)
    return (time.process_time() - start) / len(texts)


@pytest.fixture(scope="module")
def words():
    return trained_reader().urgent_words


@pytest.fixture(scope="module")
def trained(content):
    """(topic, sentence) of all that the classifier is trained on."""
    text = (PROJECT / "data" / "nlu.yml").read_text(encoding="utf-8")
    return [
        (block["intent"], line.removeprefix("- "))
        for block in yaml.load(text, yaml.CSafeLoader)["nlu"]
        for line in block["examples"].splitlines()
    ]


def test_each_sign_has_its_messages_and_its_combinations():
    assert set(MESSAGES) == {*SIGNS, "none"}
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    assert set(table["signs"]) == set(SIGNS)


def test_every_concept_is_used_and_every_used_one_is_there(words):
    combined = [
        name
        for one in words.combinations
        for name in (*sum(one.parts, ()), *one.context, *one.unless)
    ]
    line = TABLE.read_text(encoding="utf-8")
    inside = [name for name in words.concepts if f"<{name}>" in line]
    assert set(combined) | set(inside) | {"RELAPSE"} == set(words.concepts)
    assert words.places <= set(words.concepts)


@pytest.mark.parametrize(("text", "sign"), PAIRS, ids=[text for text, _ in PAIRS])
def test_message_has_its_sign(text, sign, words):
    assert words.find(text) == (None if sign == "none" else sign)


def test_ordinary_training_sentences_raise_no_alarm(words, trained, content):
    calm = [text for topic, text in trained if content.topics[topic].kind != "urgent"]
    alarms = [text for text in calm if words.find(text)]
    assert len(alarms) <= FALSE_ALARMS * len(calm), alarms


def test_urgent_training_sentences_are_heard(words, trained, content):
    urgent = [text for topic, text in trained if content.topics[topic].kind == "urgent"]
    missed = [text for text in urgent if not words.find(text)]
    assert len(missed) <= (1 - HEARD) * len(urgent), missed


def test_no_button_raises_an_alarm(words, content):
    calm = [topic for topic in content.topics.values() if topic.kind != "urgent"]
    assert [topic.ask for topic in calm if words.find(topic.ask)] == []


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("How much is a peel? My tongue is swelling up.", "airway"),
        ("Jo Smith, 07400 123456, and I got acid in my eye", "eye_injury"),
        ("tuesday morning please. also i dont want to be here anymore", "crisis"),
        ("i want to die, and your phone line never answers", "crisis"),
        ("losing the will to live with your phone line", None),
        ("no", None),
        ("yes please", None),
        ("💉👁️", None),
    ],
)
def test_sign_in_the_middle_of_something_else_is_heard(text, sign, words):
    assert words.find(text) == sign


@pytest.mark.parametrize(
    ("denied", "reported"),
    [
        ("there is no pus", "there is pus"),
        ("it isn't swollen or hot", "it is swollen and hot"),
        ("no trouble breathing", "trouble breathing"),
        ("it hasn't got infected", "it has got infected"),
        ("will it get infected", "it got infected"),
        ("what if my face swells up", "my face swells up"),
        ("can freezing burn your cheek", "freezing has burnt my cheek"),
        ("does it bleed for hours", "it has been bleeding for hours"),
        ("I burnt my cheek years ago and it healed", "I burnt my cheek with a peel"),
        ("can milia get infected", "what is milia, and my cheek has got infected"),
        ("the sore has healed up", "been six weeks and the sore hasn't healed up"),
        (
            "the swelling of my face has gone down",
            "my face is swollen, it had gone down but now its back",
        ),
    ],
)
def test_denial_question_and_history_are_told_from_a_report(denied, reported, words):
    assert words.find(denied) is None
    assert words.find(reported) is not None


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("baby is floppy", "child"),
        ("she has spots and a fever", "infection"),
        ("my baby has spots and a fever", "unwell_baby"),
        ("he hits me", "harm"),
        ("my sister wants to die", "crisis"),
    ],
)
def test_who_it_is_about_decides(text, sign, words):
    assert words.find(text) == sign


@pytest.mark.parametrize(
    "text", ["my throte is sweling", "my face is swolen", "infectd and hott", "bleading wont stop"]
)
def test_slips_of_the_finger_are_heard(text, words):
    assert words.find(text) is not None


def test_most_dangerous_sign_is_told(words):
    assert words.find("the spot is infected, and my throat is closing up") == "airway"
    assert list(SIGNS).index("airway") < list(SIGNS).index("infection")


def test_words_come_before_the_classifier_and_name_the_sign():
    reading = trained_reader().read("does it hurt? also my lips have swollen up")
    assert [(q.topic, q.sign) for q in reading.questions] == [("urgent_sign", "airway")]
    for text, topic, sign in [
        ("i dont want to be here anymore", "crisis", "crisis"),
        ("he hits me", "harm_by_others", "harm"),
    ]:
        assert [(q.topic, q.sign) for q in trained_reader().read(text).questions] == [(topic, sign)]


def test_ordinary_question_goes_to_the_classifier():
    reading = trained_reader().read("does extraction bleed?")
    assert all(not question.sign for question in reading.questions)


@pytest.mark.parametrize(
    "text", ["", " ", "a" * 5000, "my eye " * 900, "swollen " * 700, "?!.,\n" * 500]
)
def test_odd_and_long_messages_are_read_in_no_time(text, words):
    assert seconds(words.find, [text]) < BESIDE_A_TYPICAL_ONE * seconds(words.find, TYPICAL)
    assert len(words.read(text)) < 3 * LONGEST


def test_typical_message_costs_next_to_nothing(words, trained):
    texts = [text for _, text in trained[::50]]
    encoder = trained_reader().model.encoder
    assert seconds(words.find, texts) < BESIDE_THE_ENCODER * seconds(encoder.encode, texts)


def test_own_cards_are_the_signs_of_urgent_sign(content):
    assert set(content.urgent.cards) == {*OWN_CARDS, *set(SIGNS.values())}
