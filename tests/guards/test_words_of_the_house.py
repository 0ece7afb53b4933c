"""Guards of the words: one list of topics, each sentence learnt once, none of them held out."""

import importlib
import pkgutil
import re
import unicodedata
from collections import Counter

import pytest
import yaml

import actions
from clinic.content import TREATMENTS
from clinic.memory import UNSURE, Memory
from clinic.settings import PROJECT, VARIABLES

FEWEST_TRAINED = {"answer": 60, "outside": 400}
FEWEST_HELD_OUT = 20
# What evaluation/dialogues.yml wants where no topic is right: to be asked back, or the team.
NO_TOPIC = {"unsure", "team"}


def read(file):
    return yaml.safe_load((PROJECT / file).read_text(encoding="utf-8"))


def found(node, key):
    """Every value that stands under a key, anywhere in a tree, in order."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key:
                yield value
            yield from found(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from found(value, key)


def plain(sentence):
    """For comparing: lower case, no punctuation unless there is nothing else, single spaces."""
    letters = [c for c in sentence.lower() if not unicodedata.category(c).startswith("P")]
    return " ".join("".join(letters).split() or sentence.split())


@pytest.fixture(scope="module")
def topics():
    return read("content/topics.yml")


@pytest.fixture(scope="module")
def domain():
    return read("domain.yml")


@pytest.fixture(scope="module")
def trained():
    """topic -> its training sentences, in the order of data/nlu.yml."""
    return {
        block["intent"]: [line.removeprefix("- ") for line in block["examples"].splitlines()]
        for block in read("data/nlu.yml")["nlu"]
    }


@pytest.fixture(scope="module")
def held_out():
    """File of evaluation/ -> its questions."""
    files = sorted((PROJECT / "evaluation").glob("*.yml"))
    return {file.name: read(f"evaluation/{file.name}") for file in files}


def labels(questions):
    """Every topic that held-out messages want, as often as they do: `pain/peels` wants pain."""
    for wants in found(questions, "wants"):
        for label in [wants] if isinstance(wants, str) else wants:
            if label not in NO_TOPIC:
                yield label.partition("/")[0]


# One list of topics.


def test_topics_are_the_intents_of_the_domain_in_their_order(topics, domain):
    intents = [name for intent in domain["intents"] for name in intent]
    assert intents == [*topics, UNSURE]


def test_topics_are_the_blocks_of_training_sentences_in_their_order(topics, trained):
    assert list(trained) == list(topics)


def test_no_topic_has_two_blocks_of_training_sentences():
    blocks = Counter(found(read("data/nlu.yml"), "intent"))
    assert [topic for topic, n in blocks.items() if n > 1] == []


def test_each_topic_stands_in_one_rule(topics):
    ruled = Counter(found(read("data/rules.yml"), "intent"))
    assert ruled == Counter([*topics, UNSURE])


def test_each_topic_is_asked_in_the_evaluation_and_no_other(topics, held_out):
    assert {label for questions in held_out.values() for label in labels(questions)} == set(topics)


def test_stories_use_known_topics_and_actions(topics, domain):
    stories = read("data/stories.yml")
    assert set(found(stories, "intent")) - {*topics, UNSURE} == set()
    assert set(found(stories, "action")) - set(domain["actions"]) == set()


# What is learnt.


def test_each_topic_has_enough_training_sentences(topics, trained):
    few = {
        topic: len(sentences)
        for topic, sentences in trained.items()
        if len(sentences) < FEWEST_TRAINED.get(topics[topic]["kind"], 1)
    }
    assert few == {}


def test_no_sentence_is_trained_twice_nor_under_two_topics(trained):
    where = {}
    for topic, sentences in trained.items():
        for sentence in sentences:
            where.setdefault(plain(sentence), []).append(topic)
    assert {sentence: twice for sentence, twice in where.items() if len(twice) > 1} == {}


def test_no_held_out_question_is_trained(trained, held_out):
    learnt = {plain(sentence) for sentences in trained.values() for sentence in sentences}
    asked = [ask for questions in held_out.values() for ask in found(questions, "ask")]
    assert asked
    assert [ask for ask in asked if plain(ask) in learnt] == []


def test_each_topic_has_enough_held_out_questions(topics, held_out):
    asked = Counter(labels(held_out["questions.yml"]))
    few = {topic: asked[topic] for topic in topics if asked[topic] < FEWEST_HELD_OUT}
    few.pop("out_of_scope", None)
    assert few == {}


# What Rasa knows of us.


def test_slots_of_the_domain_are_the_memory_and_all_are_read(domain):
    assert set(domain["slots"]) == set(Memory.__dataclass_fields__)
    readers = [
        PROJECT / "clinic" / name
        for name in ("conversation.py", "introduction.py", "understanding.py")
    ]
    code = "".join(file.read_text(encoding="utf-8") for file in readers)
    assert [slot for slot in domain["slots"] if f"memory.{slot}" not in code] == []


def test_actions_of_the_domain_are_those_of_the_code_and_all_are_used(domain):
    names = [f"actions.{module.name}" for module in pkgutil.iter_modules(actions.__path__)]
    inside = [thing for name in names for thing in vars(importlib.import_module(name)).values()]
    classes = {c for c in inside if isinstance(c, type) and c.__module__ in names}
    coded = {c().name() for c in classes if callable(getattr(c, "run", None))}
    assert coded == set(domain["actions"])
    assert set(found(read("data/rules.yml"), "action")) == coded


def test_domain_says_nothing_itself(domain):
    assert "responses" not in domain
    assert "forms" not in domain


def test_entity_of_the_domain_is_found_in_messages(domain, content):
    from rasa.shared.nlu.training_data.message import Message

    from clinic.nlu.treatment_extractor import TreatmentExtractor

    names = [content.treatment(treatment).names[0] for treatment in TREATMENTS]
    [message] = TreatmentExtractor().process([Message({"text": ", ".join(names)})])
    entities = message.get("entities")
    assert {entity["entity"] for entity in entities} == set(domain["entities"])
    assert [entity["value"] for entity in entities] == list(TREATMENTS)


def test_every_component_of_the_pipeline_is_ours_and_is_there():
    for component in read("config.yml")["pipeline"]:
        module, _, name = component["name"].rpartition(".")
        assert module.startswith("clinic.nlu."), component
        assert hasattr(importlib.import_module(module), name), component


# What people read.


@pytest.fixture(scope="module")
def documents():
    files = [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())


def test_every_command_of_the_makefile_is_in_the_documents(documents):
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"^([a-z-]+):.*?## ", makefile, flags=re.MULTILINE)) - {"help"}
    assert "run" in commands
    assert [c for c in commands if not re.search(rf"\bmake {c}\b", documents)] == []


def test_every_variable_is_in_the_documents(documents):
    assert [name for name in VARIABLES if name not in documents] == []
