"""Names the topic of a sentence: three classifiers that err differently, blended."""

import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from clinic.nlu.sentence_encoder import SentenceEncoder
from clinic.nlu.spelling import OFTEN, Spelling, words_of
from clinic.nlu.word_features import WordFeatures

# Weights of the three in the blend of their logarithms; evaluation/report.md has the ablation.
WEIGHTS = {"linear": 0.3, "nearest": 0.3, "words": 0.4}
# Inverse regularisation of the two linear classifiers.
C_VECTORS, C_WORDS = 10.0, 0.3
# How sharply a nearer sentence, and a larger margin, count: softmax of this times the score.
SHARP_COSINE, SHARP_MARGIN = 30.0, 3.5
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
        # Sentences stand in the order of their topics: where each topic begins.
        self.starts = np.flatnonzero(np.diff(arrays["labels"], prepend=-1))

    @classmethod
    def train(
        cls, texts: Sequence[str], labels: Sequence[str], encoder: SentenceEncoder
    ) -> "TopicModel":
        """Fit on sentences and their topics; about 30 s for 15,000 sentences on 2 cores."""
        pairs = sorted(zip(labels, texts, strict=True))
        topics = sorted(set(labels))
        y = np.array([topics.index(label) for label, _ in pairs])
        words = words_of(text for _, text in pairs)
        spelling = Spelling(words, encoder.whole_words())
        clean = [spelling.correct(text) for _, text in pairs]
        vectors = _encode_all(clean, encoder)
        features = WordFeatures()
        rows = features.learn(clean)
        linear = LogisticRegression(C=C_VECTORS, tol=1e-2, max_iter=100).fit(vectors, y)
        margins = LinearSVC(C=C_WORDS, dual=True, random_state=0).fit(rows, y)
        arrays = {
            "labels": y,
            "sentences": vectors,
            "linear_weights": linear.coef_,
            "linear_bias": linear.intercept_,
            "word_weights": margins.coef_.T,
            "word_bias": margins.intercept_,
        }
        return cls(topics, dict(words), features, arrays, encoder)

    def rank(self, text: str) -> Ranking:
        """All topics with their probability, most likely first."""
        clean = self.spelling.correct(text)
        scores = self._scores(clean, self.encoder.encode(clean))
        logs = sum(WEIGHTS[name] * np.log(p + LEAST) for name, p in scores.items())
        blend = _softmax(np.asarray(logs))
        return [(self.topics[i], float(blend[i])) for i in np.argsort(-blend)]

    def _scores(self, text: str, vector: NDArray[np.float32]) -> Dict[str, NDArray[Any]]:
        """The probabilities (topics,) of each classifier."""
        a = self.arrays
        nearest = np.maximum.reduceat(a["sentences"] @ vector, self.starts)
        margins = np.asarray(self.features.row(text) @ a["word_weights"])[0] + a["word_bias"]
        return {
            "linear": _softmax(a["linear_weights"] @ vector + a["linear_bias"]),
            "nearest": _softmax(SHARP_COSINE * nearest),
            "words": _softmax(SHARP_MARGIN * margins),
        }

    def save(self, folder: Path) -> None:
        """Write two files into a folder; weights in half precision, which changes no topic."""
        halves = {
            name: array.astype(np.float16) if name != "labels" else array
            for name, array in {**self.arrays, **self.features.rarities()}.items()
        }
        np.savez_compressed(folder / "arrays.npz", **halves)
        names = {"topics": self.topics, "words": self.words, "features": self.features.names()}
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
        features = WordFeatures.saved(names["features"], arrays)
        return cls(names["topics"], names["words"], features, arrays, encoder)


def _encode_all(texts: Sequence[str], encoder: SentenceEncoder) -> NDArray[np.float32]:
    """The vectors of all sentences (sentences x 384), on all cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        vectors = pool.map(encoder.encode, texts)
        return np.stack(list(track(vectors, "Encoding sentences", total=len(texts))))


def _softmax(scores: NDArray[Any]) -> NDArray[Any]:
    powers = np.exp(scores - scores.max())
    shares: NDArray[Any] = powers / powers.sum()
    return shares
