"""Sentences to vectors: the committed ONNX encoder, checked by its hash."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import List, Sequence

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from rich.progress import track
from tokenizers import Tokenizer

from clinic.encoder_files import FOLDER, check_hashes

# Longer messages are cut: patients' longest stories have about a hundred words.
LONGEST = 128
# A sentence is asked for by the topics and by the alarm, within one turn.
REMEMBERED = 32


class SentenceEncoder:
    """Runs encoder/model.onnx; raises ModelError when a file is missing or not the one that was
    built.
    """

    def __init__(
        self, folder: Path = FOLDER, threads: int = 1, remembered: int = REMEMBERED
    ) -> None:
        """`remembered`: of how many sentences, the last ones, the vectors are kept."""
        check_hashes(folder)
        self.encode = lru_cache(remembered)(self._encode)
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def _encode(self, text: str) -> NDArray[np.float32]:
        """One unit vector (384, float32). One sentence at a time: int8 vectors change with what
        else is in a batch.
        """
        ids = np.array([self.tokenizer.encode(text).ids], dtype=np.int64)
        vector: NDArray[np.float32] = self.session.run(
            None, {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        )[0][0]
        return vector

    def whole_words(self) -> List[str]:
        """The words that the encoder knows in one piece."""
        return [word for word in self.tokenizer.get_vocab() if word.isalpha()]


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The encoder of this process."""
    return SentenceEncoder()


def encode_all(texts: Sequence[str], encoder: SentenceEncoder) -> NDArray[np.float32]:
    """The vectors of all sentences (sentences x 384), on all cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        vectors = pool.map(encoder.encode, texts)
        return np.stack(list(track(vectors, "Encoding sentences", total=len(texts))))
