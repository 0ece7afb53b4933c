"""Finds the clinic's treatments in a message, by the many names of content/treatments.yml and slips
of them.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Dict, List

from rapidfuzz.distance import OSA

from clinic.content import Content

WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
# A single word this long may have one slip, a longer one two.
ONE_SLIP, TWO_SLIPS = 6, 9
# Of so many words it is remembered whether they are slips.
SLIPS_KEPT = 1_000


@dataclass(frozen=True)
class Named:
    """A treatment named in a text, and where."""

    treatment: str
    start: int
    end: int
    loose: bool


class TreatmentNames:
    """The names of the treatments, ready to be looked for."""

    def __init__(self, content: Content) -> None:
        self.names: Dict[str, tuple[str, bool]] = {}
        for key, treatment in content.treatments.treatments.items():
            self.names |= {_plain(name): (key, False) for name in treatment.names}
            self.names |= {_plain(name): (key, True) for name in treatment.loose_names}
        # Of each first word, the most words that a name with it has.
        self.longest: Dict[str, int] = {}
        for name in self.names:
            first, n = name.split()[0], len(name.split())
            self.longest[first] = max(n, self.longest.get(first, 0))
        self.single = [name for name in self.names if " " not in name and len(name) >= ONE_SLIP]
        # Only its words decide.
        self._slip = lru_cache(SLIPS_KEPT)(self._find_slip)

    def find(self, text: str) -> List[Named]:
        """The treatments named, in order; loose names ("cream") count only where no other is
        named.
        """
        words = list(WORD.finditer(text.lower()))
        plain = [_plain(word.group()) for word in words]
        found: List[Named] = []
        i = 0
        while i < len(words):
            named, taken = self._at(plain, i)
            if named:
                treatment, loose = named
                end = words[i + taken - 1].end()
                found.append(Named(treatment, words[i].start(), end, loose))
            i += taken
        firm = [one for one in found if not one.loose]
        return firm or found

    def _at(self, words: List[str], i: int) -> tuple[Any, int]:
        """The treatment with the longest name that stands from word i on, and how many words it
        takes.
        """
        longest = self.longest.get(words[i].split(" ")[0], 0)
        for n in range(min(longest, len(words) - i), 0, -1):
            name = " ".join(words[i : i + n])
            if name in self.names:
                return self.names[name], n
        return self._slip(words[i]), 1

    def _find_slip(self, word: str) -> Any:
        reach = 2 if len(word) >= TWO_SLIPS else 1 if len(word) >= ONE_SLIP else 0
        near = [
            (OSA.distance(word, name, score_cutoff=reach), name)
            for name in self.single
            if name[0] == word[0]
        ]
        best = min((pair for pair in near if pair[0] <= reach), default=None) if reach else None
        return self.names[best[1]] if best else None


def _plain(word: str) -> str:
    return word.lower().replace("-", " ").replace("'", "")
