"""What a short message points at: an offered topic, a treatment named before, the same question
again. Pure.
"""

import re
from collections.abc import Sequence

from rapidfuzz.fuzz import ratio

from clinic.content import ASPECTS, TREATMENTS

# Words of a button that were typed instead of tapped may differ by a slip.
SAME_WORDS = 88
# Not "any pain?", "at all", "every day": those go on with the treatment at hand.
ABOUT_ALL = re.compile(
    r"\b((all|any|each|every) (of|one|the|your|treatments?|options?|methods?|ways?|types?|five)|"
    r"overall|general(ly)?|treatments|which|whichever|everything)\b",
    re.I,
)
OTHER_ONE = re.compile(r"\b(the )?other (one|treatment|1)\b|\bthe other\W*$", re.I)
BOTH = re.compile(r"\b(both|each|them|those two|the two|either)\b", re.I)
PLACED = re.compile(r"\b(?:the )?(first|1st|former|second|2nd|latter)(?: one\b|\W*$)", re.I)
SECOND = ("second", "2nd", "latter")
FOLLOWS_ON = re.compile(r"^\W*(and|but|what if|even if|also|if|so)\b", re.I)
# What may stand beside a treatment's name in "and peels?", "no, the cream I meant".
AROUND_A_NAME = re.compile(
    r"\b(and|also|ok|okay|so|then|what|how|wat|bout|about|abt|for|with|the|a|an|no|nope|not|that|"
    r"i|meant|mean|sorry|same|but|or|if|it|its|it's|is|was|rather|actually|instead|one|well|too|"
    r"hows|whats|oh|ah|thing|option|treatment|please|pls|wait|want|wanted|question|to|does|do|"
    r"again|hang on|hmm)\b|[^\w\s]",
    re.I,
)
PLACES = [{"1", "one", "first", "1st", "a"}, {"2", "two", "second", "2nd", "b"}]
PLACES += [{"3", "three", "third", "3rd", "c"}]
CHOSEN = re.compile(
    r"^\W*(?:the |option |number |no |nr )*(\w+)(?: one| option| please| pls| then)*\W*$", re.I
)


def chosen_option(text: str, options: Sequence[str], asks: Sequence[str]) -> str | None:
    """The offered topic that was chosen by its number, its place or its words."""
    place = _place(text, len(options))
    if place is not None:
        return options[place]
    for option, ask in zip(options, asks, strict=True):
        if ratio(_plain(text), _plain(ask)) >= SAME_WORDS:
            return option
    return None


def _place(text: str, count: int) -> int | None:
    match = CHOSEN.match(text)
    if not match:
        return None
    word = match[1].lower()
    if word == "last" and count:
        return count - 1
    return next((n for n, names in enumerate(PLACES[:count]) if word in names), None)


def _plain(text: str) -> str:
    return text.casefold().strip(" ?.!")


def treatments_meant(
    text: str, named: tuple[str, ...], now: tuple[str, ...], earlier: tuple[str, ...]
) -> tuple[str, ...]:
    """The treatments that a message is about in its own words: named in it, or "the other one",
    "the second", "both" of those named now and earlier; nothing when it says nothing of them.
    """
    if named:
        return named
    if OTHER_ONE.search(text) and len(now) + len(earlier) > 1:
        return now[1:2] or earlier[:1]
    both = (now + earlier)[:2]
    if len(both) == 2 and (match := PLACED.search(text)):
        return both[1:] if match[1].lower() in SECOND else both[:1]
    if len(now) > 1 and BOTH.search(text):
        return now
    return ()


def only_names(rest: str) -> bool:
    """Nothing but a treatment: "and peels?", "no, the cream I meant", "same for the other one"."""
    for pattern in (OTHER_ONE, BOTH, PLACED, AROUND_A_NAME):
        rest = pattern.sub("", rest)
    return not rest.strip()


def about_all(text: str) -> bool:
    """Whether a message asks about treatments in general."""
    return ABOUT_ALL.search(text) is not None


def about_it(topic: str, subject: tuple[str, ...]) -> str:
    """The topic of "what does it do exactly" after an answer about a treatment; "" where there is
    none.
    """
    if topic in TREATMENTS:
        return subject[0]
    return topic if topic in ASPECTS else ""


def follows_on(text: str) -> bool:
    """Whether a message goes on with the one before: "and if I stopped it in March?"."""
    return FOLLOWS_ON.search(text) is not None
