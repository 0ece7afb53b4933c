"""The form that takes a request: a draft and what was typed -> the draft after it. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from clinic.booking import answers_of, wording
from clinic.booking import heard as listening
from clinic.booking.contact_of import CANNOT_USE, Reading
from clinic.booking.draft import OPENS, Draft
from clinic.booking.heard import Heard
from clinic.content_booking import Booking
from clinic.reference import find_reference

# Answered by the form itself while it is open.
PASSED_OVER = ("agreement", "refusal", "repeat")
# So long a silence, and the form says where it was; so soon, and the same words are a double tap.
SILENCE, DOUBLE = timedelta(minutes=30), timedelta(seconds=60)


@dataclass(frozen=True)
class Step:
    """What the form makes of a message. `draft` is None when the form is closed; `say` names the
    lines that come before its question; `send` is set when the patient agreed. With `aside` the
    message holds a question, which is answered first; with `quiet` the form's own is not asked;
    with `opens` this is another form.
    """

    draft: Draft | None
    say: tuple[str, ...] = ()
    error: str = ""
    send: bool = False
    aside: bool = False
    quiet: bool = False
    opens: bool = False


def opened(topic: str, heard: Heard, words: Booking) -> Draft:
    """The form that a topic leads into, with what its message already told."""
    draft = Draft(kind=OPENS[topic])
    told = answers_of.told_anywhere(draft, heard, words)
    if draft.kind == "complaint" and listening.is_told_complaint(heard.text):
        told["wish"] = heard.text
    if draft.kind == "change" and (reference := find_reference(heard.text)):
        told["earlier"] = reference
    if not draft.kind and (kind := _kind_meant(heard, told)):
        told["kind"] = kind
    after = ask_next(draft.told(**told), heard)
    return replace(after, asking="more") if draft.kind == "complaint" and after.wish else after


def _kind_meant(heard: Heard, told: Reading) -> str:
    """The kind that is named; who tells their details without one wants a consultation, and can
    change that at the check page.
    """
    return listening.kind_named(heard.text) or ("consultation" if told else "")


def step(draft: Draft, heard: Heard, words: Booking) -> Step:
    """Take what was typed: the ways out first, then the details in it."""
    ways = (_twice, _leave, _back, _at_the_check_page, _details, _part, _switch, _not_understood)
    found = next(step for way in ways if (step := way(draft, heard, words)))
    if found.draft:
        kept = replace(found.draft, last=heard.text[:200], touched=heard.now.isoformat())
        found = replace(found, draft=kept)
    return _welcomed(draft, found, heard.now)


def _welcomed(before: Draft, found: Step, now: datetime) -> Step:
    away = before.touched and now - datetime.fromisoformat(before.touched) > SILENCE
    if away and found.draft and not (found.quiet or found.send):
        return replace(found, say=("welcome_back", *found.say))
    return found


def ask_next(draft: Draft, heard: Heard) -> Draft:
    """The draft that asks for what is missing; at the check page it gets its key."""
    asking = "slip" if draft.suggestion else draft.missing
    key = draft.key or (heard.key if asking == "check" else "")
    return replace(draft, asking=asking, key=key)


def _twice(draft: Draft, heard: Heard, words: Booking) -> Step | None:
    """The same words again at once, after they were taken: a double tap."""
    if not draft.touched or draft.tries or heard.text[:200] != draft.last:
        return None
    soon = abs(heard.now - datetime.fromisoformat(draft.touched)) < DOUBLE
    fits_again = draft.asking in ("check", "more") or answers_of.answer(draft, heard, words)
    return Step(draft) if soon and not fits_again else None


def _leave(draft: Draft, heard: Heard, words: Booking) -> Step | None:
    text = heard.text.casefold().strip(" .!")
    at_the_end = draft.kind != "change" or draft.asking != "wish"
    tapped = at_the_end and text == words.buttons["cancel"].casefold()
    if draft.kind == "change" and "cancel" in text and not tapped:
        return _withdrawn(draft, heard, words)
    if not (tapped or wording.LEAVE.match(text)):
        return None
    # They may mean an earlier one, and must not believe that it is cancelled.
    earlier = ("earlier_one",) if wording.ITS_APPOINTMENT.search(text) else ()
    return Step(None, say=("cancelled", *earlier))


def _withdrawn(draft: Draft, heard: Heard, words: Booking) -> Step | None:
    """ "Cancel it" in a form that changes an earlier request means that request."""
    if draft.asking not in ("check", "wish") or not listening.withdraws(heard.text):
        return None
    wish, say = str(words.buttons["withdraw"]), ("changed",) if draft.wish else ()
    return Step(draft) if draft.wish == wish else Step(ask_next(draft.told(wish=wish), heard), say)


def _back(draft: Draft, heard: Heard, words: Booking) -> Step | None:
    if wording.START_AGAIN.match(heard.text):
        kind = "" if draft.kind in ("consultation", "call_back") else draft.kind
        return Step(ask_next(Draft(kind=kind), heard))
    if not wording.BACK.match(heard.text):
        return None
    known = [field for field in draft.plan if getattr(draft, field)]
    if not known:
        return Step(draft)
    emptied = {known[-1]: "", "suggestion": ""}
    return Step(ask_next(draft.told(**emptied), heard))


def _at_the_check_page(draft: Draft, heard: Heard, words: Booking) -> Step | None:
    if draft.asking not in ("check", "part"):
        return None
    text = heard.text.casefold().strip(" .!")
    choosing = draft.asking == "part"
    # "Yes" to "What would you like to change?" does not agree to send.
    if listening.sends(heard.text, words) and (not choosing or "send" in text):
        return Step(draft, send=True)
    if choosing and (listening.refuses(text) or wording.THAT_IS_ALL.match(text)):
        return Step(ask_next(draft, heard))
    if text == words.buttons["leave_out"].casefold():
        return Step(ask_next(draft.told(leave_out=True), heard), say=("changed",))
    # "No, my number is ..." says at once what is wrong.
    refuses = listening.refuses(text) and not answers_of.told_anywhere(draft, heard, words)
    if refuses or text in (words.buttons["change"].casefold(), "change"):
        return Step(replace(draft, asking="part"))
    return None


def _details(draft: Draft, heard: Heard, words: Booking) -> Step | None:
    """Take every detail in the message, the one that was asked for above all."""
    told = answers_of.told_anywhere(draft, heard, words)
    own = answers_of.answer(draft, heard, words) or {}
    if error := own.get(CANNOT_USE):
        return _failed(draft, str(error))
    if told.get("contact") == "":
        own = {}
    if told.get("times") and len(told) > 1:
        # The days alone, where a list of details holds them.
        own.pop("times", None)
    told = {**told, **own}
    if not told:
        return None
    if told.get("adult") == "no":
        return Step(None, say=("under_18",))
    if not draft.kind and not told.get("kind"):
        told["kind"] = _kind_meant(heard, told)
    after = ask_next(draft.told(**{"suggestion": "", **told}), heard)
    if told.get("refused"):
        return _without_this_way(after)
    if draft.kind == "complaint" and draft.asking == "wish":
        after = replace(after, asking="more")
    asks = listening.asks_in_part(heard.text) and listening.asks_something(heard)
    return Step(after, say=_acknowledged(draft, after, told), aside=asks)


def _acknowledged(draft: Draft, after: Draft, told: Reading) -> tuple[str, ...]:
    """That something was changed, or taken though something else was asked."""
    if draft.asking in ("slip", "more"):
        return ()
    before = {field: getattr(draft, field) for field in told if field in draft.takes}
    at_the_check_page = draft.asking == "check"
    new = [field for field, was in before.items() if was != told[field]]
    if any(before[field] or at_the_check_page for field in new):
        return ("changed",)
    return ("noted",) if new and after.asking == draft.asking else ()


def _without_this_way(draft: Draft) -> Step:
    """The patient will not be reached that way: another one, or none at all."""
    if not draft.way:
        return Step(None, say=("no_contact",))
    return Step(draft, say=(f"{draft.way}_instead",))


def _part(draft: Draft, heard: Heard, words: Booking) -> Step | None:
    """ "Change name", "wrong number": that field is asked again."""
    part = part_named(heard.text, words)
    if not part or not (draft.asking == "part" or wording.CHANGE.search(heard.text)):
        return None
    if part == "questions":
        return Step(ask_next(draft.told(leave_out=True), heard), say=("changed",))
    if part in ("telephone", "email"):
        if "contact" not in draft.plan:
            return None
        way = part if "way" in draft.plan or draft.way else ""
        return Step(replace(draft.told(way=way, contact="", suggestion=""), asking="contact"))
    if part not in draft.takes:
        return None
    return Step(replace(draft.told(**{part: ""}), asking=part))


def part_named(text: str, words: Booking) -> str:
    """The line of the check page that a text names."""
    for part, pattern in wording.PARTS.items():
        label = rf"\b{re.escape(words.labels[part])}\b"
        if pattern.search(text) or re.search(label, text, re.I):
            return part
    return ""


def _switch(draft: Draft, heard: Heard, words: Booking) -> Step | None:
    """Another wish in the middle: a person, a complaint, a change; what was told is kept."""
    wishes = [t for t in heard.topics if t in OPENS and OPENS[t] != draft.kind]
    wish = next((t for t in wishes if t != "booking"), None)
    if not wish or draft.asking in ("wish", "more") and len(heard.text.split()) > 8:
        return None
    if wish == "booking_change" and not _means_another(draft, heard):
        return Step(replace(draft, asking="part")) if draft.missing == "check" else None
    other = replace(opened(wish, heard, words), name=draft.name)
    if not other.contact:
        other = replace(other, way=draft.way, contact=draft.contact)
    if "times" in other.takes and not other.times:
        other = replace(other, times=draft.times)
    asking = other.asking if other.asking == "more" else ask_next(other, heard).asking
    other = replace(other, asking=asking, key=heard.key if asking == "check" else "")
    return Step(other, aside=True, opens=True)


def _means_another(draft: Draft, heard: Heard) -> bool:
    """Whether a change is meant for an earlier request, not for the one that is being made."""
    making = draft.kind in ("consultation", "call_back")
    named = find_reference(heard.text) or wording.EARLIER.search(heard.text)
    return not making or named is not None


def _not_understood(draft: Draft, heard: Heard, words: Booking) -> Step:
    if listening.asks_something(heard):
        return Step(draft, aside=True, quiet=draft.kind == "person")
    if set(heard.topics) & answers_of.ASKED_AGAIN:
        return Step(draft)
    if "send" in heard.text.casefold() and listening.sends(heard.text, words):
        return Step(draft, say=("nothing_sent_yet",))
    a_try = wording.NUMBER_LIKE.search(heard.text) or "@" in heard.text
    if draft.kind == "person" and "agreement" in heard.topics:
        return Step(replace(draft, tries=draft.tries + 1))
    if draft.kind == "person" and draft.asking == "contact" and not a_try:
        # Nothing but a way to reach them is asked, and only once.
        return Step(draft, aside=True, quiet=True)
    if draft.asking == "check":
        return Step(draft, say=("nothing_sent_yet",))
    return _failed(draft, draft.way if draft.asking == "contact" and draft.way else draft.asking)


def _failed(draft: Draft, error: str) -> Step:
    return Step(replace(draft, tries=draft.tries + 1), error=error)
