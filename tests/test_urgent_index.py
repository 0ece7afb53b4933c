"""clinic.nlu.urgent_index: only concepts that cannot stand in a message are left out."""

import pytest
import yaml

from clinic.nlu.alarm_model import HEARD_BY_WORDS
from clinic.nlu.urgent_index import ConceptIndex
from evaluation.model_alone import trained_reader

INDEX = ConceptIndex(
    {
        "LIP": [["lip"], ["(mouth|corner of the mouth)"]],
        "SWELLS": [["swell*", "up"]],
        "LIP_SWELLS": [["my", "<LIP>"], ["<SWELLS>"]],
        "ODD": [["[a-z]?lump"]],
    }
)


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        (" my lip . ", {"LIP", "LIP_SWELLS"}),
        # "my" stands in many messages: the other word of its phrase is looked for.
        (" at the corner of it . ", {"LIP", "LIP_SWELLS"}),
        (" my skin . ", set()),
        (" swelling up . ", {"SWELLS", "LIP_SWELLS"}),
        (" up . ", set()),
        (" lips . ", set()),
        (" . ", set()),
    ],
)
def test_concept_is_possible_where_a_word_of_each_phrase_stands(text, possible):
    assert INDEX.possible(text) == {*possible, "ODD"}


def test_nothing_that_stands_in_a_message_is_left_out():
    words = trained_reader().urgent_words
    messages = yaml.safe_load(HEARD_BY_WORDS.read_text(encoding="utf-8"))
    texts = [words.read(text) for texts in messages.values() for text in texts]
    standing = [
        {name for name, pattern in words.concepts.items() if pattern.search(text)} for text in texts
    ]
    assert sum(map(len, standing)) > len(texts)
    lost = [found - words.index.possible(t) for t, found in zip(texts, standing, strict=True)]
    assert not any(lost)
