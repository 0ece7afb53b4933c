"""What each question means after what was said before: its topic and its treatments. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from clinic import answers, references
from clinic.answers import Asked
from clinic.content import ASPECTS, TREATMENTS, Content
from clinic.memory import UNSURE, Memory, Question

# A treatment stays the subject for so many turns that are not about it.
TURNS_KEPT = 3
# What a message seems to ask when it only points at something: "not that, the freezing", "the
# second one".
NOTHING_ASKED = {UNSURE, "agreement", "refusal", "out_of_scope", "greeting"}
# "What does it do exactly" asks about the treatment that was just spoken of, if there was one.
LITTLE_ASKED = {UNSURE, "abilities"}
# The same whichever treatment is meant: after these "and peels?" asks what peels are.
WHICHEVER = {
    "opening_hours", "place", "clinic_details", "payment", "other_causes", "other_products",
    "other_milia_facts", "other_conditions", "other_treatments", "diagnosis",
}  # fmt: skip


def understand(questions: Sequence[Question], memory: Memory, content: Content) -> list[Asked]:
    """The topics and treatments asked for, in order."""
    asked: list[Asked] = []
    for question in _joined(questions):
        subject = asked[-1].treatments if asked else _subject(memory)
        one = _one(question, subject, memory, content)
        if one.topic in TREATMENTS and len(one.treatments) > 1:
            asked += [Asked(treatment, (treatment,)) for treatment in one.treatments]
        else:
            asked.append(one)
    return asked


def _joined(questions: Sequence[Question]) -> list[Question]:
    """ "Do they hurt, peels" asks once: a bare name says what the question beside it is about."""
    joined: list[Question] = []
    for question in questions:
        before = joined[-1] if joined else None
        if before and _bare(question) and _open(before):
            joined[-1] = replace(before, treatments=question.treatments)
        elif before and _bare(before) and _open(question):
            joined[-1] = replace(question, treatments=before.treatments)
        else:
            joined.append(question)
    return joined


def _bare(question: Question) -> bool:
    named = question.topic in TREATMENTS and bool(question.treatments)
    return named and references.only_names(question.rest)


def _open(question: Question) -> bool:
    """Whether a question can be about any treatment, and names none."""
    return question.topic in ASPECTS and not question.treatments


def _one(question: Question, subject: tuple[str, ...], memory: Memory, content: Content) -> Asked:
    topic, text = question.topic, question.text
    if kind(topic, content) == "urgent":
        return Asked(topic, sign=question.sign)
    asks = [content.ask(offer) for offer in memory.offered]
    if chosen := references.chosen_option(text, memory.offered, asks):
        return Asked(chosen, subject if chosen in ASPECTS else ())
    if references.asks_how_long(text):
        return Asked(UNSURE)
    listed = _listed(memory, content)
    meant = references.treatments_meant(
        text, question.treatments, memory.treatments, memory.earlier_treatments, listed
    )
    if pointed := _pointed_at(question, meant, memory, content):
        return pointed
    if again := _said_before(question, meant or subject, memory, content):
        return again
    if topic in LITTLE_ASKED and (meant or subject):
        topic = references.about_it(question.if_treatment, meant or subject) or topic
    if topic in ASPECTS:
        return Asked(topic, meant or (() if references.about_all(text) else subject))
    if topic in TREATMENTS:
        return Asked(topic, meant if len(meant) > 1 and topic in meant else (topic,))
    return Asked(topic, meant)


def _pointed_at(
    question: Question, meant: tuple[str, ...], memory: Memory, content: Content
) -> Asked | None:
    """What "and peels?", "no, the cream I meant" or "the second one" ask: the same again for that
    treatment, or how it works; None where a message asks something of its own.
    """
    bare = references.only_names(question.rest)
    if not meant:
        return Asked(UNSURE) if bare and references.names_another(question.text) else None
    if references.rejects(question.rest):
        return None
    pointing = question.topic in TREATMENTS and references.goes_on_with_a_name(question.rest)
    if (bare or pointing) and _goes_on_with(memory.topic, content):
        # A loose name ("needles") counts less than the topic.
        clear = bare or question.topic in meant
        return Asked(str(memory.topic), meant if clear else (question.topic,))
    spoken_of = memory.topic in TREATMENTS or bool(_listed(memory, content))
    if spoken_of and question.topic in NOTHING_ASKED and (bare or not question.treatments):
        return Asked(meant[0], meant)
    return None


def _said_before(
    question: Question, subject: tuple[str, ...], memory: Memory, content: Content
) -> Asked | None:
    """What yes, no, "say that again" and "and if ..." mean after what was said."""
    if question.topic == "agreement" and memory.offered:
        return Asked(memory.offered[0], subject if memory.offered[0] in ASPECTS else ())
    if question.topic == "refusal" and memory.times_unsure:
        return Asked(UNSURE)
    same = Asked(str(memory.topic), subject if memory.topic in ASPECTS else ())
    if question.topic == "repeat" and memory.topic:
        return same
    if question.topic == UNSURE and references.follows_on(question.text):
        likeliest = memory.topic in question.likely[:1]
        return same if likeliest or kind(memory.topic, content) == "practitioner" else None
    return None


def kind(topic: str | None, content: Content) -> str | None:
    return content.topics[topic].kind if topic in content.topics else None


def _goes_on_with(topic: str | None, content: Content) -> bool:
    """Whether a topic can be asked again for another treatment."""
    by_the_team = kind(topic, content) in ("not_known", "practitioner")
    return topic in ASPECTS or (by_the_team and topic not in WHICHEVER)


def _listed(memory: Memory, content: Content) -> tuple[str, ...]:
    """The treatments that were listed, if none was spoken of since."""
    return () if _subject(memory) else answers.listed(str(memory.topic), content)


def _subject(memory: Memory) -> tuple[str, ...]:
    """The treatments that the conversation is about now."""
    return memory.treatments if memory.turns_since_named < TURNS_KEPT else ()
