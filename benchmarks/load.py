"""Patients who write at the same time, and how long each waited."""

import http.client
import itertools
import json
import statistics
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from benchmarks.systems import System

# Messages that one patient writes before the next one comes.
TURNS = 5


@dataclass
class Measured:
    """Seconds that each message took, the whole, and the processor time of the servers."""

    took: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0

    def add(self, other: "Measured") -> None:
        self.took += other.took
        self.seconds += other.seconds
        self.cpu += other.cpu

    def each_second(self) -> float:
        return len(self.took) / self.seconds

    def quantile(self, q: float) -> float:
        """Milliseconds."""
        return 1000 * sorted(self.took)[min(len(self.took) - 1, int(q * len(self.took)))]

    def cpu_each(self) -> float:
        """Milliseconds of processor time for one message."""
        return 1000 * self.cpu / len(self.took)


class Patient:
    """Someone with a connection that is kept open, as a browser or a proxy keeps it."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def say(self, text: str, who: str) -> float:
        """Seconds until the reply to one message."""
        body = json.dumps({"sender": who, "message": text})
        began = time.perf_counter()
        # The proxy keeps a session on one process by its token.
        session = f"Bearer v1.{who}.9.x"
        headers = {"Content-Type": "application/json", "Authorization": session}
        self.connection.request("POST", "/webhooks/rest/webhook", body, headers)
        replies = json.loads(self.connection.getresponse().read())
        took = time.perf_counter() - began
        if not replies or not replies[0].get("text"):
            raise RuntimeError("a message was not answered")
        return took


def at_once(system: System, patients: int, texts: Sequence[str]) -> Measured:
    """So many patients at the same time work through the texts."""
    rest = iter(list(texts))
    with measured(system) as found, ThreadPoolExecutor(patients) as pool:
        for took in pool.map(lambda _: _conversations(system, rest), range(patients)):
            found.took += took
    return found


def _conversations(system: System, rest: Iterator[str]) -> list[float]:
    patient, took = Patient(system.port), []
    while mine := list(itertools.islice(rest, TURNS)):
        who = uuid.uuid4().hex
        took += [patient.say(text, who) for text in mine]
    return took


@contextmanager
def measured(system: System) -> Iterator[Measured]:
    """Wall-clock and processor time of what is done inside."""
    found, began, cpu = Measured(), time.perf_counter(), system.cpu()
    yield found
    found.seconds, found.cpu = time.perf_counter() - began, system.cpu() - cpu


def by_length(
    systems: Sequence[System], texts: Sequence[str], turns: int
) -> dict[str, list[float]]:
    """One conversation with each system, turn by turn in alternation: seconds of each turn."""
    took: dict[str, list[float]] = {system.name: [] for system in systems}
    patients = [(system, Patient(system.port), uuid.uuid4().hex) for system in systems]
    for n in range(turns):
        for system, patient, who in patients:
            took[system.name].append(patient.say(texts[n % len(texts)], who))
    return took


def around(took: Sequence[float], turn: int) -> float:
    """The median of the turns around one of them (ms): 5 before to 4 after, inside the list."""
    first = max(2, min(turn - 5, len(took) - 10))
    return 1000 * statistics.median(took[first : first + 10])
