"""Reads a message as the answer to the field that the form asks for, and finds other details."""

import re
from collections.abc import Callable
from typing import Any

from clinic.booking import details, wording
from clinic.booking.draft import NO_REFERENCE, Draft
from clinic.booking.heard import (
    Heard,
    corrected_times,
    corrects,
    is_question,
    only_asks,
    withdraws,
)
from clinic.content_booking import Booking
from clinic.reference import find_reference

# The key under which a reading names the error of an answer that cannot be used.
CANNOT_USE = "cannot use"
# Topics of small talk; after those of ASKED_AGAIN the form simply asks again.
SMALL_TALK = {"privacy", "greeting", "thanks", "goodbye", "bot_identity", "abilities", "abuse"}
ASKED_AGAIN = {"booking", "repeat"}


Reading = dict[str, Any]


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


def _chosen(text: str, options: dict[str, str]) -> str | None:
    """The option whose button was tapped or typed, or whose place was named."""
    plain = text.casefold().strip(" .!?")
    for option, words in options.items():
        if plain == words.casefold():
            return option
    place = wording.PLACES.get(plain)
    return list(options)[place] if place is not None and place < len(options) else None


def _kind(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    offered = {kind: str(words.kinds[kind]) for kind in ("consultation", "call_back", "change")}
    if kind := _chosen(heard.text, offered):
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
    found = _chosen(heard.text, offered) or details.adult(heard.text)
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


def _way(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    offered = {way: str(words.buttons[way]) for way in ("telephone", "email")}
    if error := _no_contact(heard):
        return {CANNOT_USE: error}
    if heard.number:
        offered["number"] = str(words.buttons["number"])
    found = _chosen(heard.text, offered)
    if not found and not is_question(heard.text):
        by_email, by_telephone = (
            wording.BY_EMAIL.search(heard.text),
            wording.BY_TELEPHONE.search(heard.text),
        )
        found = "email" if by_email else "telephone" if by_telephone else None
        if found and wording.WILL_NOT.search(heard.text):
            found = "telephone" if found == "email" and not by_telephone else "email"
    used = _number_in_use(heard)
    if used or found == "number":
        return used or {"way": "telephone", "contact": heard.number}
    return {"way": found} if found else None


def _number_in_use(heard: Heard) -> Reading | None:
    """The number that the patient writes from, where they say so."""
    if heard.number and "this number" in heard.text.casefold():
        return {"way": "telephone", "contact": heard.number}
    return None


def _contact(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    number = details.telephone(heard.text)
    if number and number.costly and not details.email(heard.text):
        return {CANNOT_USE: "costly"}
    if number or "@" in heard.text:
        return None
    if used := _number_in_use(heard):
        return used
    other = "email" if wording.BY_EMAIL.search(heard.text) else ""
    other = other or ("telephone" if wording.BY_TELEPHONE.search(heard.text) else "")
    refuses = wording.WILL_NOT.search(heard.text) or wording.NO.match(heard.text)
    if refuses and not is_question(heard.text):
        return _refused(draft, other)
    if other and other != draft.way and draft.kind != "person" and len(heard.text.split()) <= 8:
        return {"way": other}
    return None


def _no_contact(heard: Heard) -> str:
    """The error of what was meant as a number or an address and is none."""
    number = details.telephone(heard.text)
    if number:
        return "costly" if number.costly else ""
    if "@" in heard.text:
        return "" if details.email(heard.text) else "email"
    return "telephone" if wording.NUMBER_LIKE.search(heard.text) else ""


def _refused(draft: Draft, named: str) -> Reading | None:
    """Not this way; the other one, unless that was refused too."""
    if draft.kind == "person" and not (named or draft.refused):
        return None
    way = draft.way or ("telephone" if draft.kind == "call_back" else named)
    refused = (*draft.refused, way)
    other = "email" if way == "telephone" else "telephone"
    gone = not way or other in refused
    return {"refused": refused, "way": "" if gone else other}


def _times(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    text = heard.text.strip()
    if details.is_past(text, heard.now):
        return {CANNOT_USE: "past"}
    if only_asks(heard):
        return None
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
    none = _chosen(heard.text, {"": str(words.buttons["no_reference"])}) is not None
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
    "way": _way,
    "contact": _contact,
    "times": _times,
    "wish": _wish,
    "more": _more,
    "earlier": _earlier,
    "slip": _slip,
}
