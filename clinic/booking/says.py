"""What the form says: its questions, the check page, the confirmation; every word from content/."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from clinic.answers import Reply
from clinic.booking.draft import NO_REFERENCE, Draft
from clinic.booking.form import Step
from clinic.content import Content

AUTOCOMPLETE = {"name": "name", "telephone": "tel", "email": "email"}
INPUT = {"telephone": "tel", "email": "email"}


def filled(text: str, content: Content, **told: str) -> str:
    """A sentence with the clinic's details, and then with what the patient told."""
    text = content.fill(text)
    for name, value in told.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def line(name: str, content: Content, **told: str) -> str:
    return filled(content.booking.lines[name], content, **told)


def said(step: Step, content: Content, questions: Sequence[str], number: str = "") -> Reply:
    """What a step says: its lines, its error, and the question that comes next."""
    draft = step.draft
    reference = draft.reference if draft else ""
    before = [line(name, content, reference=reference) for name in step.say]
    if draft and (errors := content.booking.errors.get(step.error)):
        before.append(filled(errors[(draft.tries - 1) % len(errors)], content))
    if draft is None or draft.asking == "sent":
        return Reply("\n\n".join(before))
    asked = ask(draft, content, questions, number)
    short = draft.asking == "check" and step.say == ("nothing_sent_yet",)
    text = filled(content.booking.questions["check"], content) if short else asked.text
    return Reply("\n\n".join([*before, text]), buttons=asked.buttons, show=asked.show)


def ask(draft: Draft, content: Content, questions: Sequence[str], number: str = "") -> Reply:
    """The question of the field that the form waits for, or the check page."""
    if draft.asking == "check":
        return check_page(draft, content, questions)
    field = question_of(draft)
    text = filled(content.booking.questions[field], content, suggestion=draft.suggestion)
    show = {
        "kind": "ask",
        "field": field,
        "input": INPUT.get(field, "text"),
        "autocomplete": AUTOCOMPLETE.get(field, "off"),
        "label": text,
    }
    return Reply(text, buttons=_buttons(draft, field, content, questions, number), show=show)


def question_of(draft: Draft) -> str:
    """The question for a field; that for a contact depends on the way, for a wish on the kind."""
    if draft.asking == "contact":
        if draft.kind == "change" and draft.earlier != NO_REFERENCE:
            return "earlier_contact"
        first = draft.kind == "person" and not (draft.tries or draft.times or draft.name)
        either = "reachable" if first else "contact"
        return draft.way or ("telephone" if draft.kind == "call_back" else either)
    if draft.asking == "wish" and draft.kind == "complaint":
        return "complaint"
    if draft.asking == "wish" and draft.earlier != NO_REFERENCE:
        return "change"
    return draft.asking


def _buttons(
    draft: Draft, field: str, content: Content, questions: Sequence[str], number: str
) -> tuple[str, ...]:
    words = content.booking
    named = {
        "adult": ("adult", "under_18"),
        "way": ("telephone", "email", *(["number"] if number else [])),
        "times": ("any_time",),
        "earlier": ("no_reference",),
        "change": ("withdraw",),
        "more": ("that_is_all",),
        "slip": ("suggestion", "as_typed"),
    }
    if field == "kind":
        return tuple(words.kinds[kind] for kind in ("consultation", "call_back", "change"))
    if field == "part":
        return (*(change for *_, change in rows(draft, content, questions)), words.buttons["send"])
    if draft.tries > 1 and field in ("telephone", "email"):
        return (words.buttons["email" if field == "telephone" else "telephone"],)
    if number and field in ("telephone", "contact", "reachable"):
        return (str(words.buttons["number"]),)
    told = draft.suggestion
    return tuple(
        filled(words.buttons[name], content, suggestion=told) for name in named.get(field, ())
    )


def rows(draft: Draft, content: Content, questions: Sequence[str]) -> list[tuple[str, str, str]]:
    """The lines of the check page: name, value, and the words that change it."""
    words = content.booking
    found = [("kind", str(words.kinds[draft.kind]))]
    beside = ("name",) if draft.name and "name" not in draft.takes else ()
    for field in (*draft.takes, *beside):
        value = {"adult": words.labels["yes"]}.get(field) or getattr(draft, field)
        if field in ("kind", "way") or not value or value == NO_REFERENCE:
            continue
        label = draft.way if field == "contact" and draft.way else field
        found.append((label, str(value)))
    if questions and not draft.leave_out and draft.kind != "change":
        found.append(("questions", "; ".join(f"“{question}”" for question in questions)))
    return [(_name(label, content), value, _change(label, content)) for label, value in found]


def _name(label: str, content: Content) -> str:
    text = str(content.booking.labels[label])
    return text[:1].upper() + text[1:]


def _change(label: str, content: Content) -> str:
    if label == "questions":
        return str(content.booking.buttons["leave_out"])
    return f"{content.booking.labels['change']} {content.booking.labels[label]}"


def check_page(draft: Draft, content: Content, questions: Sequence[str]) -> Reply:
    """All that would be passed on, and what the patient agrees to by sending it."""
    words = content.booking
    lines = rows(draft, content, questions)
    consent = filled(words.consent.text, content)
    listed = "\n".join(f"{label}: {value}" for label, value, _ in lines)
    blocks = [words.lines["check"] + "\n" + listed, consent]
    closing = [words.lines["not_confirmed"]] if draft.kind in ("consultation", "call_back") else []
    blocks.append(" ".join([*closing, words.questions["check"]]))
    show: dict[str, Any] = {
        "kind": "check",
        "rows": [{"label": label, "value": v, "change": change} for label, v, change in lines],
        "consent": consent,
    }
    buttons = tuple(words.buttons[name] for name in ("send", "change", "cancel"))
    return Reply("\n\n".join(blocks), buttons=buttons, show=show)


def confirmed(draft: Draft, reference: str, known_before: bool, content: Content) -> Reply:
    """The reference, after it is stored; where the team answers, and that nothing is confirmed."""
    first = "saved_complaint" if draft.kind == "complaint" else "saved"
    lines = [
        line("already" if known_before else first, content),
        line("reference", content, reference=reference),
        line("reply", content, contact=masked(draft.contact)),
    ]
    if draft.kind in ("consultation", "call_back"):
        lines.append(content.booking.lines["not_confirmed"])
        lines += booking_page(content, reference)
    show = {"kind": "reference", "reference": reference}
    return Reply("\n".join(lines), show=show)


def not_saved(content: Content) -> Reply:
    """The database is down: what was told is not with the team, and how to reach it."""
    buttons = (content.booking.buttons["send"], content.booking.buttons["cancel"])
    return Reply(line("not_saved", content), buttons=buttons)


def booking_page(content: Content, reference: str = "") -> list[str]:
    """The clinic's own booking page, where it has one, so that it sees where the patient came
    from.
    """
    if not content.clinic.booking_page:
        return []
    page = urlsplit(content.clinic.booking_page)
    source = {"utm_source": "chat", "utm_medium": "bot", "utm_campaign": "milia"}
    query = urlencode({**source, **({"reference": reference} if reference else {})})
    whole = urlunsplit(page._replace(query="&".join(filter(None, [page.query, query]))))
    return [f"{content.booking.lines['book_online']} {whole}"]


def masked(contact: str) -> str:
    """A contact that its owner knows again, and nobody else learns: ••• 456, p•••@gmail.com."""
    if "@" in contact:
        name, _, domain = contact.partition("@")
        return f"{name[:1]}•••@{domain}"
    return f"••• {re.sub(r'[^0-9]', '', contact)[-3:]}"
