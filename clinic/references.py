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
# Which of a list is called so.
PLACES = {"first": 0, "1st": 0, "former": 0, "second": 1, "2nd": 1, "latter": 1, "third": 2}
PLACES |= {"3rd": 2, "fourth": 3, "4th": 3, "fifth": 4, "5th": 4, "last": -1}
# And which when a message says nothing else.
ALONE = {"1": 0, "one": 0, "a": 0, "2": 1, "two": 1, "b": 1, "3": 2, "three": 2, "c": 2}
PLACED = re.compile(
    rf"\b(?:the )?({'|'.join(PLACES)})"
    r"(?: (?:one|option|treatment|of (?:those|these|them))\b|\W*$)",
    re.I,
)
FOLLOWS_ON = re.compile(r"^\W*(and|but|what if|even if|also|if|so)\b", re.I)
# What may stand beside a treatment's name in "and peels?", "no, the cream I meant".
AROUND_A_NAME = re.compile(
    r"\b(and|also|ok|okay|so|then|what|how|wat|bout|about|abt|for|with|the|a|an|no|nope|not|that|"
    r"i|meant|mean|sorry|same|but|or|if|it|its|it's|is|was|rather|actually|instead|one|well|too|"
    r"hows|whats|oh|ah|thing|option|treatment|please|pls|wait|want|wanted|question|to|does|do|"
    r"again|hang on|hmm|n|nd|oops|soz|nah|nono|of|was|were|thinking|talking|just|maybe|me|my|mine|"
    r"us|him|her|you|u|id|i'd|have|having|had|get|go|say|said|right|alright|great|thanks|ta|fine|"
    r"cool|still|now|especially|mainly|only|particularly|specifically|plus|both|they|anyway)\b|[^\w\s]",
    re.I,
)
# "And freezing, more or less the same?" only names it; "and how does freezing work" asks.
POINTING = re.compile(r"^\W*(and|n|or|no+|nah|oops|soz|sorry|wait|i mean|i meant|not that)\b", re.I)
ASKS_ITSELF = re.compile(
    r"\b(how(?! about)|why|when|where|who|which|what(?! about| of|s? that)|explain|tell|works?|"
    r"(is|are|do|does|did|can|could|will|would|should) (it|that|they|this|there|you|u|i|we))\b",
    re.I,
)
FEW_WORDS = 8
# "What does freezing do": its name, and a question about it.
WHAT_IT_DOES = re.compile(r"\b(what|wat|wot) (does|do)\b", re.I)
# Until what? Nobody can tell.
HOW_LONG = re.compile(r"^\W*(and|so|ok|then|but|for)?\W*how long( then| tho| though)?\W*$", re.I)
REJECTED = re.compile(r"\bnot\W*(?:(?:the|a|any)\W*)?$", re.I)
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
    place = (ALONE | PLACES).get(match[1].lower()) if match else None
    if place is None or not -count <= place < count:
        return None
    return place


def _plain(text: str) -> str:
    return text.casefold().strip(" ?.!")


def treatments_meant(
    text: str,
    named: tuple[str, ...],
    now: tuple[str, ...],
    earlier: tuple[str, ...],
    listed: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """The treatments that a message is about in its own words: named in it, or "the other one",
    "the second", "both" of those listed just before, or named now and earlier; nothing when it
    says nothing of them.
    """
    if named:
        return named
    if OTHER_ONE.search(text) and len(now) + len(earlier) > 1:
        return now[1:2] or earlier[:1]
    both = listed or (now if len(now) > 1 else earlier[:1] + now)
    if len(both) > 1 and (match := PLACED.search(text)):
        place = PLACES[match[1].lower()]
        return both[place:][:1]
    if len(now) > 1 and BOTH.search(text):
        return now
    return ()


def only_names(rest: str) -> bool:
    """Nothing but a treatment: "and peels?", "no, the cream I meant", "same for the other one"."""
    if WHAT_IT_DOES.search(rest):
        return False
    for pattern in (OTHER_ONE, BOTH, PLACED, AROUND_A_NAME):
        rest = pattern.sub("", rest)
    return not rest.strip()


def goes_on_with_a_name(rest: str) -> bool:
    """Whether few words go on from before and ask nothing of their own beside a treatment's name:
    "and freezing, more or less the same?".
    """
    few = len(rest.split()) <= FEW_WORDS
    return few and POINTING.search(rest) is not None and not ASKS_ITSELF.search(rest)


def asks_how_long(text: str) -> bool:
    """Whether a message is a bare "how long": until it works, heals, or is done?"""
    return HOW_LONG.search(text) is not None


def names_another(text: str) -> bool:
    """Whether a message points at "the other one"."""
    return OTHER_ONE.search(text) is not None


def rejects(rest: str) -> bool:
    """Whether the words before a treatment's name only rule it out: "not the"."""
    return REJECTED.search(rest.strip()) is not None


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
