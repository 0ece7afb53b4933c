"""What a sentence is made of: its words, pairs of words and runs of letters, weighted by rarity."""

from collections import Counter
from typing import Any, Dict, List, Sequence, Tuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

Shapes = Dict[str, Dict[str, Any]]
SHAPES: Shapes = {
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 4), "min_df": 3},
    "words": {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2, "token_pattern": r"\b\w+\b"},
}
WORDS: Shapes = {"words": SHAPES["words"]}


class WordFeatures:
    """The features of one set of training sentences; each kind of SHAPES that is asked for has its
    numbers, one after the other.
    """

    def __init__(self, features: Dict[str, List[str]], rarity: NDArray[np.float32]) -> None:
        self.features = features
        self.rarity = rarity
        self.kinds = []
        begin = 0
        for kind in features:
            shape = SHAPES[kind]
            numbers = {feature: begin + i for i, feature in enumerate(features[kind])}
            begin += len(numbers)
            self.kinds.append((TfidfVectorizer(**shape).build_analyzer(), numbers))

    @classmethod
    def learn(
        cls, texts: Sequence[str], shapes: Shapes = SHAPES
    ) -> Tuple["WordFeatures", scipy.sparse.csr_matrix]:
        """Find the features of cleaned sentences; returns them, and the rows of the sentences
        (sentences x features).
        """
        parts = {k: TfidfVectorizer(sublinear_tf=True, **shape) for k, shape in shapes.items()}
        rows = [part.fit_transform(texts) for part in parts.values()]
        names = {kind: list(part.get_feature_names_out()) for kind, part in parts.items()}
        rarity = np.concatenate([part.idf_ for part in parts.values()]).astype(np.float32)
        return cls(names, rarity), scipy.sparse.hstack(rows).tocsr()

    def row(self, text: str) -> Tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The features that a cleaned sentence has, by number, and their weights: the same as
        `learn` gives, without scikit-learn's time for a matrix of one row.
        """
        found = [self._weights(text, analyse, numbers) for analyse, numbers in self.kinds]
        return np.concatenate([i for i, _ in found]), np.concatenate([w for _, w in found])

    def _weights(
        self, text: str, analyse: Any, numbers: Dict[str, int]
    ) -> Tuple[NDArray[np.int64], NDArray[np.float32]]:
        times = Counter(map(numbers.get, analyse(text)))
        times.pop(None, None)
        at = np.array(list(times), dtype=np.int64)
        weights = (1 + np.log(np.array(list(times.values()), dtype=np.float32))) * self.rarity[at]
        length = float(np.sqrt(weights @ weights)) or 1.0
        return at, weights / length
