"""Which parts of a message ask something of their own."""

import pytest

from clinic.nlu.several import Several
from clinic.nlu.treatment_names import TreatmentNames

KINDS = {"pain": "answer", "price": "not_known", "pregnancy": "practitioner", "booking": "service"}


@pytest.fixture
def several(content):
    def rank(text):
        """Pregnancy where it is named, pain of a treatment where one is named."""
        return [("pregnancy", 0.95)] if "pregnant" in text else [("pain", 0.95)]

    return Several(rank, TreatmentNames(content), KINDS)


def topics(parts):
    return [ranking[0][0] for _, ranking in parts]


def test_two_clear_questions_are_both_found_in_order(several):
    parts = [("does it hurt", [("pain", 0.95)]), ("how much is it", [("price", 0.97)])]
    assert topics(several.find(parts)) == ["pain", "price"]


def test_the_same_topic_twice_is_one_question(several):
    parts = [("does it hurt", [("pain", 0.95)]), ("is it sore", [("pain", 0.95)])]
    assert topics(several.find(parts)) == ["pain"]


def test_a_part_must_be_clear(several):
    parts = [("does it hurt", [("pain", 0.95)]), ("and is it much", [("price", 0.8)])]
    assert topics(several.find(parts)) == ["pain"]


def test_a_story_is_no_question(several):
    parts = [("my aunt had hers out", [("pain", 0.95)]), ("how much is it", [("price", 0.95)])]
    assert topics(several.find(parts)) == ["price"]


def test_what_was_told_before_makes_a_question_an_individual_one(several):
    parts = [("i am pregnant", [("pregnancy", 0.9)]), ("can i have a peel", [("pain", 0.95)])]
    assert topics(several.find(parts)) == ["pregnancy"]


def test_it_means_the_treatment_of_the_part_before(several):
    parts = [("how much is freezing", [("price", 0.95)]), ("does it hurt", [("pain", 0.95)])]
    found = several.find(parts)
    assert [text for text, _ in found] == ["how much is freezing", "does freezing hurt"]


def test_three_single_words_are_three_questions(several):
    parts = [
        ("price", [("price", 0.95)]),
        ("pain", [("pain", 0.95)]),
        ("booking", [("booking", 0.95)]),
    ]
    assert topics(several.find(parts)) == ["price", "pain", "booking"]


def test_thanks_is_never_a_question_beside_another(several):
    parts = [("does it hurt", [("pain", 0.95)]), ("can i say thanks", [("thanks", 0.99)])]
    assert topics(several.find(parts)) == ["pain"]
