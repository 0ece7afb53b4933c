"""Which concepts of urgent_words.yml can stand in a message at all, so that only those are looked
for: each of their phrases needs one of a few words.
"""

import re
from collections import defaultdict
from typing import Dict, FrozenSet, List, Optional, Set, Tuple

# A piece of a phrase that needs certain words: "word", "wor*", "(one|two*|three words)".
WORD = re.compile(r"\w+\*?")
CHOICE = re.compile(r"\(([^()]*)\)")
CONCEPT = re.compile(r"<(\w+)>")
# Words that stand in many messages: they tell little.
COMMON = """
i im ive my me mine he hes she shes his her him it its they theyre them we you your the a an this
that these those is are was were be been being am has have had do does did done dont not no cant can
could would will wont to of in on at for with from by about up out off over and or but so if as than
then when what how why who there theres here just now still all any some one go get got getting keep
keeps feel feels like want wants
"""
COMMON_WORDS = frozenset(COMMON.split())
# Stands for the rest of a word.
REST = "*"


def _tells_little(words: FrozenSet[str]) -> Tuple[int, int]:
    """The more common words among them, and the more at all, the less they tell."""
    return len(words & COMMON_WORDS), len(words)


class ConceptIndex:
    """Made from the phrases of each concept, as the table writes them."""

    def __init__(self, phrases: Dict[str, List[List[str]]]) -> None:
        """`phrases`: of each concept its phrases, each in its pieces."""
        self.phrases = phrases
        self.words: Dict[str, Set[str]] = defaultdict(set)
        self.beginnings: Dict[str, Set[str]] = defaultdict(set)
        self.anywhere: Set[str] = set()
        for name in phrases:
            self._enter(name)
        self.shortest = min(map(len, self.beginnings), default=0)

    def possible(self, text: str) -> Set[str]:
        """The concepts that may stand in a plain text."""
        found = set(self.anywhere)
        for word in set(text.split()):
            found |= self.words.get(word, set())
            for end in range(self.shortest, len(word) + 1):
                found |= self.beginnings.get(word[:end], set())
        return found

    def _enter(self, name: str) -> None:
        needed = self._needed_by(name)
        if needed is None:
            self.anywhere.add(name)
            return
        for word in needed:
            where = self.beginnings if word.endswith(REST) else self.words
            where[word.rstrip(REST)].add(name)

    def _needed_by(self, name: str) -> Optional[FrozenSet[str]]:
        """Words of which each phrase of a concept holds one; None where that cannot be told."""
        each = [self._needed_in(pieces) for pieces in self.phrases[name]]
        if None in each:
            return None
        return frozenset().union(*(words for words in each if words))

    def _needed_in(self, pieces: List[str]) -> Optional[FrozenSet[str]]:
        """Words of which a phrase holds one: those of one of its pieces, the rarest and fewest."""
        known = [words for piece in pieces if (words := self._words_of(piece))]
        return min(known, key=_tells_little) if known else None

    def _words_of(self, piece: str) -> Optional[FrozenSet[str]]:
        if WORD.fullmatch(piece):
            return frozenset([piece])
        if found := CONCEPT.fullmatch(piece):
            return self._needed_by(found[1])
        if not (choice := CHOICE.fullmatch(piece)):
            return None
        firsts = [one.split()[:1] for one in choice[1].split("|")]
        if not all(first and WORD.fullmatch(first[0]) for first in firsts):
            return None
        return frozenset(first[0] for first in firsts)
