"""A message in the plain form in which clinic.nlu.urgent_words looks at it."""

import re
import unicodedata
from typing import Collection, Dict, List, Pattern

from rapidfuzz.distance import OSA

# Slips are looked for from five letters on; two are believed from eight letters on.
ONE_SLIP, TWO_SLIPS = 5, 8
# "tongue's swelling" is read as "tongue swelling"; "it's", "he's" ... keep their own form.
OF_NOUN = re.compile(
    r"\b(?!(?:it|he|she|that|what|who|where|there|here|how|let|everything|someone|mine)['’`´]s)"
    r"(\w{2,})['’`´]s\b"
)
# Pictures that say what words would.
PICTURES = {"🩸": " blood ", "🤒": " fever ", "🤮": " vomiting ", "👶": " baby ", "👁": " eye "}


def plain(text: str) -> str:
    """Lower case, without apostrophes, one space around each word and each mark, a full stop at
    the end.
    """
    text = unicodedata.normalize("NFKC", text).lower().replace("a&e", "hospital")
    for picture, word in PICTURES.items():
        text = text.replace(picture, word)
    text = OF_NOUN.sub(r"\1", text)
    text = re.sub(r"[’'`´]", "", text.replace("&", " and "))
    text = re.sub(r"([a-z])\1{2,}", r"\1\1", text)
    text = re.sub(r"\.{2,}|…|[,;:()–—]| - ", " , ", text)
    # A number stays one thing: "38.5" is no end of a sentence.
    text = re.sub(r"(?<=\d)\.(?=\d)", " ", text)
    text = re.sub(r"[.\n]", " . ", text)
    text = re.sub(r"([?!])", r" \1 ", text)
    return " ".join(["", *re.sub(r"[^\w,.?!]", " ", text).split(), ".", ""])


class OneSpelling:
    """Other ways to write a word, and what is read over: of the table."""

    def __init__(self, same: Dict[str, str], put_aside: Pattern[str]) -> None:
        self.same = {
            other.strip(): str(word) for word, others in same.items() for other in others.split(",")
        }
        longest_first = sorted(map(re.escape, self.same), key=len, reverse=True)
        self.others = re.compile(rf"(?<= )(?:{'|'.join(longest_first)})(?= )")
        self.put_aside = put_aside

    def of(self, text: str) -> str:
        """A plain text with one spelling for each word."""
        # Twice, because one long form may show another: "can not" in "u r not able to".
        for _ in range(2):
            text = self.others.sub(lambda match: self.same[match.group()], text)
        return self.put_aside.sub(" ,", text)


class Keywords:
    """The words that matter most, recognised with a slip of the finger."""

    def __init__(self, keywords: List[str], known: Collection[str]) -> None:
        self.keywords = keywords
        self.known = {word.replace("'", "") for word in known} | set(keywords)

    def mended(self, text: str) -> str:
        """The plain text, with each unknown word that is nearly a keyword replaced by it."""
        return " ".join(["", *map(self._nearest, text.split()), ""])

    def _nearest(self, word: str) -> str:
        if len(word) < ONE_SLIP or word in self.known:
            return word
        reach = 2 if len(word) >= TWO_SLIPS else 1
        near = [
            (OSA.distance(word, keyword, score_cutoff=reach), keyword)
            for keyword in self.keywords
            if keyword[0] == word[0] and len(keyword) >= ONE_SLIP
        ]
        distance, keyword = min(near, default=(reach + 1, word))
        return keyword if distance <= reach else word
