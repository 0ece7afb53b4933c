"""Bring a typed message nearer to the words the encoder knows: emoji, names of milia, slips of the
finger.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

import emoji
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

# How patients write "milia": millia, milea, melia, mila, mylia, milias, millium ...
MILIA = re.compile(r"\b(?:m[iey]l+[ie]+[au]h?s?|m[ie]l+as?|mil+ium)\b")
WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
LETTERS = re.compile(r"[^\W\d_]{2}")
# A word of training is trusted as a correction once it was seen this often; its own slips are
# rarer.
OFTEN = 3


def clean(text: str) -> str:
    """Lower case, plain quotes, one spelling of milia, no stretched letters; emoji beside words are
    left out, alone they become words. Lines stay lines: a new one often begins a new question.
    """
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    words = emoji.replace_emoji(text, " ")
    text = words if LETTERS.search(words) else emoji.replace_emoji(text, _in_words)
    text = re.sub(r"([^\W\d_])\1{2,}", r"\1\1", text.lower())
    lines = MILIA.sub("milia", text).splitlines()
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _in_words(chars: str, _: object) -> str:
    return f" {emoji.demojize(chars).strip(':').replace('_', ' ')} "


def words_of(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in cleaned texts."""
    return Counter(word for text in texts for word in WORD.findall(clean(text)))


class Spelling:
    """Corrects words that neither the encoder nor the training sentences know."""

    def __init__(self, trained: Counter[str], encoder_words: Iterable[str]) -> None:
        often = [word for word, n in trained.items() if n >= OFTEN and len(word) > 3]
        self.targets: dict[str, list[str]] = defaultdict(list)
        for word in sorted(often, key=lambda word: -trained[word]):
            self.targets[word[0]].append(word)
        self.known = set(encoder_words) | {w for w, n in trained.items() if n >= OFTEN}

    def correct(self, text: str) -> str:
        """The cleaned text with each unknown word replaced by the nearest trained one, if one is
        near.
        """
        return WORD.sub(lambda match: self._nearest(match.group()), clean(text))

    def _nearest(self, word: str) -> str:
        if len(word) < 4 or word in self.known:
            return word
        reach = 1 if len(word) < 6 else 2
        same_start = self.targets.get(word[0], [])
        found = extract(word, same_start, scorer=OSA.distance, score_cutoff=reach, limit=1)
        return str(found[0][0]) if found else word
