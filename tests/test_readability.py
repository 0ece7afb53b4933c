"""clinic.readability: how old a reader must be for a text."""

import textstat
from hypothesis import given
from hypothesis import strategies as st

from clinic.readability import FEWEST, TERMS, reading_age, too_hard
from clinic.words import Said

EASY = "We look at the bump with you. Then we tell you what we can do. You choose what you want."
HARD = (
    "Practitioner-administered dermatological interventions necessitate comprehensive evaluation. "
    "Contraindications notwithstanding, individualised recommendations are communicated."
)


def test_easy_text_is_easy_and_hard_text_is_hard():
    assert too_hard(EASY) == ""
    assert "use shorter words" in too_hard(HARD)
    assert reading_age(EASY) < 8 < 18 < reading_age(HARD)


def test_age_is_that_of_a_well_known_library():
    words = [
        "walk",
        "talk",
        "house",
        "garden",
        "water",
        "yellow",
        "little",
        "mother",
        "kitchen",
        "window",
        "summer",
    ]
    for n in (4, 8, 11):
        text = " ".join(f"{' '.join(words[:n])}." for _ in range(4))
        # The library counts the full stop as a letter of each sentence.
        theirs = textstat.automated_readability_index(text) - 4.71 / n
        assert abs(reading_age(text) - 5 - theirs) < 0.1


def test_terms_that_have_no_plainer_word_count_as_short_ones():
    text = "You may ask the {} about your {} here on {} day."
    assert reading_age(text.format("practitioner", "microneedling", "any")) == reading_age(
        text.format("plain", "plain", "any")
    )


def test_addresses_numbers_and_lists_do_not_count():
    text = "Ring us or write to us when you want to know more"
    with_contact = (
        f"{text} https://karma-clinic.example/privacy\n• Extraordinarily: incomprehensible"
    )
    assert reading_age(with_contact) < reading_age(text) + 2


def test_few_words_have_no_age():
    assert reading_age("Incomprehensibly " * (FEWEST - 1)) == 0


@given(st.text(max_size=300))
def test_any_text_has_an_age(text):
    assert isinstance(reading_age(text), float)


def test_hard_text_is_refused_in_content():
    try:
        Said.check(HARD)
    except ValueError as error:
        assert "reading age of" in str(error)
    else:
        raise AssertionError


def test_every_term_is_used_by_the_clinic(content):
    """A term that stands nowhere in content/ only makes the check blunt."""
    from clinic.settings import PROJECT

    words = " ".join(f.read_text(encoding="utf-8") for f in (PROJECT / "content").glob("*.yml"))
    used = {found[0].lower() for found in TERMS.finditer(words)}
    assert {"milia", "keratin", "cryotherapy", "practitioner", "consultation", "retinol"} <= used
