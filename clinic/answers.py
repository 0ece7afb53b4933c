"""From a topic and a treatment to the clinic's own words; no clinical sentence is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clinic.booking.draft import OPENS
from clinic.content import ASPECTS, OWN_CARDS, TREATMENTS, Content

RETINOL_CAUTION = "retinol_caution"


@dataclass(frozen=True)
class Asked:
    """What one question asks for: a topic of topics.yml, the treatments it is about (none: all of
    them), and the urgent sign that its words report.
    """

    topic: str
    treatments: tuple[str, ...] = ()
    sign: str = ""


@dataclass(frozen=True)
class Reply:
    """What the patient reads, and the topics offered as buttons, in order; further buttons by the
    words that they send; and how a chat window may show it better than as text.
    """

    text: str
    offered: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    show: Mapping[str, Any] | None = None


def body(topic: str, treatment: str | None, content: Content) -> str:
    """The answer to a topic of kind answer: its facts and notes, at most 60 words."""
    if topic in TREATMENTS:
        return " ".join(str(fact.say) for fact in content.treatment(topic).how_it_works)
    if topic in ASPECTS and treatment:
        before = content.treatments.before_named.get(topic, [])  # type: ignore[call-overload]
        return " ".join(
            [*map(content.sentence, before), content.treatment(treatment).aspect(topic).sentence]
        )
    if topic in content.treatments.all_treatments:
        return _for_all(topic, content)
    return " ".join(content.sentence(key) for key in content.milia.answers[topic].say)


def _for_all(topic: str, content: Content) -> str:
    spoken = content.treatments.all_treatments[topic]
    lines = [" ".join(content.sentence(key) for key in spoken.say)]
    lines += [f"• {name}: {short}" for name, short in _rows(topic, content)]
    if spoken.close:
        lines.append(" ".join(content.sentence(key) for key in spoken.close))
    return "\n".join(lines)


def listed(topic: str, content: Content) -> tuple[str, ...]:
    """The treatments that the answer to a topic lists, in order; none where it lists none."""
    spoken = content.treatments.all_treatments.get(topic)
    if not spoken or not spoken.rows:
        return ()
    rows = spoken.rows
    return tuple(t for t in TREATMENTS if content.treatment(t).aspect(rows).short)


def _rows(topic: str, content: Content) -> list[tuple[str, str]]:
    """Of each listed treatment its name, and what is said of it in a few words."""
    of = content.treatments.all_treatments[topic].rows
    found = map(content.treatment, listed(topic, content))
    return [(t.name, str(t.aspect(of).short)) for t in found if of]


def next_topic(topic: str, content: Content) -> str:
    """The topic offered after an answer."""
    if topic in TREATMENTS:
        return content.treatments.after_how_it_works
    if topic in content.treatments.all_treatments:
        return content.treatments.all_treatments[topic].next
    return content.milia.answers[topic].next


def card(topic: str, content: Content, sign: str = "") -> Reply:
    """The urgent card of a sign, or else of its topic: it stands alone, nothing is offered."""
    found = content.urgent.cards[sign if sign in OWN_CARDS else topic]
    heading, text = content.fill(found.heading), content.fill(found.text)
    show = {"kind": "urgent", "heading": heading, "text": text}
    return Reply(f"{heading}.\n\n{text}", show=show)


def reply(asked: Sequence[Asked], content: Content, leads_on: bool = True) -> Reply:
    """Answer one or more questions, in order, in one reply. An urgent one outranks all. Without
    `leads_on` no next step is offered: something else goes on.
    """
    for one in asked:
        if content.topics[one.topic].kind == "urgent":
            return card(one.topic, content, one.sign)
    bodies = [text for one in _facts_first(asked, content) for text in _bodies(one, content)]
    blocks = [*dict.fromkeys(bodies), *_closing(asked, content, leads_on)]
    text = content.fill("\n\n".join(blocks))
    buttons: tuple[str, ...] = ()
    if any(one.topic == "privacy" for one in asked):
        buttons = (content.privacy.buttons.tell, content.privacy.buttons.forget)
    offered = _offered(asked, content) if leads_on else ()
    return Reply(text, offered, buttons, _show(asked, content))


def _facts_first(asked: Sequence[Asked], content: Content) -> list[Asked]:
    """In order, but no fact stands beneath what only a practitioner can answer: there it would read
    as that answer.
    """
    kinds = [content.topics[one.topic].kind for one in asked]
    start = kinds.index("practitioner") if "practitioner" in kinds else len(kinds)
    behind = list(zip(asked[start:], kinds[start:], strict=True))
    facts = [one for one, kind in behind if kind == "answer"]
    return [*asked[:start], *facts, *(one for one, kind in behind if kind != "answer")]


def _show(asked: Sequence[Asked], content: Content) -> dict[str, Any]:
    """How a chat window may show the answer: treatments side by side, where they are listed."""
    [one, *others] = asked
    all_of_them = content.treatments.all_treatments.get(one.topic)
    if others or one.treatments or not all_of_them or not all_of_them.rows:
        return {"kind": "answer", "topics": [one.topic for one in asked]}
    columns = [content.treatments.column, content.ask(all_of_them.rows)]
    rows = [list(row) for row in _rows(one.topic, content)]
    return {"kind": "comparison", "columns": columns, "rows": rows}


def _bodies(one: Asked, content: Content) -> list[str]:
    kind = content.topics[one.topic].kind
    if kind == "not_known":
        return [content.not_ours.not_known[one.topic]]
    if kind == "practitioner":
        return [content.not_ours.practitioner[one.topic]]
    if kind == "service":
        return [content.conversation.service[one.topic]]
    if kind == "outside":
        return [content.conversation.outside]
    first, *others = one.treatments or (None,)
    texts = [body(one.topic, first, content)]
    if one.topic in ASPECTS:
        # What is said before a named treatment is said once.
        texts += [content.treatment(t).aspect(one.topic).sentence for t in others if t]
    if any("retinol" in text.lower() for text in texts):
        texts.append(content.sentence(RETINOL_CAUTION))
    return texts


def _closing(asked: Sequence[Asked], content: Content, leads_on: bool) -> list[str]:
    """The source of the facts, the way to the team, and one next step."""
    kinds = {content.topics[one.topic].kind for one in asked}
    lines = []
    if "answer" in kinds:
        lines.append(f"{content.milia.source}.")
    if any(_needs_team(one.topic, content) for one in asked):
        lines.append(content.conversation.team)
    elif "answer" in kinds and leads_on:
        lines.append(next_step(_next(asked, content), content))
    return lines


def _needs_team(topic: str, content: Content) -> bool:
    return (
        content.topics[topic].kind in ("not_known", "practitioner")
        or topic in content.conversation.names_team
    )


def _next(asked: Sequence[Asked], content: Content) -> str:
    """The next topic of the last answer that was not just asked; else the consultation's
    booking.
    """
    answered = [one.topic for one in asked]
    offers = [
        next_topic(t, content) for t in reversed(answered) if content.topics[t].kind == "answer"
    ]
    return next((offer for offer in offers if offer not in answered), "booking")


def next_step(topic: str, content: Content) -> str:
    """The line that offers a topic; “yes please” takes it."""
    if topic == "booking":
        return content.conversation.next_appointment
    return f"{content.conversation.next_step} “{content.ask(topic)}”"


def _offered(asked: Sequence[Asked], content: Content) -> tuple[str, ...]:
    if any(one.topic in OPENS for one in asked):
        # The form that it opens has buttons of its own.
        return ()
    kinds = {content.topics[one.topic].kind for one in asked}
    if any(_needs_team(one.topic, content) for one in asked):
        wishes = [t for t in ("booking", "person") if t not in {one.topic for one in asked}]
        return tuple(wishes)
    if "answer" in kinds:
        return tuple(dict.fromkeys([_next(asked, content), "booking"]))
    if all(one.topic in content.conversation.ends for one in asked):
        return ()
    return tuple(
        content.conversation.outside_topics
        if "outside" in kinds
        else content.conversation.first_topics
    )
