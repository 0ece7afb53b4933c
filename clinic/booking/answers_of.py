"""Reads a message as the answer to the field that the form asks for, and finds other details."""

import re
from collections.abc import Callable

from clinic.booking import details, wording
from clinic.booking.contact_of import CANNOT_USE, Reading, chosen, contact, way
from clinic.booking.draft import NO_REFERENCE, Draft
from clinic.booking.heard import (
    Heard,
    corrected_times,
    corrects,
    is_question,
    only_asks,
    told_beside,
    withdraws,
)
from clinic.content_booking import Booking
from clinic.reference import find_reference

# Topics of small talk; after those of ASKED_AGAIN the form simply asks again.
SMALL_TALK = {"privacy", "greeting", "thanks", "goodbye", "bot_identity", "abilities", "abuse"}
ASKED_AGAIN = {"booking", "repeat"}


def told_anywhere(draft: Draft, heard: Heard, words: Booking) -> Reading:
    """Every detail that a message tells, whatever was asked."""
    text: str = heard.text
    told: Reading = {}
    number = details.telephone(text)
    if number and not number.costly:
        told |= {"way": "telephone", "contact": number.typed}
    if address := details.email(text):
        told |= {"way": "email", "contact": address, "suggestion": details.likely_slip(address)}
    if name := details.named(text) or (details.rest_of(text) if told and not draft.name else ""):
        told["name"] = name
    if wording.GROWN_UP_AGE.search(text) or wording.ADULT.search(text):
        told["adult"] = "yes"
    elif wording.UNDER_AGE.search(text):
        told["adult"] = "no"
    if draft.contact and not told.get("contact") and (way := _other_way(draft, heard)):
        return {"way": way, "contact": ""}
    if "times" in draft.takes or not draft.kind:
        told |= _times_beside(draft, heard, bool(told))
    if draft.kind == "change" and (wish := changed_wish(heard, words)):
        told["wish"] = wish
    return {field: value for field, value in told.items() if _is_asked(draft, field)}


def changed_wish(heard: Heard, words: Booking) -> str:
    """What should become of an earlier request, where a message says it clearly."""
    if withdraws(heard.text):
        return str(words.buttons["withdraw"])
    return corrected_times(heard)


def _other_way(draft: Draft, heard: Heard) -> str:
    """The way that "actually, ring me instead" changes to; nothing where none is named."""
    if not corrects(heard) or len(heard.text.split()) > 8:
        return ""
    by_email = wording.BY_EMAIL.search(heard.text)
    way = "email" if by_email else "telephone" if wording.BY_TELEPHONE.search(heard.text) else ""
    return way if way != draft.way else ""


def _times_beside(draft: Draft, heard: Heard, beside: bool) -> Reading:
    times = details.times(heard.text)
    # April, May and June are names too.
    wanted = beside or draft.asking != "name" or corrects(heard)
    asks = only_asks(heard) and not beside
    if not times or not wanted or asks or details.is_past(times, heard.now):
        return {}
    return {"times": times}


def _is_asked(draft: Draft, field: str) -> bool:
    return not draft.kind or field in draft.takes or field in ("way", "suggestion")


def answer(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    """What the message says of the field that was asked; None when it is no answer to it."""
    read = READ.get(draft.asking)
    return read(draft, heard, words) if read else None


def _kind(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    offered = {kind: str(words.kinds[kind]) for kind in ("consultation", "call_back", "change")}
    if kind := chosen(heard.text, offered):
        return {"kind": kind}
    if is_question(heard.text) and set(heard.topics) & heard.answerable:
        return None
    kinds = {
        "call_back": wording.CALL_BACK,
        "change": wording.CHANGES,
        "consultation": wording.BOOKS,
    }
    found = next((kind for kind, way in kinds.items() if way.search(heard.text)), None)
    return {"kind": found} if found else None


def _adult(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    offered = {"yes": str(words.buttons["adult"]), "no": str(words.buttons["under_18"])}
    found = chosen(heard.text, offered) or details.adult(heard.text)
    if not found and not is_question(heard.text):
        found = (
            "no" if wording.NO.match(heard.text) else "yes" if wording.YES.match(heard.text) else ""
        )
    if not found and re.fullmatch(r"\W*\d{1,3}\W*", heard.text):
        found = "yes" if int(re.sub(r"\D", "", heard.text)) >= 18 else "no"
    return {"adult": found} if found else None


def _name(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    if is_question(heard.text):
        return None
    if len(heard.text) > details.LONGEST_NAME and not set(heard.topics) & heard.answerable:
        return {CANNOT_USE: "name"}
    name = details.named(heard.text) or details.bare_name(heard.text)
    # A few words that are no name as a rule belong to a topic: "thanks", "what it costs".
    doubtful = len(name.split()) > 3 and not name.istitle() and set(heard.topics) & heard.answerable
    return {"name": name} if name and not doubtful else None


def _times(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    text = heard.text.strip()
    if details.is_past(text, heard.now):
        return {CANNOT_USE: "past"}
    if only_asks(heard):
        return None
    told = told_beside(text)
    text = told if details.times(told) else text
    if details.times(text):
        return {"times": text[: details.LONGEST_WORDS]}
    if (
        wording.YES.match(text)
        or wording.NO.match(text)
        or set(heard.topics) & (heard.answerable | SMALL_TALK)
    ):
        return None
    own_words = re.search(r"[^\W\d_]{3}", text) and len(text) <= details.LONGEST_WORDS
    return {"times": text} if own_words else None


def _wish(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    text = heard.text.strip()
    if set(heard.topics) & {"person", "privacy"} and len(text.split()) <= 8:
        return None
    if not re.search(r"[^\W\d_]{2}", text) or is_question(text) and len(text.split()) <= 8:
        return None
    agrees = wording.SENDS.match(text) or wording.YES.match(text) or wording.NO.match(text)
    if len(text.split()) <= 2 and agrees:
        return None
    return {"wish": text[: 2 * details.LONGEST_WORDS]}


def _more(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    if (
        wording.THAT_IS_ALL.match(heard.text)
        or wording.NO.match(heard.text)
        and len(heard.text.split()) <= 5
    ):
        return {"wish": draft.wish}
    added = _wish(draft, heard, words)
    return added and {"wish": f"{draft.wish}\n{added['wish']}"[: 2 * details.LONGEST_WORDS]}


def _earlier(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    if reference := find_reference(heard.text):
        return {"earlier": reference}
    lost = wording.LOST.search(heard.text)
    none = chosen(heard.text, {"": str(words.buttons["no_reference"])}) is not None
    if none or lost or wording.NO.match(heard.text) or wording.WILL_NOT.search(heard.text):
        return {"earlier": NO_REFERENCE}
    return None


def _slip(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    meant = heard.text.casefold().strip(" .!") == draft.suggestion.casefold()
    if meant or wording.YES.match(heard.text):
        return {"contact": draft.suggestion, "suggestion": ""}
    return {"suggestion": ""} if wording.NO.match(heard.text) else None


READ: dict[str, Callable[[Draft, Heard, Booking], Reading | None]] = {
    "kind": _kind,
    "adult": _adult,
    "name": _name,
    "way": way,
    "contact": contact,
    "times": _times,
    "wish": _wish,
    "more": _more,
    "earlier": _earlier,
    "slip": _slip,
}
