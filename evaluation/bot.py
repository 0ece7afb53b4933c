"""A running bot to talk to over REST, as a patient would; its ports are free ones."""

import json
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import Any

from clinic.before_start import check
from clinic.serve import end, free_port, parts, start, wait_until_ready
from clinic.settings import Settings


@dataclass(frozen=True)
class Bot:
    """The address of a running bot, and that of its database."""

    address: str
    database: str = ""

    def say(self, message: str, sender: str) -> list[dict[str, Any]]:
        """Send one message as a patient; returns what comes back."""
        body = json.dumps({"sender": sender, "message": message}).encode()
        request = urllib.request.Request(
            f"{self.address}/webhooks/rest/webhook", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            replies: list[dict[str, Any]] = json.load(response)
        return replies

    def text(self, message: str, sender: str | None = None) -> str:
        """The text of the reply; a patient nobody knows when no sender is named."""
        return "\n".join(r.get("text", "") for r in self.say(message, sender or uuid.uuid4().hex))


def own_settings(folder: str) -> Settings:
    """Free ports, and a database in a folder."""
    return replace(
        Settings.from_environment(),
        rasa_port=free_port(),
        actions_port=free_port(),
        database=f"sqlite:///{folder}/clinic.sqlite3",
    )


@contextmanager
def running_bot() -> Iterator[Bot]:
    """Start the parts of a bot with a database of its own, and end them."""
    with TemporaryDirectory() as folder:
        yield from _run(own_settings(folder))


def _run(settings: Settings) -> Iterator[Bot]:
    check(settings)
    processes: list[Any] = []
    try:
        for part in parts(settings):
            processes.append(start(part, settings))
        for part, process in zip(parts(settings), processes, strict=True):
            wait_until_ready(part, process)
        yield Bot(f"http://127.0.0.1:{settings.rasa_port}", settings.database)
    finally:
        end(processes)
