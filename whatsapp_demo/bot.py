"""A bot that speaks to the stand-in: for the demonstration, the tests and the measurement."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from tempfile import TemporaryDirectory
from typing import Any

from clinic.before_start import check
from clinic.serve import Part, end, free_port, parts, start, wait_until_ready
from clinic.settings import Settings
from clinic.whatsapp_settings import WhatsAppSettings
from evaluation.bot import own_settings
from whatsapp_demo.graph import StandIn
from whatsapp_demo.payloads import Phone

VERIFY_TOKEN = "words-of-the-demo"
RASA = "Rasa server"
# Seconds between two looks at what is awaited.
LOOK = 0.05


def settings_for(stand_in: StandIn, folder: str, database: str = "") -> Settings:
    """Free ports, the stand-in for Meta, and a database: one in a folder unless it is named."""
    whatsapp = WhatsAppSettings(
        numbers=(stand_in.number.id, stand_in.second_number.id),
        tokens=tuple(stand_in.tokens),
        app_secrets=("another-secret", stand_in.app_secret),
        verify_token=VERIFY_TOKEN,
        template=("answer_ready", "en_GB"),
        graph=stand_in.address,
    )
    own = own_settings(folder)
    return replace(own, whatsapp=whatsapp, database=database or own.database)


@dataclass
class WhatsAppBot:
    """The running parts of a bot, each of which can be killed and started again."""

    settings: Settings
    stand_in: StandIn
    parts: dict[str, tuple[Part, Settings]] = field(default_factory=dict)
    processes: dict[str, Any] = field(default_factory=dict)

    @property
    def webhook(self) -> str:
        return webhook(self.settings)

    def start(self) -> None:
        """Start all parts, and wait until they answer."""
        for part in parts(self.settings):
            self.parts[part.name] = part, self.settings
            self.processes[part.name] = start(part, self.settings)
        for name, (part, _) in self.parts.items():
            wait_until_ready(part, self.processes[name])

    @contextmanager
    def second_rasa_server(self) -> Iterator[str]:
        """Another Rasa server on the same database, to which Meta delivers in turn; its name."""
        settings = replace(self.settings, rasa_port=free_port())
        part = next(part for part in parts(settings) if part.name == RASA)
        name = f"second {RASA}"
        self.parts[name] = part, settings
        self.revive(name)
        self.stand_in.webhooks.append(webhook(settings))
        try:
            yield name
        finally:
            self.stand_in.webhooks.remove(webhook(settings))
            end([self.processes.pop(name)])

    def kill(self, name: str) -> None:
        """End a part without a warning."""
        self.processes[name].kill()
        self.processes[name].wait()

    def revive(self, name: str) -> None:
        """Start a part again, and wait until it answers."""
        part, settings = self.parts[name]
        self.processes[name] = start(part, settings)
        wait_until_ready(part, self.processes[name])

    def ask(self, phone: Phone, words: str, most: float = 30.0, every: float = LOOK) -> str:
        """Write one message, and wait for the next reply; as wait_for."""
        before = len(self.stand_in.texts(phone))
        self.stand_in.say(phone, phone.text(words))
        wait_for(lambda: len(self.stand_in.texts(phone)) > before, most, every)
        return self.stand_in.texts(phone)[before]


def webhook(settings: Settings) -> str:
    """Where a Rasa server takes deliveries."""
    return f"http://127.0.0.1:{settings.rasa_port}/whatsapp"


def wait_for(holds: Callable[[], Any], most: float = 30.0, every: float = LOOK) -> Any:
    """Wait until something holds, looking every so many seconds; raises TimeoutError after `most`
    seconds.
    """
    until = time.monotonic() + most
    while time.monotonic() < until:
        if found := holds():
            return found
        time.sleep(every)
    raise TimeoutError("it did not come to hold")


@contextmanager
def whatsapp_bot(stand_in: StandIn, database: str = "") -> Iterator[WhatsAppBot]:
    """Start the parts of a bot, with a database of its own unless one is named; and end them."""
    with TemporaryDirectory() as folder:
        settings = settings_for(stand_in, folder, database)
        check(settings)
        bot = WhatsAppBot(settings, stand_in)
        stand_in.webhooks = [bot.webhook]
        try:
            bot.start()
            yield bot
        finally:
            end(list(bot.processes.values()))
