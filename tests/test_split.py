"""A message is split where another question begins, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.nlu.split import is_question, split


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("does it hurt? how much is it?", ["does it hurt?", "how much is it?"]),
        (
            "does freezing hurt and how long till it works",
            ["does freezing hurt", "how long till it works"],
        ),
        ("does it hurt how long till it heals", ["does it hurt", "how long till it heals"]),
        ("does it hurt and scar", ["does it hurt", "does it scar"]),
        ("is it painful or risky", ["is it painful", "is it risky"]),
        ("price, pain, downtime?", ["price", "pain", "downtime?"]),
        ("what are milia and can i squeeze them", ["what are milia", "can i squeeze them"]),
        ("what is it does it hurt how much", ["what is it", "does it hurt", "how much"]),
        ("does it bleed do u get a mark after", ["does it bleed", "do u get a mark after"]),
        ("is it dear? also do you do finance", ["is it dear?", "do you do finance"]),
        (
            "do you do make-up? and is it 6.5 pounds",
            ["do you do make-up?", "is it 6.5 pounds"],
        ),
    ],
)
def test_two_or_three_questions_are_found_in_order(message, parts):
    assert split(message) == parts


@pytest.mark.parametrize(
    "message",
    [
        "how do you remove milia",
        "can you tell me how it works",
        "i would like to know which one is better",
        "is it one visit or do i have to come back",
        "a friend who had it done said it was fine",
        "the place where you do it",
        "can i do it with a needle",
        "how do you know if it is milia",
        "how long after it is done will it heal",
    ],
)
def test_one_question_stays_whole(message):
    assert split(message) == [message]


@pytest.mark.parametrize(
    "part",
    [
        "does it hurt",
        "how long",
        "in what way",
        "hi, can you see me",
        "scars?? or not?",
        "on a tablet is that ok",
    ],
)
def test_the_form_of_a_question(part):
    assert is_question(part)


@pytest.mark.parametrize("part", ["i had a burn", "peels", "it healed", "my aunt squeezed hers"])
def test_the_form_of_a_story(part):
    assert not is_question(part)


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text_gives_at_least_one_part(text):
    assert split(text or "?")
