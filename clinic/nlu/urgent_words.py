"""Finds the urgent sign that a patient's words report, before any classifier is asked.

What counts stands in urgent_words.yml; here is how it is read.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any, Collection, Dict, Iterator, List, Optional, Tuple

import yaml

from clinic.content import SIGNS
from clinic.nlu.urgent_index import ConceptIndex
from clinic.nlu.urgent_mood import set_aside
from clinic.nlu.urgent_text import Keywords, OneSpelling, plain

TABLE = Path(__file__).with_name("urgent_words.yml")
# Words that the parts of a combination may be apart, where the table says nothing else.
NEAR = 12
# The gaps of the table: up to three words, up to seven, never over the end of a sentence.
# What rules a combination out counts up to so many words away.
FAR = 20
GAPS = {"..": r"(?: [^ .?!]+){0,3}?", "...": r"(?: [^ .?!]+){0,7}?"}
# A message is looked at so far: longer ones are pasted text.
LONGEST = 2000
END_OF_SENTENCE = re.compile(r" [.?!](?= )")
# Of a phrase: a word, with what stands in brackets.
PIECE = re.compile(r"(?:\([^)]*\)|\[[^\]]*\]|[^\s(\[])+")
UNLESS = "unless "
# What has come back is not over.
OVER, RELAPSE = ("RESOLVED", "LONG_AGO"), "RELAPSE"
# "Not healed", "it hasn't gone down": no ending.
ENDED = ("RESOLVED", "HEALED", "ALL_FINE")
NOT_YET = re.compile(
    r" (?:not|isnt|hasnt|havent|never|doesnt|wont|didnt|wasnt|arent|no)(?: \w+){0,2}$"
)
Span = Tuple[int, int]


@dataclass(frozen=True)
class Combination:
    """One line of the table: parts near each other, context anywhere, and what rules it out."""

    sign: str
    parts: Tuple[Tuple[str, ...], ...]
    context: Tuple[str, ...]
    unless: Tuple[str, ...]
    near: int
    always: bool

    @classmethod
    def read(cls, sign: str, line: str) -> "Combination":
        always, line = line.startswith("! "), line.removeprefix("! ")
        line, _, unless = line.partition(" - ")
        line, _, context = line.partition(" & ")
        line, _, near = line.partition(" @")
        parts = tuple(tuple(part.split("|")) for part in line.strip().split(" + "))
        outside = tuple(name for name in context.strip().split("|") if name)
        ruled_out = tuple(name for name in unless.strip().split("|") if name)
        return cls(sign, parts, outside, ruled_out, int(near or NEAR), always)


class UrgentWords:
    """The table, ready to be looked up; `known` are words that are no slips of others."""

    def __init__(self, known: Collection[str]) -> None:
        table: Dict[str, Any] = yaml.load(TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
        concepts: Dict[str, str] = table["concepts"]
        self.concepts = {name: re.compile(_pattern(name, concepts)) for name in concepts}
        self.index = ConceptIndex(
            {n: [PIECE.findall(phrase) for phrase in _divided(concepts[n])] for n in concepts}
        )
        self.places = set(table["places"])
        self.symptoms: List[str] = table["symptoms"]
        self.soothing: List[str] = table["soothing"]
        own = re.findall(r"\w+", " ".join(concepts.values()))
        put_aside = "|".join(_phrases(table["put_aside"], concepts))
        self.spelling = OneSpelling(table["same"], re.compile(rf" (?:{put_aside})(?= )"))
        self.keywords = Keywords(table["keywords"].split(), {*known, *own})
        self.combinations = [
            replace(one, unless=one.unless + tuple(table["unless"]))
            for sign in SIGNS
            for one in _combinations(sign, table["signs"][sign])
        ]
        # Of each concept, the combinations that need it or one like it: others are not looked at.
        self.needing: Dict[str, List[int]] = defaultdict(list)
        for n, combination in enumerate(self.combinations):
            for name in min(combination.parts, key=len):
                self.needing[name].append(n)

    def find(self, text: str) -> Optional[str]:
        """The id of the most dangerous sign that a message reports, or None."""
        message = Message(self.read(text), self)
        possible = sorted({n for name in message.possible for n in self.needing.get(name, ())})
        combinations = map(self.combinations.__getitem__, possible)
        return next((c.sign for c in combinations if message.shows(c)), None)

    def sets_aside(self, text: str) -> bool:
        """Whether a message reports no symptom: what it names of one is denied, feared, asked in
        general, over, or a figure of speech.
        """
        message = Message(self.read(text), self)
        if any(message.reports(name) for name in self.symptoms):
            return False
        return any(message.names(name) for name in (*self.symptoms, *self.soothing))

    def read(self, text: str) -> str:
        """The form in which a message is looked at."""
        return self.keywords.mended(self.spelling.of(plain(text[:LONGEST])))


class Message:
    """One message in plain form, and where each concept stands in it, looked for once."""

    def __init__(self, text: str, words: UrgentWords) -> None:
        self.text = text
        self.words = words
        self.possible = words.index.possible(text)
        self.found: Dict[Tuple[str, bool], List[Span]] = {}

    def shows(self, combination: Combination) -> bool:
        """Whether all of a combination stands here, and nothing near that rules it out."""
        if combination.context and not self._spans(combination.context, True):
            return False
        places = []
        for part in combination.parts:
            places.append(self._spans(part, combination.always))
            if not places[-1]:
                return False
        near = [spans for spans in product(*places) if _width(spans) <= combination.near]
        against = self._spans(combination.unless, True)
        return any(all(_width((*spans, one)) > FAR for one in against) for spans in near)

    def names(self, concept: str) -> bool:
        """Whether a concept stands here at all."""
        return bool(self._where(concept, True))

    def reports(self, concept: str) -> bool:
        """Whether a concept is reported here."""
        return bool(self._where(concept, False))

    def _spans(self, names: Tuple[str, ...], always: bool) -> List[Span]:
        return [span for name in names for span in self._where(name, always)]

    def _where(self, name: str, always: bool) -> List[Span]:
        """The words (first, last) where a concept is reported."""
        key = name, always or name in self.words.places
        if key not in self.found:
            self.found[key] = list(self._look(*key))
        return self.found[key]

    def _look(self, name: str, always: bool) -> Iterator[Span]:
        if name not in self.possible:
            return
        if name in OVER and self._where(RELAPSE, True):
            return
        for match in self.words.concepts[name].finditer(self.text):
            if name in ENDED and NOT_YET.search(self.text[: match.start()]):
                continue
            if always or not self._set_aside(match.start(), match.end()):
                first = self.text.count(" ", 0, match.start())
                yield first, first + match.group().count(" ") - 1

    def _set_aside(self, start: int, end: int) -> bool:
        """Whether what stands there is denied, or asked in general."""
        before = END_OF_SENTENCE.split(self.text[:start])[-1]
        after = END_OF_SENTENCE.split(self.text[end:])[0]
        return set_aside(before, self.text[start:end], after)


def _combinations(sign: str, lines: List[str]) -> Iterator[Combination]:
    """The lines of a sign, each with what rules all of them out."""
    for_all = tuple(line[len(UNLESS) :] for line in lines if line.startswith(UNLESS))
    for line in lines:
        if not line.startswith(UNLESS):
            one = Combination.read(sign, line)
            yield replace(one, unless=one.unless + for_all)


def _width(spans: Tuple[Span, ...]) -> int:
    """How many words two or more places span."""
    return max(last for _, last in spans) - min(first for first, _ in spans)


def _pattern(name: str, concepts: Dict[str, str]) -> str:
    """The regular expression of a concept: whole words, each with the space before it."""
    return rf"(?: (?:{_alternatives(name, concepts)}))(?= )"


def _alternatives(name: str, concepts: Dict[str, str]) -> str:
    return "|".join(_phrases(concepts[name], concepts))


def _phrases(line: str, concepts: Dict[str, str]) -> List[str]:
    """The regular expression of each phrase."""
    return [_phrase(phrase, concepts) for phrase in _divided(line)]


def _divided(line: str) -> List[str]:
    """The phrases of a concept, as the table writes them; a comma inside brackets divides
    nothing.
    """
    return [phrase.strip() for phrase in re.split(r",\s*(?![^(\[]*[)\]])", line)]


def _phrase(phrase: str, concepts: Dict[str, str]) -> str:
    pieces = PIECE.findall(phrase)
    pattern, space = "", ""
    for piece in pieces:
        word = piece.replace("*", r"\w*").replace("(", "(?:")
        word = re.sub(r"<(\w+)>", lambda m: f"(?:{_alternatives(m.group(1), concepts)})", word)
        if piece in GAPS:
            pattern += GAPS[piece]
        elif piece.startswith("["):
            pattern += rf"(?:{space}(?:{word[1:-1]}))?" if space else rf"(?:(?:{word[1:-1]}) )?"
        else:
            pattern += space + word
        space = space if piece.startswith("[") and not space else " "
    return pattern
