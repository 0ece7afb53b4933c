"""A request that the team has: what is kept of it, and what a message after it means. Pure."""

from dataclasses import replace

from clinic.booking import heard as listening
from clinic.booking import wording
from clinic.booking.draft import Draft
from clinic.booking.form import Step, ask_next
from clinic.booking.heard import Heard
from clinic.content_booking import Booking

LONGEST_CHANGE = 200


def kept(draft: Draft, reference: str) -> Draft:
    """What is kept of a request that the team has: enough to repeat and to change it."""
    return Draft(
        kind=draft.kind,
        asking="sent",
        key=draft.key,
        reference=reference,
        way=draft.way,
        contact=draft.contact,
    )


def after_sent(draft: Draft, heard: Heard, words: Booking) -> Step | None:
    """What belongs to the request that was just sent: sent again, its reference, a change."""
    text = heard.text.casefold().strip(" .!?")
    again = "send" in text and listening.sends(text, words)
    if again or wording.MY_REFERENCE.search(text):
        return Step(draft, say=("your_reference",))
    withdraw = wording.LEAVE.match(text) or text == words.buttons["withdraw"].casefold()
    times = listening.corrected_times(heard)
    if not (withdraw or times) or len(heard.text) > LONGEST_CHANGE:
        return None
    wish = words.buttons["withdraw"] if withdraw else times
    change = Draft(kind="change", earlier=draft.reference, contact=draft.contact, wish=wish)
    return Step(ask_next(replace(change, way=draft.way), heard))
