"""The trained model without the rest of the bot: thresholds, and what each part of it is worth."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rich.progress import track

from clinic.before_start import MODEL
from clinic.content import Content
from clinic.conversation import respond
from clinic.memory import Memory, Question
from clinic.nlu import topic_model
from clinic.nlu.reader_worker import load_reader
from clinic.nlu.reading import Reader
from clinic.nlu.spelling import clean
from evaluation.sets import REPORTING, Held, held

# Lines of the report: messages at which no urgent card may come.
MUST_NOT_FIRE, ORDINARY = "must_not_fire", "ordinary questions"


@dataclass(frozen=True)
class Ranked:
    """A held-out message with one topic: the likeliest topics and the probability of the first."""

    wanted: str
    first: str
    p: float
    in_three: bool


@dataclass(frozen=True)
class Alarm:
    """A held-out message, its line in the report, and whether it is taken for urgent: by the urgent
    words alone, and by the words with the classifier as second net.
    """

    message: Held
    group: str
    words: bool
    both: bool


@dataclass(frozen=True)
class Alone:
    """What the model does by itself with the reporting part."""

    ranked: list[Ranked]
    ablation: dict[str, float]
    alarms: list[Alarm]


@lru_cache(maxsize=1)
def trained_reader() -> Reader:
    """The reader inside models/clinic.tar.gz."""
    return load_reader(MODEL)


def first_reply(ask: str, content: Content) -> str:
    """What a patient nobody knows is told, without Rasa around the model."""
    questions = [
        Question(**{**q.as_dict(), "likely": tuple(q.likely), "treatments": tuple(q.treatments)})
        for q in trained_reader().read(ask).questions
    ]
    return respond(questions, Memory(), content).reply.text


def alone() -> Alone:
    """Rank the reporting part with the whole model, and with parts of it left out."""
    messages = one_topic()
    rank = trained_reader().model.rank
    ranked = [_ranked(message, rank) for message in track(messages, "Model alone")]
    return Alone(ranked, dict(_ablation(messages[::2])), alarms())


def alarms() -> list[Alarm]:
    """Which messages of the reporting part are taken for urgent, urgent ones and ordinary ones."""
    signs = [(m, m.sort) for m in held("urgent.yml") if m.use == REPORTING]
    others = [(m, _group(m)) for m in held("questions.yml") if m.use == REPORTING]
    return [_alarm(*pair) for pair in track([*signs, *others], "Urgent words")]


def _group(message: Held) -> str:
    kinds = trained_reader().kinds
    urgent = any(kinds[topic] == "urgent" for topic in message.topics)
    return "urgent topics of questions.yml" if urgent else ORDINARY


def _alarm(message: Held, group: str) -> Alarm:
    reader = trained_reader()
    words = reader.urgent_words.find(message.ask) is not None
    both = reader.kinds.get(reader.read(message.ask).intent) == "urgent"
    return Alarm(message, group, words, both)


def one_topic() -> list[Held]:
    """The messages of the reporting part that have one topic."""
    messages = held("questions.yml") + held("out_of_scope.yml")
    return [m for m in messages if m.use == REPORTING and len(m.wants) == 1]


def _ranked(message: Held, rank: Callable[[str], topic_model.Ranking]) -> Ranked:
    ranking = rank(message.ask)
    names = [name for name, _ in ranking[:3]]
    return Ranked(message.wants[0], names[0], ranking[0][1], message.wants[0] in names)


def _ablation(messages: list[Held]) -> Iterator[tuple[str, float]]:
    """The share of right first topics on every second message of the reporting part."""
    model = trained_reader().model
    full = topic_model.WEIGHTS
    cases: dict[str, dict[str, float]] = {"all three classifiers": full}
    cases |= {f"without “{name}”": {**full, name: 0.0} for name in full}
    cases |= {f"only “{name}”": {n: float(n == name) for n in full} for name in full}
    for name, weights in cases.items():
        with _changed(topic_model, "WEIGHTS", weights):
            yield name, _right(messages, model.rank, name)
    with _changed(model.spelling, "correct", clean):
        yield "without the spelling step", _right(messages, model.rank, "without spelling")


def _right(messages: list[Held], rank: Callable[[str], topic_model.Ranking], name: str) -> float:
    hits = [rank(message.ask)[0][0] == message.wants[0] for message in track(messages, name)]
    return sum(hits) / len(hits)


@contextmanager
def _changed(owner: Any, name: str, value: object) -> Iterator[None]:
    """Put another value in place for a while."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
