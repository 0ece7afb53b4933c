"""The second net: an alarm for what is urgent, none for what patients say of themselves."""

import pytest
import yaml

from clinic.content import SIGNS
from clinic.nlu.alarm_model import CALM, EXAMPLES, HEARD_BY_WORDS, AlarmModel, examples
from clinic.nlu.reading import ALARM
from evaluation.model_alone import trained_reader


def hear(text):
    """The alarm's strength and its sign."""
    reader = trained_reader()
    clean = reader.model.spelling.correct(text)
    return reader.alarms.hear(clean), reader.alarms.sign(clean)


def test_examples_name_known_signs_and_none_twice():
    files = [yaml.safe_load(file.read_text("utf-8")) for file in (HEARD_BY_WORDS, EXAMPLES)]
    texts = [text for file in files for texts in file.values() for text in texts]
    assert {sign for _, sign in examples()} == {*SIGNS, CALM}
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    "text",
    [
        "theres loads of tiny white dots under both my eyes",
        "she hates needles",
        "i hate how my face looks",
        "my eyes get puffy in the morning",
        "it bled a tiny bit when i picked at it last month",
        "my nephew had them as a newborn and they just went",
    ],
)
def test_what_patients_say_of_themselves_raises_no_alarm(text):
    assert hear(text)[0] < ALARM


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("my tongue feels massive and i cant get my breath", "airway"),
        ("she drank some of the peel solution", "swallowed"),
        ("i dont want to be alive any more", "crisis"),
    ],
)
def test_an_urgent_message_raises_an_alarm_and_names_its_sign(text, sign):
    strength, named = hear(text)
    assert strength >= ALARM
    assert named == sign


def test_it_is_the_same_after_it_was_saved(tmp_path):
    reader = trained_reader()
    reader.alarms.save(tmp_path)
    again = AlarmModel.load(tmp_path, reader.model.encoder)
    text = "pus is coming out of the needle hole"
    assert again.hear(text) == reader.alarms.hear(text)
    assert again.sign(text) == reader.alarms.sign(text)
