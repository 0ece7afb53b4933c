"""Reads a message as the answer to how the patient may be reached: a way, a number, an address."""

from typing import Any

from clinic.booking import details, wording
from clinic.booking.draft import Draft
from clinic.booking.heard import Heard, is_question
from clinic.content_booking import Booking

Reading = dict[str, Any]
# The key under which a reading names the error of an answer that cannot be used.
CANNOT_USE = "cannot use"


def chosen(text: str, options: dict[str, str]) -> str | None:
    """The option whose button was tapped or typed, or whose place was named."""
    plain = text.casefold().strip(" .!?")
    for option, words in options.items():
        if plain == words.casefold():
            return option
    place = wording.PLACES.get(plain)
    return list(options)[place] if place is not None and place < len(options) else None


def way(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
    offered = {way: str(words.buttons[way]) for way in ("telephone", "email")}
    if error := _no_contact(heard):
        return {CANNOT_USE: error}
    if heard.number:
        offered["number"] = str(words.buttons["number"])
    found = chosen(heard.text, offered)
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


def contact(draft: Draft, heard: Heard, words: Booking) -> Reading | None:
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
