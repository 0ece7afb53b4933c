"""The second net for urgent signs: tells messages that report one from messages that do not.

It learns from urgent messages by sign, from calm statements, and from every ordinary training
sentence. It does not share the topics' scale: a patient who describes her milia
asks nothing, and next to questions alone that would look like an alarm.
"""

from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.sparse import hstack
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from clinic.content import SIGNS
from clinic.nlu.sentence_encoder import SentenceEncoder, encode_all
from clinic.nlu.word_features import WORDS, WordFeatures

# What it learns: messages whose sign the words alone name, and others.
HEARD_BY_WORDS = Path(__file__).with_name("urgent_messages.yml")
EXAMPLES = Path(__file__).with_name("urgent_examples.yml")
CALM = "calm"
# Inverse regularisation of the two classifiers, and what the words count beside the vector.
# Chosen on urgent and calm messages written apart from those learnt.
C_VECTORS, C_WORDS, WORDS_COUNT = 10.0, 1.0, 3.0
C_SIGNS = 3.0
# A sign is named when its margin over the next one is this large: of messages written apart, 95 %
# then name the right sign and 2 % a less urgent one.
SIGN_SURE = 0.3


class AlarmModel:
    """Trained from sentences and their signs; hears a new sentence."""

    def __init__(
        self, features: WordFeatures, arrays: Dict[str, NDArray[Any]], encoder: SentenceEncoder
    ) -> None:
        self.features = features
        self.arrays = arrays
        self.encoder = encoder

    @classmethod
    def train(
        cls, texts: Sequence[str], signs: Sequence[str], encoder: SentenceEncoder
    ) -> "AlarmModel":
        """Fit on cleaned sentences and their signs (CALM: none; "" : some sign, nobody said
        which).
        """
        vectors = encode_all(texts, encoder)
        features, rows = WordFeatures.learn(texts, WORDS)
        urgent = np.array([sign != CALM for sign in signs])
        linear = LogisticRegression(C=C_VECTORS, tol=1e-3, max_iter=300).fit(vectors, urgent)
        margin = LinearSVC(C=C_WORDS, dual=True, random_state=0).fit(rows, urgent)
        arrays = {
            "vector_weights": linear.coef_[0],
            "word_weights": WORDS_COUNT * margin.coef_[0],
            "bias": np.array([linear.intercept_[0] + WORDS_COUNT * margin.intercept_[0]]),
            **_signs(vectors, rows, signs),
        }
        return cls(features, {k: v.astype(np.float32) for k, v in arrays.items()}, encoder)

    def hear(self, text: str) -> float:
        """How strongly a cleaned sentence sounds urgent; 0 is as likely as not."""
        a = self.arrays
        vector = self.encoder.encode(text)
        at, weights = self.features.row(text)
        return float(a["vector_weights"] @ vector + a["word_weights"][at] @ weights + a["bias"][0])

    def sign(self, text: str) -> str:
        """The sign that an urgent sentence reports; "" where that is not clear."""
        a = self.arrays
        vector = self.encoder.encode(text)
        at, weights = self.features.row(text)
        signs = a["sign_vectors"] @ vector + a["sign_words"][:, at] @ weights + a["sign_bias"]
        next_best, best = np.argsort(signs)[-2:]
        clear = signs[best] - signs[next_best] >= SIGN_SURE
        return str(list(SIGNS)[best]) if clear else ""

    def save(self, folder: Path) -> None:
        """Write one file into a folder."""
        names = np.array(self.features.features["words"])
        np.savez_compressed(
            folder / "alarm.npz", names=names, rarity=self.features.rarity, **self.arrays
        )

    @classmethod
    def load(cls, folder: Path, encoder: SentenceEncoder) -> "AlarmModel":
        """The model that `save` wrote; raises OSError when the file is missing."""
        with np.load(folder / "alarm.npz") as saved:
            arrays = dict(saved)
        features = WordFeatures({"words": list(arrays.pop("names"))}, arrays.pop("rarity"))
        return cls(features, arrays, encoder)


def examples() -> List[Tuple[str, str]]:
    """The urgent and calm messages of both files, each with its sign or CALM."""
    found: Dict[str, str] = {}
    for file in (HEARD_BY_WORDS, EXAMPLES):
        table = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for sign, texts in table.items():
            found.update(dict.fromkeys(texts, CALM if sign == "none" else sign))
    return list(found.items())


def _signs(
    vectors: NDArray[np.float32], rows: Any, signs: Sequence[str]
) -> Dict[str, NDArray[Any]]:
    """Which sign an urgent message reports, by vector and words."""
    known = np.flatnonzero([sign in SIGNS for sign in signs])
    labels = [list(SIGNS).index(signs[i]) for i in known]
    both = hstack([vectors[known], rows[known]]).tocsr()
    fit = LinearSVC(C=C_SIGNS, dual=True, random_state=0).fit(both, labels)
    size = vectors.shape[1]
    return {
        "sign_vectors": fit.coef_[:, :size],
        "sign_words": fit.coef_[:, size:],
        "sign_bias": fit.intercept_,
    }
