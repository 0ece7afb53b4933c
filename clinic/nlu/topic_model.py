"""Names the topic of a sentence: three classifiers that err differently, blended."""

import json
import warnings
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from clinic.nlu.sentence_encoder import REMEMBERED, SentenceEncoder, encode_all
from clinic.nlu.spelling import OFTEN, Spelling, words_of
from clinic.nlu.word_features import WordFeatures

# Weights of the three in the blend of their logarithms; evaluation/report.md has the ablation.
WEIGHTS = {"linear": 0.3, "nearest": 0.3, "words": 0.4}
# Inverse regularisation of the two linear classifiers.
C_VECTORS, C_WORDS = 10.0, 0.3
# Steps of the first of them: with three times as many it was right as often.
STEPS = 60
# How sharply a nearer sentence, and a larger margin, count: softmax of this times the score.
SHARP_COSINE, SHARP_MARGIN = 30.0, 3.5
# The nearest sentence is sought in the topics that are likeliest by the two others, along the axes
# in which sentences differ most: as right as in all topics and all 384 dimensions, and faster.
SOUGHT, AXES = 5, 192
# No classifier alone can rule a topic out.
LEAST = 1e-6

Ranking = List[Tuple[str, float]]


class TopicModel:
    """Trained from sentences and their topics; ranks the topics of a new sentence."""

    def __init__(
        self,
        topics: List[str],
        words: Dict[str, int],
        features: WordFeatures,
        arrays: Dict[str, NDArray[Any]],
        encoder: SentenceEncoder,
    ) -> None:
        self.topics = topics
        self.words = words
        self.features = features
        self.arrays = arrays
        self.encoder = encoder
        self.spelling = Spelling(Counter(words), encoder.whole_words())
        self.often = {word for word, n in words.items() if n >= OFTEN}
        self._margins = lru_cache(REMEMBERED)(self._find_margins)

    @classmethod
    def train(
        cls, texts: Sequence[str], labels: Sequence[str], encoder: SentenceEncoder
    ) -> "TopicModel":
        """Fit on sentences and their topics; about a minute for 33,000 sentences on 2 cores."""
        pairs = sorted(zip(labels, texts, strict=True))
        topics = sorted(set(labels))
        y = np.array([topics.index(label) for label, _ in pairs])
        words = words_of(text for _, text in pairs)
        spelling = Spelling(words, encoder.whole_words())
        clean = [spelling.correct(text) for _, text in pairs]
        vectors = encode_all(clean, encoder)
        features, rows = WordFeatures.learn(clean)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            linear = LogisticRegression(C=C_VECTORS, max_iter=STEPS).fit(vectors, y)
        margins = LinearSVC(C=C_WORDS, dual=True, random_state=0).fit(rows, y)
        axes = _main_axes(vectors)
        arrays = {
            "axes": axes,
            # In the order of their topics; where each topic begins, and the end.
            "sentences": vectors @ axes,
            "starts": np.searchsorted(y, np.arange(len(topics) + 1)),
            "linear_weights": linear.coef_.astype(np.float32),
            "linear_bias": linear.intercept_.astype(np.float32),
            "word_weights": np.ascontiguousarray(margins.coef_.T, dtype=np.float32),
            "word_bias": margins.intercept_.astype(np.float32),
        }
        return cls(topics, dict(words), features, arrays, encoder)

    def rank(self, text: str) -> Ranking:
        """All topics with their probability, most likely first."""
        return self.rank_corrected(self.spelling.correct(text))

    def rank_corrected(self, text: str) -> Ranking:
        """The same for a text whose spelling is corrected."""
        scores = self._scores(text, self.encoder.encode(text))
        logs = sum(WEIGHTS[name] * np.log(p + LEAST) for name, p in scores.items())
        blend = _softmax(np.asarray(logs))
        return [(self.topics[i], float(blend[i])) for i in np.argsort(-blend)]

    def margins(self, text: str) -> Dict[str, float]:
        """How strongly the words of a corrected text speak for each topic; 0 is neither for nor
        against. Unlike probabilities, two topics can both be spoken for.
        """
        return dict(zip(self.topics, map(float, self._margins(text)), strict=True))

    def _find_margins(self, text: str) -> NDArray[Any]:
        at, weights = self.features.row(text)
        margins: NDArray[Any] = weights @ self.arrays["word_weights"][at] + self.arrays["word_bias"]
        return margins

    def _scores(self, text: str, vector: NDArray[np.float32]) -> Dict[str, NDArray[Any]]:
        """The probabilities (topics,) of each classifier."""
        a = self.arrays
        linear = _softmax(a["linear_weights"] @ vector + a["linear_bias"])
        words = _softmax(SHARP_MARGIN * self._margins(text))
        likeliest = np.argsort(-np.log(linear + LEAST) - np.log(words + LEAST))[:SOUGHT]
        nearest = _softmax(SHARP_COSINE * self._nearest(vector @ a["axes"], likeliest))
        return {"linear": linear, "nearest": nearest, "words": words}

    def _nearest(self, point: NDArray[np.float32], sought: NDArray[Any]) -> NDArray[np.float32]:
        """The cosine (topics,) of the nearest sentence of each topic sought, on the main axes; -1
        of the others.
        """
        sentences, starts = self.arrays["sentences"], self.arrays["starts"]
        nearest = np.full(len(self.topics), -1, dtype=np.float32)
        for topic in sought:
            nearest[topic] = (sentences[starts[topic] : starts[topic + 1]] @ point).max()
        return nearest

    def save(self, folder: Path) -> None:
        """Write two files into a folder; weights in half precision, which changes no topic."""
        halves = {
            name: array.astype(np.float16) if array.dtype == np.float32 else array
            for name, array in {**self.arrays, "rarity": self.features.rarity}.items()
        }
        np.savez_compressed(folder / "arrays.npz", **halves)
        names = {"topics": self.topics, "words": self.words, "features": self.features.features}
        (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, encoder: SentenceEncoder) -> "TopicModel":
        """The model that `save` wrote; raises OSError when a file is missing."""
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        with np.load(folder / "arrays.npz") as saved:
            arrays = {
                name: array.astype(np.float32) if array.dtype == np.float16 else array
                for name, array in saved.items()
            }
        features = WordFeatures(names["features"], arrays.pop("rarity"))
        return cls(names["topics"], names["words"], features, arrays, encoder)


def _main_axes(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The directions (384 x AXES) in which the vectors reach furthest."""
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(directions[:, -AXES:], dtype=np.float32)


def _softmax(scores: NDArray[Any]) -> NDArray[Any]:
    powers = np.exp(scores - scores.max())
    shares: NDArray[Any] = powers / powers.sum()
    return shares
