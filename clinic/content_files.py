"""Load content/: every file by its shape, then what must hold across files; all problems at
once.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError, create_model

from clinic import answers
from clinic.content import ASPECTS, OWN_CARDS, TREATMENTS, Content, Topic
from clinic.errors import ContentError, Problem
from clinic.readability import too_hard
from clinic.words import LONGEST_ANSWER, count_words
from clinic.yaml_lines import line_of, plain, read_yaml

FILES = {name: f"{name}.yml" for name in Content.__fields__}
# These files are one mapping; a model around it gives them the same error paths as the others.
MAPPINGS = {
    name: create_model(name, **{name: (Content.__fields__[name].outer_type_, ...)})  # type: ignore[call-overload]
    for name in ("topics", "languages")
}
# pydantic's kind of error -> what to do about it, where its own words do not say.
WHAT_TO_DO = {
    "value_error.extra": "is not a known key: mend its spelling, or remove it",
    "value_error.missing": "is missing: add it",
    "type_error.str": "is not a text: put it in quotes",
    "type_error.none.not_allowed": "is empty: write it",
    "type_error.dict": "is not a mapping of keys to values: write it as one",
}


def load_content(folder: Path) -> Content:
    """Read and check all of content/; raises ContentError with every problem, its file and line."""
    trees, problems = _read_all(folder)
    parts: dict[str, Any] = {}
    for name, tree in trees.items():
        try:
            parts[name] = _parse(name, tree)
        except ValidationError as error:
            problems += [_as_problem(name, tree, found) for found in error.errors()]
    if problems:
        raise ContentError(problems)
    content = Content.construct(**parts)
    if problems := [
        Problem(FILES[name], line_of(trees[name], path), what)
        for name, path, what in _across(content)
    ]:
        raise ContentError(problems)
    return content


def _read_all(folder: Path) -> tuple[dict[str, Any], list[Problem]]:
    trees, problems = {}, []
    for name, file in FILES.items():
        try:
            trees[name] = read_yaml(folder / file)
        except ContentError as error:
            problems += error.problems
    return trees, problems


def _parse(name: str, tree: Any) -> Any:
    if name in MAPPINGS:
        return getattr(MAPPINGS[name].parse_obj({name: plain(tree)}), name)
    return Content.__fields__[name].type_.parse_obj(plain(tree))


def _as_problem(name: str, tree: Any, found: Any) -> Problem:
    path = [key for key in found["loc"] if key not in ("__root__", "__key__")]
    if name in MAPPINGS:
        path = path[1:]
    where = ".".join(str(key) for key in path) or "the file"
    what = WHAT_TO_DO.get(found["type"], found["msg"])
    return Problem(FILES[name], line_of(tree, path), f"{where}: {what}")


Found = tuple[str, list[Any], str]


def _across(content: Content) -> Iterator[Found]:
    """What must hold between the files."""
    missing = [*_every_topic_has_its_words(content), *_ids_exist(content)]
    yield from missing
    yield from _names_are_clear(content)
    yield from _nothing_is_dead(content)
    yield from _titles_are_clear(content)
    # An answer can be put together only when all its parts are there.
    if not missing:
        yield from _answers_are_short(content)


def _of_kind(content: Content, *kinds: str) -> set[str]:
    return {name for name, topic in content.topics.items() if topic.kind in kinds}


def _every_topic_has_its_words(content: Content) -> Iterator[Found]:
    spoken, for_all = set(content.milia.answers), set(content.treatments.all_treatments)
    places: list[tuple[str, list[Any], set[str], set[str]]] = [
        ("milia", ["answers"], spoken, _of_kind(content, "answer") - for_all - set(TREATMENTS)),
        (
            "not_ours",
            ["not_known"],
            set(content.not_ours.not_known),
            _of_kind(content, "not_known"),
        ),
        (
            "not_ours",
            ["practitioner"],
            set(content.not_ours.practitioner),
            _of_kind(content, "practitioner"),
        ),
        (
            "conversation",
            ["service"],
            set(content.conversation.service),
            _of_kind(content, "service"),
        ),
        (
            "urgent",
            ["cards"],
            set(content.urgent.cards) - set(OWN_CARDS),
            _of_kind(content, "urgent"),
        ),
    ]
    for file, path, there, wanted in places:
        for topic in sorted(wanted - there):
            yield file, path, f"{topic} is missing: add it, or take it out of topics.yml"
        for topic in sorted(there - wanted):
            what = f"{topic} is not a topic of this kind in topics.yml"
            yield file, [*path, topic], f"{what}: add it there, or remove it"
    for sign in OWN_CARDS:
        if sign not in content.urgent.cards:
            yield "urgent", ["cards"], f"{sign} is missing: each urgent sign needs its card"
    for topic in sorted((set(TREATMENTS) | set(ASPECTS) | for_all) - _of_kind(content, "answer")):
        yield "topics", [topic], f"{topic} must be a topic of kind answer"
    for topic in sorted(set(ASPECTS) - for_all):
        yield "treatments", ["all_treatments"], f"{topic} is missing: add it"
    for name in TREATMENTS:
        if name not in content.treatments.treatments:
            yield "treatments", ["treatments"], f"{name} is missing: add it"


def _names_are_clear(content: Content) -> Iterator[Found]:
    """A name that patients use means one treatment."""
    owners: dict[str, str] = {}
    for key, treatment in content.treatments.treatments.items():
        for name in (*treatment.names, *treatment.loose_names):
            if (owner := owners.setdefault(name.casefold(), key)) != key:
                yield "treatments", ["treatments", key, "names"], f"“{name}” also names {owner}"


def _ids_exist(content: Content) -> Iterator[Found]:
    known = set(content.milia.facts) | set(content.milia.notes)
    for key in sorted(set(content.milia.facts) & set(content.milia.notes)):
        yield "milia", ["notes", key], f"{key} is both a fact and a note: rename one"
    for file, path, keys in _used(content):
        for key in keys:
            if key not in known:
                what = f"{key} is neither a fact nor a note of milia.yml"
                yield file, path, f"{what}: add it there, or mend its spelling"
    for file, path, topics in _named_topics(content):
        for topic in topics:
            if topic not in content.topics:
                yield file, path, f"{topic} is not in topics.yml: add it, or mend its spelling"


def _used(content: Content) -> Iterator[Found]:
    """Every place that names facts or notes (file, path, ids)."""
    for topic, spoken in content.milia.answers.items():
        yield "milia", ["answers", topic], spoken.say  # type: ignore[misc]
    for topic, for_all in content.treatments.all_treatments.items():
        yield "treatments", ["all_treatments", topic], [*for_all.say, *for_all.close]  # type: ignore[misc]
    for topic, keys in content.treatments.before_named.items():
        yield "treatments", ["before_named", topic], keys  # type: ignore[misc]
    yield "milia", ["notes"], [answers.RETINOL_CAUTION]  # type: ignore[misc]


def _named_topics(content: Content) -> Iterator[Found]:
    """Every place that names topics (file, path, topics)."""
    for topic, spoken in content.milia.answers.items():
        yield "milia", ["answers", topic], [spoken.next]  # type: ignore[misc]
    for topic, for_all in content.treatments.all_treatments.items():
        yield "treatments", ["all_treatments", topic], [for_all.next]  # type: ignore[misc]
    yield "treatments", ["after_how_it_works"], [content.treatments.after_how_it_works]  # type: ignore[misc]
    for key in ("first_topics", "outside_topics", "names_team", "ends"):
        yield "conversation", [key], getattr(content.conversation, key)


def _nothing_is_dead(content: Content) -> Iterator[Found]:
    used = {key for _, _, keys in _used(content) for key in keys}
    for place in ("facts", "notes"):
        for key in sorted(set(getattr(content.milia, place)) - used):
            yield "milia", [place, key], f"{key} is said in no answer: name it in one, or remove it"
    asks: dict[str, str] = {}
    for name, topic in content.topics.items():
        if (first := asks.setdefault(_same(topic), name)) != name:
            yield "topics", [name], f"{name} asks the same as {first}: word one differently"


def _titles_are_clear(content: Content) -> Iterator[Found]:
    """Each topic has a button on WhatsApp, and no two look alike."""
    titles = content.whatsapp.titles
    for topic in sorted(set(content.topics) - set(titles)):
        yield "whatsapp", ["titles"], f"{topic} is missing: add it"
    owners: dict[str, str] = {}
    for topic, title in titles.items():
        if topic not in content.topics:
            yield "whatsapp", ["titles", topic], f"{topic} is not in topics.yml: remove it"
        elif (owner := owners.setdefault(title.casefold(), topic)) != topic:
            yield "whatsapp", ["titles", topic], f"“{title}” is also the title of {owner}"


def _same(topic: Topic) -> str:
    return str(topic.ask).casefold()


def _answers_are_short(content: Content) -> Iterator[Found]:
    for topic in _of_kind(content, "answer"):
        words = {t: count_words(answers.body(topic, t, content)) for t in (None, *TREATMENTS)}
        longest = max(words, key=lambda treatment: words[treatment])
        if (n := words[longest]) > LONGEST_ANSWER:
            what = f"{topic} has {n} words ({longest or 'all'}), {LONGEST_ANSWER} at most"
            yield *_home(content, topic), f"{what}: shorten it"
        for treatment in (None, *TREATMENTS):
            if hard := too_hard(answers.body(topic, treatment, content)):
                yield *_home(content, topic), f"{topic} ({treatment or 'all'}) {hard}"
                break


def _home(content: Content, topic: str) -> tuple[str, list[Any]]:
    """Where an answer is written."""
    if topic in content.milia.answers:
        return "milia", ["answers", topic]
    if topic in TREATMENTS:
        return "treatments", ["treatments", topic]
    return "treatments", ["all_treatments", topic]
