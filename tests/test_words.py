"""clinic.words: what no sentence of ours may claim, how long it may be, what it may leave open."""

import pytest

from clinic.words import LONGEST_SENTENCE, Said, claims_in, count_words, sentences, wrong_with

CLAIMS = [
    ("no scarring", "There is no scarring."),
    ("no scarring", "You heal without any scars."),
    ("no scarring", "It never scars."),
    ("no scarring", "It does not leave a scar."),
    ("no scarring", "It won’t scar."),
    ("no scarring", "Removal is scarless."),
    ("no scarring", "A scar-free result."),
    ("no scarring", "A scar free result."),
    ("painless", "Removal is painless."),
    ("painless", "It is pain-free."),
    ("painless", "It is done without pain."),
    ("painless", "You feel no pain."),
    ("safe", "Freezing is SAFE."),
    ("safe", "We safely take them out."),
    ("safe", "Your safety comes first."),
    ("guaranteed", "Clear skin is guaranteed."),
    ("guaranteed", "We guarantee it."),
    ("permanent", "They go permanently."),
    ("permanent", "Milia are gone for good."),
    ("permanent", "They stay away forever."),
    ("cure", "A cure for milia."),
    ("cure", "Peels cured it."),
    ("best", "Peels are best."),
    ("no downtime", "There is no downtime."),
    ("no downtime", "It works without any downtime."),
    ("quick", "A quick visit."),
    ("quick", "It works quickly."),
    ("quick", "Fast results."),
    ("quick", "You heal faster."),
    ("quick", "Instantly clear."),
    ("effective", "An effective treatment."),
    ("effective", "It works effectively."),
    ("time-limited offer", "Today only: book a peel."),
    ("time-limited offer", "A special offer."),
    ("time-limited offer", "Peels are 20% off."),
]

ORDINARY = [
    "Ask for the safeguarding lead.",
    "That would be unsafe.",
    "Your data is secure.",
    "You may be curious.",
    "We bestow no titles.",
    "The skin's barrier is obscured.",
    "Trying it at home can scar.",
    "It can be painful, for instance near the eye.",
    "Minimal discomfort, minimal downtime.",
    "Have breakfast first.",
    "Results are seen immediately.",
    "A good moisturiser, for dry skin.",
    "Side effects are for the practitioner to explain.",
    "We offer five treatments, today and tomorrow.",
]


@pytest.mark.parametrize(("claim", "text"), CLAIMS)
def test_forbidden_claim_is_refused(claim, text):
    assert claims_in(text) == [claim]
    with pytest.raises(ValueError, match="forbidden claim"):
        Said.check(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_word_near_a_claim_is_allowed(text):
    assert list(wrong_with(text)) == []


def test_sentence_of_twenty_words_is_allowed_and_of_twenty_one_is_not():
    longest = " ".join(["word"] * LONGEST_SENTENCE)
    assert list(wrong_with(f"{longest}.")) == []
    assert "21 words, 20 at most" in next(wrong_with(f"{longest} more."))


def test_each_sentence_of_a_text_is_counted_by_itself():
    half = " ".join(["word"] * 15)
    assert list(wrong_with(f"{half}. {half}! {half}? {half}:\n{half}")) == []


def test_a_line_of_a_list_is_a_sentence_of_its_own():
    assert sentences("It depends:\n• one\n• two") == ["It depends:", "• one", "• two"]


def test_a_bullet_or_a_dash_is_no_word():
    assert count_words("• 1 to 2 weeks – usually") == 5


@pytest.mark.parametrize("text", ["Ring {telephone}.", "Write to {email} or see {privacy_page}."])
def test_placeholder_that_is_filled_is_allowed(text):
    assert list(wrong_with(text)) == []


@pytest.mark.parametrize("text", ["Ring {phone}.", "Dear {patient}.", "An empty {}."])
def test_placeholder_that_nobody_fills_is_refused(text):
    assert "unknown placeholder" in next(wrong_with(text))


@pytest.mark.parametrize("text", ["", "  \n"])
def test_empty_text_is_refused(text):
    assert list(wrong_with(text)) == ["is empty"]


@pytest.mark.parametrize("value", [5, None, ["a list"], True])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(TypeError, match="is not a text"):
        Said.check(value)


def test_all_that_is_wrong_with_a_text_is_said_at_once():
    with pytest.raises(ValueError, match="painless.*guaranteed.*unknown placeholder"):
        Said.check("Painless and guaranteed, {patient}.")
