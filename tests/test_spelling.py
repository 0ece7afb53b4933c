"""Typed words are brought nearer to the words that the model knows."""

from collections import Counter

import pytest

from clinic.nlu.spelling import Spelling, clean

TRAINED = Counter(
    {"freezing": 9, "removal": 9, "hurt": 9, "scarring": 9, "extraction": 5, "strange": 1}
)
SPELLING = Spelling(TRAINED, ["does", "it", "the", "cat", "hurts"])


@pytest.mark.parametrize("name", ["millia", "milea", "Melia", "mila", "milias", "mylia", "MILLIUM"])
def test_every_spelling_of_milia_is_one_word(name):
    assert clean(f"what are {name}?") == "what are milia?"


@pytest.mark.parametrize(
    "word", ["mill", "million", "family", "miles", "smile", "military", "milk"]
)
def test_words_that_only_look_like_milia_stay(word):
    assert clean(f"a {word}") == f"a {word}"


def test_emoji_alone_become_words():
    assert clean("😭") == "loudly crying face"


def test_emoji_beside_words_are_left_out():
    assert clean("hurts 😭 a lot 🙏") == "hurts a lot"


def test_stretched_letters_are_shortened():
    assert clean("sooooo sore") == "soo sore"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("freezin", "freezing"),
        ("does it hrut", "does it hurt"),
        ("removel", "removal"),
        ("scaring", "scarring"),
    ],
)
def test_slips_are_corrected_to_trained_words(typed, meant):
    assert SPELLING.correct(typed) == meant


@pytest.mark.parametrize("text", ["the cat", "hurts", "xq", "zqzqzqzq"])
def test_known_short_and_distant_words_stay(text):
    assert SPELLING.correct(text) == text


def test_a_word_seen_once_in_training_corrects_nothing():
    assert SPELLING.correct("strang") == "strang"
