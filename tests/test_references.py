"""clinic.references: what a short message points at, by its words alone."""

import pytest

from clinic.references import (
    about_all,
    about_it,
    chosen_option,
    follows_on,
    only_names,
    treatments_meant,
)

OPTIONS = ("pain", "brands", "price")
ASKS = ("Does it hurt?", "Which skincare brands do you offer?", "What does it cost?")


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("1", "pain"),
        ("2.", "brands"),
        ("the second one", "brands"),
        ("number 3 please", "price"),
        ("the last one", "price"),
        ("does it hurt", "pain"),
        ("Wich skincare brand do you offer", "brands"),
        ("4", None),
        ("2 weeks", None),
        ("no", None),
        ("does it scar", None),
        ("", None),
    ],
)
def test_option_is_chosen_by_number_place_or_words(text, chosen):
    assert chosen_option(text, OPTIONS, ASKS) == chosen


@pytest.mark.parametrize("text", ["1", "the last one", "first"])
def test_nothing_is_chosen_where_nothing_was_offered(text):
    assert chosen_option(text, (), ()) is None


@pytest.mark.parametrize(
    ("text", "now", "earlier", "meant"),
    [
        ("and the other one?", ("peels",), ("cryotherapy",), ("cryotherapy",)),
        ("and the other one?", ("peels", "cryotherapy"), (), ("cryotherapy",)),
        ("and the other one?", ("peels",), (), ()),
        ("the second one", ("peels", "cryotherapy"), (), ("cryotherapy",)),
        ("the former", ("peels", "cryotherapy"), (), ("peels",)),
        ("the first one", ("peels",), ("cryotherapy",), ("cryotherapy",)),
        ("do they both hurt", ("peels", "cryotherapy"), (), ("peels", "cryotherapy")),
        ("does it hurt", ("peels", "cryotherapy"), ("extraction",), ()),
    ],
)
def test_treatments_of_before_are_meant_by_few_words(text, now, earlier, meant):
    assert treatments_meant(text, (), now, earlier) == meant


def test_treatment_that_is_named_is_the_one_meant():
    named = ("extraction",)
    assert treatments_meant("not the other one", named, ("peels",), ("cryotherapy",)) == named


@pytest.mark.parametrize(
    ("rest", "only"),
    [
        ("and ?", True),
        ("no, I meant the", True),
        ("what about the other one", True),
        ("does hurt", False),
        ("how much is", False),
    ],
)
def test_message_of_nothing_but_a_name_is_known(rest, only):
    assert only_names(rest) is only


@pytest.mark.parametrize(
    ("text", "general"),
    [
        ("how long do all of them take", True),
        ("which hurts least", True),
        ("does it hurt", False),
        ("any pain", False),
        ("does it hurt at all", False),
    ],
)
def test_question_about_all_treatments_is_known(text, general):
    assert about_all(text) is general


@pytest.mark.parametrize(
    ("text", "on"), [("and if I stopped it in March?", True), ("I stopped it in March", False)]
)
def test_message_that_goes_on_with_the_one_before_is_known(text, on):
    assert follows_on(text) is on


@pytest.mark.parametrize(
    ("topic", "meant"), [("cryotherapy", "peels"), ("pain", "pain"), ("price", ""), ("", "")]
)
def test_it_is_the_treatment_at_hand_or_a_side_of_it(topic, meant):
    assert about_it(topic, ("peels",)) == meant
