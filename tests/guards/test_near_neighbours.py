"""No held-out message is a training sentence in other clothes: a slip, an emoji, a word more."""

import numpy as np
import yaml
from rapidfuzz.fuzz import ratio

from clinic.nlu.alarm_model import examples
from clinic.nlu.asking_model import messages
from clinic.nlu.sentence_encoder import encode_all
from clinic.settings import PROJECT
from evaluation.model_alone import trained_reader
from evaluation.sets import held

# Both: vectors this near alone are two ways to ask the same thing, which is what training is for.
SAME_MEANING, SAME_LETTERS = 0.97, 90
# Held-out messages compared in one step: 100 MB of cosines.
AT_ONCE = 500


def _of_length_one(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_no_held_out_message_is_a_near_neighbour_of_a_trained_one():
    model = trained_reader().model
    nlu = yaml.load((PROJECT / "data" / "nlu.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    # In the order of the vectors that the trained model holds.
    pairs = sorted(
        (block["intent"], line[2:])
        for block in nlu["nlu"]
        for line in block["examples"].splitlines()
    )
    others = [*(text for text, _ in examples()), *(message.ask for message in messages())]
    trained = [model.spelling.correct(text) for text in [*(text for _, text in pairs), *others]]
    vectors = model.arrays["sentences"]
    assert len(vectors) == len(pairs), "the model was trained from other sentences: make train"
    others_at = encode_all(trained[len(pairs) :], model.encoder) @ model.arrays["axes"]
    vectors = _of_length_one(np.concatenate([vectors, others_at]))
    near = []
    for file in ("questions.yml", "out_of_scope.yml", "urgent.yml"):
        asks = [message.ask for message in held(file)]
        texts = [model.spelling.correct(ask) for ask in asks]
        asked = _of_length_one(encode_all(texts, model.encoder) @ model.arrays["axes"])
        for i in range(0, len(asks), AT_ONCE):
            cosines = asked[i : i + AT_ONCE] @ vectors.T
            for n, twin in enumerate(cosines.argmax(axis=1), start=i):
                alike = ratio(texts[n], trained[twin]) >= SAME_LETTERS
                if alike and cosines[n - i, twin] > SAME_MEANING:
                    near.append((asks[n], trained[twin]))
    assert not near, f"held out and trained nearly alike: take the trained one out: {near}"
