"""The three classifiers, trained on a few sentences, saved and read again."""

import pytest

from clinic.nlu.sentence_encoder import sentence_encoder
from clinic.nlu.topic_model import TopicModel

SENTENCES = {
    "pain": ["does it hurt", "is it painful", "will it hurt me", "how sore is it", "does it sting"],
    "price": [
        "how much is it",
        "what does it cost",
        "your prices please",
        "is it expensive",
        "cost?",
    ],
    "place": [
        "where are you",
        "what is the address",
        "how do i find you",
        "which town",
        "parking?",
    ],
}


@pytest.fixture(scope="module")
def model():
    pairs = [(text, topic) for topic, texts in SENTENCES.items() for text in texts]
    return TopicModel.train([t for t, _ in pairs], [t for _, t in pairs], sentence_encoder())


@pytest.mark.parametrize(
    ("message", "topic"),
    [("will that be sore", "pain"), ("whats the cost", "price"), ("where do i go", "place")],
)
def test_a_new_sentence_gets_its_topic(model, message, topic):
    assert model.rank(message)[0][0] == topic


def test_probabilities_are_sorted_and_add_up(model):
    shares = [p for _, p in model.rank("does it cost much")]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(1, abs=1e-4)


def test_words_speak_for_two_topics_where_two_are_asked_about(model):
    both = model.margins("does it hurt and how much does it cost")
    assert min(both["pain"], both["price"]) > both["place"]


def test_a_saved_model_ranks_the_same(model, tmp_path):
    model.save(tmp_path)
    again = TopicModel.load(tmp_path, sentence_encoder())
    for message in ("does it hurt", "hwo much", "", "😀", "where to park the car"):
        new, old = dict(again.rank(message)), dict(model.rank(message))
        assert new == pytest.approx(old, abs=5e-3)


def test_the_order_of_the_sentences_does_not_matter(model):
    pairs = [(text, topic) for topic, texts in SENTENCES.items() for text in reversed(texts)][::-1]
    other = TopicModel.train([t for t, _ in pairs], [t for _, t in pairs], sentence_encoder())
    assert dict(other.rank("is it sore")) == pytest.approx(dict(model.rank("is it sore")), abs=1e-3)
