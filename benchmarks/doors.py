"""The same messages, and a booking, through each of our doors: REST, the chat window's channel,
WhatsApp's.
"""

import itertools
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from benchmarks.load import TURNS, Measured, measured
from benchmarks.systems import System
from clinic.reference import find_reference
from evaluation.bot import Bot
from evaluation.window import Window
from whatsapp_demo.bot import WhatsAppBot, whatsapp_bot
from whatsapp_demo.graph import StandIn
from whatsapp_demo.payloads import Phone

PATIENTS = 8
# Bookings of each door; what a patient types for one, up to its reference.
BOOKINGS = 16
TYPED = (
    "I would like to book a consultation. I'm Ann Example, 07400 123456, Fridays",
    "yes",
    "Send",
)
# How often a phone is looked at (s): WhatsApp's replies come by themselves.
LOOK = 0.002
LONGEST = 60.0
# Whether the last reply ends a conversation as it should.
Ended = Callable[[str], object]


class Patient(Protocol):
    """Somebody with one conversation."""

    def say(self, text: str) -> str:
        """Send one message; returns what comes back, when it is there."""


@dataclass
class ByRest:
    """As `rasa shell` and tests write."""

    address: str

    def __post_init__(self) -> None:
        self.who = uuid.uuid4().hex

    def say(self, text: str) -> str:
        return Bot(self.address).text(text, self.who)


@dataclass
class ByWindow:
    """As the chat window writes: a session, and a reply that is streamed."""

    address: str

    def __post_init__(self) -> None:
        self.window = Window(self.address)
        self.window.open()

    def say(self, text: str) -> str:
        return "\n".join(line["text"] for line in self.window.say(text))


@dataclass
class ByWhatsApp:
    """As Meta delivers: a signed message; the reply comes through the queue."""

    bot: WhatsAppBot
    number: int

    def __post_init__(self) -> None:
        self.phone = Phone(wa_id=f"4474008{self.number:05}", user_id=f"GB.8{self.number:05}")

    def say(self, text: str) -> str:
        return self.bot.ask(self.phone, text, LONGEST, every=LOOK)


def doors(texts: Sequence[str]) -> dict[str, tuple[Measured, Measured]]:
    """By name of the door: the messages, and the bookings. Raises RuntimeError when a message has
    no answer, or a booking no reference.
    """
    with StandIn() as meta, whatsapp_bot(meta) as bot:
        address = f"http://127.0.0.1:{bot.settings.rasa_port}"
        system = System("ours", bot.settings.rasa_port, 0.0, list(bot.processes.values()))
        numbers = itertools.count()
        come: dict[str, Callable[[], Patient]] = {
            "REST": lambda: ByRest(address),
            "chat window": lambda: ByWindow(address),
            "WhatsApp": lambda: ByWhatsApp(bot, next(numbers)),
        }
        for one in come.values():
            _converse(system, one, texts[: 2 * TURNS])
        return {
            name: (_converse(system, one, texts), _book(system, one)) for name, one in come.items()
        }


def _converse(system: System, come: Callable[[], Patient], texts: Sequence[str]) -> Measured:
    talks = [tuple(texts[n : n + TURNS]) for n in range(0, len(texts), TURNS)]
    return _at_once(system, come, talks, bool)


def _book(system: System, come: Callable[[], Patient]) -> Measured:
    return _at_once(system, come, [TYPED] * BOOKINGS, find_reference)


def _at_once(
    system: System, come: Callable[[], Patient], talks: Sequence[Sequence[str]], ended: Ended
) -> Measured:
    with measured(system) as found, ThreadPoolExecutor(PATIENTS) as pool:
        for took in pool.map(lambda talk: list(_talk(come(), talk, ended)), talks):
            found.took += took
    return found


def _talk(patient: Patient, talk: Sequence[str], ended: Ended) -> Iterator[float]:
    """Seconds of each message; the last reply tells whether the conversation has `ended`."""
    said = ""
    for text in talk:
        began = time.perf_counter()
        said = patient.say(text)
        yield time.perf_counter() - began
        if not said:
            raise RuntimeError("a message was not answered")
    if not ended(said):
        raise RuntimeError(f"a booking ended without a reference: {said}")
