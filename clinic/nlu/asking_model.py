"""Tells which parts of a message ask something of their own.

"does it hurt and how long till it heals" asks twice; "they came after a burn, will they go" once.
How a part is worded, how clear its topic is, and what the whole message seems to ask decide
together; what each counts for is learnt from `several_messages.yml`.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, List, Sequence, Tuple

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from clinic.content import TREATMENTS
from clinic.nlu.split import is_question
from clinic.nlu.topic_model import Ranking

# A part of a message, and its topics.
Part = Tuple[str, Ranking]
# How strongly the words of a text speak for each topic.
Margins = Callable[[str], Dict[str, float]]
# Messages, each with the topics it asks about in order: one, two or three.
MESSAGES = Path(__file__).with_name("several_messages.yml")
# Asked for without the form of a question: "book me in".
WISHES = {"booking", "booking_change", "person", "complaint"}
# Said around a question, or by a piece of one: never a question of its own beside another.
NEVER_A_PART = {
    "greeting", "thanks", "goodbye", "abilities", "agreement", "refusal", "repeat", "abuse",
    "out_of_scope",
}  # fmt: skip
# Each of these answers "why do I get them" too.
SOME_CAUSE = {
    "cause_keratin", "cause_products", "cause_sun_ageing", "cause_skin_damage", "cause_genes",
    "other_causes",
}  # fmt: skip
TELLING = {"i", "im", "i'm", "my", "ive", "i've", "we", "she", "he", "they"}
# Probabilities are compared on the scale of their odds; none counts as more certain than this.
CERTAIN = 1e-4
LONG = 12
# A topic is clear from this probability on.
CLEAR = 0.9
# A message of so many words is a story.
STORY = 35
# A message speaks for a topic from this margin on.
SPOKEN_FOR = -0.3
# Inverse regularisation.
C = 1.0


@dataclass(frozen=True)
class Asked:
    """A message with the topics it asks about, in order."""

    ask: str
    wants: Tuple[str, ...]


def messages() -> List[Asked]:
    """The messages that the model learns from."""
    found = yaml.load(MESSAGES.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return [Asked(one["ask"], tuple(one["wants"])) for one in found]


class AskingModel:
    """Trained from messages in parts; judges the parts of a new one."""

    def __init__(self, weights: NDArray[np.float64], margins: Margins) -> None:
        self.weights = weights
        self.margins = margins

    @classmethod
    def train(
        cls, examples: Sequence[Tuple[List[Part], Part, Tuple[str, ...]]], margins: Margins
    ) -> "AskingModel":
        """Fit on the parts of messages, the whole of each, and the topics asked about."""
        rows = [row for parts, whole, _ in examples for row in _features(parts, whole, margins)]
        asks = [ranking[0][0] in wants for parts, _, wants in examples for _, ranking in parts]
        fit = LogisticRegression(C=C, max_iter=3000).fit(np.array(rows), asks)
        return cls(np.append(fit.coef_[0], fit.intercept_), margins)

    def judge(self, parts: List[Part], whole: Part) -> List[float]:
        """For each part the probability that it asks something of its own."""
        if not parts:
            return []
        rows = np.array(_features(parts, whole, self.margins))
        return [1 / (1 + math.exp(-value)) for value in rows @ self.weights[:-1] + self.weights[-1]]

    def save(self, folder: Path) -> None:
        """Write one file into a folder."""
        np.save(folder / "asking.npy", self.weights)

    @classmethod
    def load(cls, folder: Path, margins: Margins) -> "AskingModel":
        """The model that `save` wrote; raises OSError when the file is missing."""
        return cls(np.load(folder / "asking.npy"), margins)


def _features(parts: List[Part], whole: Part, margins: Margins) -> List[List[float]]:
    """A row for each part: its form, how clear its topic is, how it stands in the message."""
    whole_text, whole_ranking = whole
    spoken, in_whole = margins(whole_text), dict(whole_ranking)
    asking = [is_question(text) for text, _ in parts]
    topics = [ranking[0][0] for _, ranking in parts]
    length = sum(len(text.split()) for text, _ in parts)
    story = length >= STORY
    rows: List[List[float]] = []
    for i, ((text, ranking), asks, topic) in enumerate(zip(parts, asking, topics, strict=True)):
        p, words = ranking[0][1], text.split()
        treatment = topic in TREATMENTS
        clear, of_whole = _odds(p), _odds(in_whole.get(topic, 0.0))
        own = margins(text)
        short = len(words) <= 3
        row = {
            "asks": asks,
            "clear": clear,
            "clear without asking": clear * (not asks),
            "ahead of the next topic": _odds(p - ranking[1][1] if ranking[1:] else p),
            "in the whole": of_whole,
            "in the whole and asks": of_whole * asks,
            "the whole is clear": _odds(whole_ranking[0][1]),
            "the whole's topic": topic == whole_ranking[0][0],
            "length": min(len(words), LONG) / LONG,
            "one or two words": len(words) <= 2,
            "share of the words": len(words) / length,
            "two parts": len(parts) == 2,
            "four parts or more": len(parts) >= 4,
            "several ask": sum(asking) >= 2,
            "asks among several": asks and sum(asking) >= 2,
            "nothing asks": not any(asking),
            "small talk": topic in NEVER_A_PART,
            "a wish": topic in WISHES,
            "asked before": topic in topics[:i],
            "ends with a mark": text.rstrip().endswith("?"),
            "first": i == 0,
            "last": i == len(parts) - 1,
            "tells": words[0].lower() in TELLING,
            "tells in a story": story and not asks,
            "asks clearly": asks and p >= CLEAR,
            "a clear word or two": short and p >= CLEAR,
            "a word or two with a mark": short and text.rstrip().endswith("?"),
            "its words": own[topic],
            "its few words": own[topic] * short,
            "its words ahead": own[topic] - max(m for t, m in own.items() if t != topic),
            "words of the whole": spoken[topic],
            "words of the whole behind": max(spoken.values()) - spoken[topic],
            "topics spoken for": sum(margin > SPOKEN_FOR for margin in spoken.values()),
            "less likely than not": p < 0.5,
            "the next one asks": any(asking[i + 1 : i + 2]),
            "only names a treatment": treatment and len(words) <= 2,
            "a treatment, not asked about": treatment and not asks,
            "a treatment, of which more is asked": treatment and _more_is_asked(topics, asking),
            "why, beside one cause": topic == "causes" and bool(SOME_CAUSE & set(topics)),
        }
        rows.append([float(value) for value in row.values()])
    return rows


def _more_is_asked(topics: List[str], asking: List[bool]) -> bool:
    """Whether a part asks something that is not what a treatment is."""
    return any(a and topic not in TREATMENTS for topic, a in zip(topics, asking, strict=True))


def _odds(p: float) -> float:
    p = min(max(p, CERTAIN), 1 - CERTAIN)
    return math.log(p / (1 - p))
