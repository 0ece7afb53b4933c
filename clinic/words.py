"""The rules for every sentence we say: no forbidden claim, 20 words a sentence.

The rules are those of the clinic's wording guide: a bot on a clinic's site is advertising, so it
promises nothing.
"""

import re
from collections.abc import Callable, Iterator, Set
from typing import Any

from clinic.readability import too_hard

LONGEST_SENTENCE = 20
LONGEST_ANSWER = 60
PLACEHOLDERS = {"name", "telephone", "email", "privacy_page", "reply_time"}
# What a patient told the booking form; only its own sentences hold these.
TOLD = {"contact", "reference", "suggestion"}

FORBIDDEN_CLAIMS = {
    "no scarring": r"(\b(no|not|without|never|zero)|n['’]t)( leave)?( any| a)? scar(s|ring)?\b"
    r"|\bscar[- ]?(less|free)\b",
    "painless": r"\bpain[- ]?(less|free)|\b(no|without|zero)( any)? pain\b",
    "safe": r"\bsafe(ly|r|st|ty)?\b",
    "guaranteed": r"\bguarantee",
    "permanent": r"\bpermanent|\bfor good\b|\bfor ever\b|\bforever\b",
    "cure": r"\bcur(e|es|ed|ing)\b",
    "best": r"\bbest\b",
    "no downtime": r"\b(no|zero|without)( any)? downtime\b",
    "quick": r"\bquick|\bfast(er|est)?\b|\binstant(ly|aneous(ly)?)?\b",
    "effective": r"\beffective",
    "time-limited offer": r"\b(today only|limited time|offer ends|last chance|special offer)\b"
    r"|\d ?% off\b",
}


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line of its own is one too."""
    return [s.strip() for s in re.split(r"(?<=[.!?:])\s+|\n+", text) if s.strip()]


def count_words(text: str) -> int:
    """Words separated by white space that hold a letter or a figure."""
    return sum(1 for word in text.split() if re.search(r"\w", word))


def claims_in(text: str) -> list[str]:
    """The names of the forbidden claims that a text makes."""
    return [
        name
        for name, pattern in FORBIDDEN_CLAIMS.items()
        if re.search(pattern, text, re.IGNORECASE)
    ]


def wrong_with(
    text: str, placeholders: Set[str] = PLACEHOLDERS, english: bool = True
) -> Iterator[str]:
    """Say each thing that is wrong with a text of ours."""
    if not text.strip():
        yield "is empty"
    for claim in claims_in(text):
        yield f"makes a forbidden claim ({claim}): say what happens, promise nothing"
    for sentence in sentences(text):
        if (n := count_words(sentence)) > LONGEST_SENTENCE:
            yield f"has a sentence of {n} words, {LONGEST_SENTENCE} at most: “{sentence}”"
    # One sentence alone may be a part of an answer, which is looked at as a whole.
    if english and len(sentences(text)) > 1 and (hard := too_hard(text)):
        yield hard
    for name in re.findall(r"{(.*?)}", text):
        if name not in placeholders:
            yield f"has an unknown placeholder {{{name}}}"


class Said(str):
    """A text that patients read; pydantic refuses one that breaks a rule."""

    placeholders = PLACEHOLDERS
    english = True

    @classmethod
    def __get_validators__(cls) -> Iterator[Callable[[Any], "Said"]]:
        yield cls.check

    @classmethod
    def check(cls, value: Any) -> "Said":
        if not isinstance(value, str):
            raise TypeError("is not a text: put it in quotes")
        if wrong := list(wrong_with(value, cls.placeholders, cls.english)):
            raise ValueError("; ".join(wrong))
        return cls(value)


class ForeignSaid(Said):
    """A text in another language, for which there is no reading age."""

    english = False


class FormSaid(Said):
    """A text of the booking form, which may also hold what the patient told it."""

    placeholders = PLACEHOLDERS | TOLD
