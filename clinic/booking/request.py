"""The rules of a request: checked whole before it is stored, whatever the form let through."""

from dataclasses import dataclass
from datetime import datetime

from clinic.booking import details
from clinic.booking.draft import NO_REFERENCE, Draft
from clinic.booking.heard import withdraws
from clinic.deeds import Deed
from clinic.errors import RefusedError
from clinic.message import Message

# Questions that travel with a request, and the letters kept of each.
QUESTIONS_KEPT, LONGEST_QUESTION = 5, 200


@dataclass(frozen=True)
class Consent:
    """What the patient agreed to, in which version of its words, and when."""

    version: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Request:
    """A request as the team gets it: `contact` as typed, `stored` for ringing or writing to."""

    kind: str
    contact: str
    way: str
    stored: str
    consent: Consent
    name: str = ""
    adult: bool | None = None
    times: str = ""
    wish: str = ""
    topic: str = ""
    questions: tuple[str, ...] = ()
    channel: str = ""
    conversation: str = ""


@dataclass(frozen=True)
class SendRequest(Deed):
    """Store a request and the note to the team. Whatever is sent twice with one key is one."""

    key: str
    request: Request


@dataclass(frozen=True)
class AmendRequest(Deed):
    """Tell the team that an earlier request is to be changed or cancelled."""

    key: str
    reference: str
    stored: str
    wish: str
    withdraw: bool
    conversation: str = ""


def deed(
    draft: Draft, consent: Consent, message: Message, topic: str, questions: tuple[str, ...]
) -> Deed:
    """What sending this draft means; raises RefusedError naming the field that is not right."""
    for field in draft.plan:
        if not getattr(draft, field):
            raise RefusedError(field)
    way, stored = _contact(draft.contact)
    if draft.kind == "change" and draft.earlier != NO_REFERENCE:
        withdraw = withdraws(draft.wish)
        whose = message.conversation
        return AmendRequest(draft.key, draft.earlier, stored, draft.wish, withdraw, whose)
    _check_words(draft, message.now)
    kept = () if draft.leave_out else questions[-QUESTIONS_KEPT:]
    request = Request(
        kind=draft.kind,
        contact=draft.contact,
        way=way,
        stored=stored,
        consent=consent,
        name=draft.name,
        adult=draft.adult == "yes" if draft.adult else None,
        times=draft.times,
        wish=draft.wish,
        topic=topic,
        questions=tuple(question[:LONGEST_QUESTION] for question in kept),
        channel=message.channel,
        conversation=message.conversation,
    )
    return SendRequest(draft.key, request)


def _contact(typed: str) -> tuple[str, str]:
    if number := details.telephone(typed):
        if not number.costly:
            return "telephone", number.stored
    elif address := details.email(typed):
        return "email", address
    raise RefusedError("contact")


def _check_words(draft: Draft, now: datetime) -> None:
    if draft.adult not in ("", "yes"):
        raise RefusedError("adult")
    if "name" in draft.plan and not 1 <= len(draft.name) <= details.LONGEST_NAME:
        raise RefusedError("name")
    if len(draft.times) > details.LONGEST_WORDS or details.is_past(draft.times, now):
        raise RefusedError("times")
