"""Which parts of a message ask something of their own, and what parts tell about each other."""

import pytest

from clinic.nlu.asking_model import AskingModel, messages
from clinic.nlu.part_context import PartContext
from clinic.nlu.several import ASKS, ASKS_ALONE, Parts, Several
from clinic.nlu.treatment_names import TreatmentNames
from evaluation.model_alone import trained_reader

KINDS = {
    "pain": "answer",
    "price": "not_known",
    "pregnancy": "practitioner",
    "airway": "urgent",
    "thanks": "service",
}


class Model:
    """Names pregnancy where a text does, and pain elsewhere."""

    def rank_corrected(self, text):
        return [("pregnancy", 0.95)] if "pregnant" in text else [("pain", 0.95)]

    def margins(self, text):
        return {"pregnancy": 1.0 if "pregnant" in text else -1.0}


class Judge:
    """Finds each part as sure as it was told."""

    def __init__(self, *sure):
        self.sure = list(sure)

    def judge(self, parts, whole):
        return self.sure


@pytest.fixture
def parts(content):
    return Parts(Model(), TreatmentNames(content), KINDS)


def found(parts, *asked):
    """The topics found among (topic, how sure it is that the part asks)."""
    judge = Judge(*(sure for _, sure in asked))
    said = [(f"does {topic}", [(topic, 0.95)]) for topic, _ in asked]
    return [
        ranking[0][0] for _, ranking in Several(parts, judge).find(said, ("?", [("pain", 1.0)]))
    ]


def test_parts_that_ask_are_found_in_order(parts):
    assert found(parts, ("price", ASKS), ("pain", 0.99)) == ["price", "pain"]


def test_the_same_topic_twice_is_one_question(parts):
    assert found(parts, ("pain", 0.99), ("pain", 0.99), ("price", 0.9)) == ["pain", "price"]


def test_a_part_that_hardly_asks_is_left_out(parts):
    assert found(parts, ("pain", 0.99), ("price", ASKS - 0.01)) == ["pain"]


def test_one_alone_must_be_surer(parts):
    assert found(parts, ("pain", ASKS_ALONE - 0.01), ("price", 0.1)) == []


def test_small_talk_and_urgent_topics_are_no_questions_beside_another(parts):
    assert found(parts, ("pain", 0.99), ("thanks", 0.99), ("airway", 0.99)) == ["pain"]


@pytest.fixture
def context(content):
    return PartContext(Model(), TreatmentNames(content), KINDS)


def test_what_was_told_before_makes_a_question_an_individual_one(context):
    parts = [("i am pregnant", [("pregnancy", 0.9)]), ("can i have a peel", [("pain", 0.95)])]
    assert [ranking[0][0] for _, ranking in context.read(parts)] == ["pregnancy", "pregnancy"]


def test_what_it_is_asks_of_milia_where_no_treatment_is_named(context):
    parts = [("what is it?", [("definition", 0.9)]), ("does it hurt", [("pain", 0.95)])]
    assert [text for text, _ in context.read(parts)] == ["what are milia", "does it hurt"]


def test_it_means_the_treatment_of_the_part_before(context):
    parts = [("how much is freezing", [("price", 0.95)]), ("does it hurt", [("pain", 0.95)])]
    assert [text for text, _ in context.read(parts)] == [
        "how much is freezing",
        "does freezing hurt",
    ]


def test_what_is_asked_of_the_clinic_is_the_same_for_everybody(context):
    parts = [("i am pregnant", [("pregnancy", 0.9)]), ("how much is it", [("price", 0.95)])]
    assert [ranking[0][0] for _, ranking in context.read(parts)] == ["pregnancy", "price"]


def test_a_topic_told_first_and_asked_last_is_answered_last(parts):
    said = [
        ("i am pregnant", [("pregnancy", 0.95)]),
        ("does it scar", [("pain", 0.95)]),
        ("can i have a peel", [("pregnancy", 0.95)]),
    ]
    parts.context.read = lambda parts: parts
    found = Several(parts, Judge(0.99, 0.99, 0.99)).find(said, ("?", [("pain", 1.0)]))
    assert [text for text, _ in found] == ["does it scar", "can i have a peel"]


def test_a_story_is_told_apart_from_a_question():
    def one(text, topic, p):
        return text, [(topic, p), ("causes", 1 - p)]

    two = [one("does it hurt", "pain", 0.9), one("how much is it", "price", 0.9)]
    story = [one("my aunt had hers out", "pain", 0.4), one("how much is it", "price", 0.9)]
    learnt = [(two, ("pain", "price")), (story, ("price",))] * 5
    whole = ("does it hurt, how much is it", [("price", 0.6), ("pain", 0.4)])
    examples = [(parts, whole, wants) for parts, wants in learnt]
    model = AskingModel.train(examples, lambda text: {"price": 0.5, "pain": 0.5})
    told, asked = model.judge(
        [one("my gran had one", "pain", 0.4), one("how dear is it", "price", 0.8)], whole
    )
    assert told < 0.5 < asked


def test_topics_of_the_messages_learnt_from_exist(content):
    assert {topic for one in messages() for topic in one.wants} <= set(content.topics)


@pytest.mark.parametrize(
    ("message", "topics"),
    [
        ("does freezing hurt and how long till it works", ["pain", "results_time"]),
        ("price, pain, downtime?", ["price", "pain", "downtime"]),
        ("how much is it and do you open on sundays", ["price", "opening_hours"]),
        ("I've had them since my holiday and mum had them. Do they come back?", ["recurrence"]),
    ],
)
def test_the_trained_model_finds_what_is_asked(message, topics):
    assert [question.topic for question in trained_reader().read(message).questions] == topics
