"""What a sentence is made of: its words, pairs of words and runs of letters, weighted by rarity."""

from typing import Any, Dict, List, Sequence

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

SHAPES: Dict[str, Dict[str, Any]] = {
    "letters": {"analyzer": "char_wb", "ngram_range": (2, 4), "min_df": 3},
    "words": {"analyzer": "word", "ngram_range": (1, 2), "min_df": 2, "token_pattern": r"\b\w+\b"},
}


class WordFeatures:
    """Turns cleaned sentences into rows (sentences x features, float64, sparse)."""

    def __init__(self) -> None:
        self.parts = {
            name: TfidfVectorizer(sublinear_tf=True, **shape) for name, shape in SHAPES.items()
        }

    def learn(self, texts: Sequence[str]) -> scipy.sparse.csr_matrix:
        """Find the features of the training sentences; returns their rows."""
        rows = [part.fit_transform(texts) for part in self.parts.values()]
        return scipy.sparse.hstack(rows).tocsr()

    def row(self, text: str) -> scipy.sparse.csr_matrix:
        """The row of one sentence."""
        rows = [part.transform([text]) for part in self.parts.values()]
        return scipy.sparse.hstack(rows).tocsr()

    def names(self) -> Dict[str, List[str]]:
        """The features in their order, for saving."""
        return {name: list(part.get_feature_names_out()) for name, part in self.parts.items()}

    def rarities(self) -> Dict[str, NDArray[np.float64]]:
        """The weight of each feature, for saving."""
        return {f"rarity_of_{name}": part.idf_ for name, part in self.parts.items()}

    @classmethod
    def saved(
        cls, names: Dict[str, List[str]], rarities: Dict[str, NDArray[Any]]
    ) -> "WordFeatures":
        """The same again from what was saved."""
        features = cls()
        for name, part in features.parts.items():
            part.vocabulary = {feature: i for i, feature in enumerate(names[name])}
            part.idf_ = np.asarray(rarities[f"rarity_of_{name}"], dtype=np.float64)
        return features
