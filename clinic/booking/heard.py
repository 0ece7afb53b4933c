"""A message as the form hears it: whether it asks, agrees, refuses or corrects."""

from dataclasses import dataclass
from datetime import datetime

from clinic.booking import details, wording
from clinic.content_booking import Booking
from clinic.nlu import split


@dataclass(frozen=True)
class Heard:
    """A message: its text, the topics in it and which of them are answered from the clinic's
    content, when it came, a fresh key, and the number it came from where that is known.
    """

    text: str
    topics: tuple[str, ...]
    answerable: frozenset[str]
    now: datetime
    key: str = ""
    number: str = ""


def asks_something(heard: Heard) -> bool:
    """Whether the message holds a question that the bot has an answer to."""
    known = set(heard.topics) & heard.answerable
    short = len(heard.text.split()) <= 3 and details.bare_name(heard.text)
    return bool(known) and (is_question(heard.text) or not (short and heard.text.istitle()))


def is_question(text: str) -> bool:
    return "?" in text or wording.ASKING.match(text) is not None


def asks_in_part(text: str) -> bool:
    """Whether a part of the message is a question: "friday mornings, does it hurt tho"."""
    return is_question(text) or any(map(split.is_question, split.split(text)))


def told_beside(text: str) -> str:
    """What a message says beside its questions; all of it where it asks none."""
    parts = split.split(text)
    told = [part for part in parts if not split.is_question(part)]
    return text if told == parts else ", ".join(told).strip(" .")


def is_told_complaint(text: str) -> bool:
    """Whether a message tells what happened, and not only that the patient wants to complain."""
    n = len(text.split())
    return n > 5 and not (wording.COMPLAINS.search(text) and n <= 9)


def kind_named(text: str) -> str:
    if wording.CALL_BACK.search(text):
        return "call_back"
    return "consultation" if wording.CONSULTS.search(text) else ""


def withdraws(text: str) -> bool:
    """Whether a wish is to cancel, and nothing else: "cancel it", not "don't cancel, move it"."""
    cancels = wording.CANCELS.search(text)
    return cancels is not None and not wording.KEEPS.search(text)


def refuses(text: str) -> bool:
    return wording.NO.match(text) is not None


def sends(text: str, words: Booking) -> bool:
    """Whether a message at the check page agrees to send: the button, or plain words for it."""
    return text.casefold().strip(" .!") == words.buttons["send"].casefold() or bool(
        wording.SENDS.match(text)
    )


def corrects(heard: Heard) -> bool:
    return wording.CORRECTS.search(heard.text) is not None


def corrected_times(heard: Heard) -> str:
    """New days and times: "actually make it Friday"; nothing where a question is asked."""
    return details.times(heard.text) if corrects(heard) else ""


def only_asks(heard: Heard) -> bool:
    """A question about times, not an answer: "are you open on Saturdays?"."""
    if not is_question(heard.text) or wording.OFFERS_TIME.search(heard.text):
        return False
    return not details.times(told_beside(heard.text))
