"""The encoder is the file that was built, and gives the same vector each time."""

import shutil

import numpy as np
import pytest

from clinic.encoder_files import FOLDER, check_hashes
from clinic.errors import ModelError
from clinic.nlu.sentence_encoder import SentenceEncoder, sentence_encoder


def test_a_sentence_is_a_unit_vector_and_always_the_same():
    first, second = (sentence_encoder().encode("does freezing hurt") for _ in range(2))
    assert first.shape == (384,)
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-3)
    assert np.array_equal(first, second)


def test_like_questions_are_nearer_than_unlike_ones():
    hurt, pain, price = map(
        sentence_encoder().encode, ["does it hurt", "is it painful", "how much does it cost"]
    )
    assert hurt @ pain > hurt @ price


def test_a_message_of_any_length_is_encoded():
    assert sentence_encoder().encode("word " * 2000).shape == (384,)
    assert sentence_encoder().encode("").shape == (384,)


def test_a_changed_file_is_refused(tmp_path):
    folder = shutil.copytree(FOLDER, tmp_path / "encoder")
    (folder / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelError, match="tokenizer.json is not the file that was built"):
        SentenceEncoder(folder)


def test_a_missing_file_is_named_with_what_to_do(tmp_path):
    (tmp_path / "SHA256SUMS").write_text("0  model.onnx\n")
    with pytest.raises(ModelError, match="git checkout encoder/model.onnx"):
        check_hashes(tmp_path)
