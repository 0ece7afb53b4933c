"""Books hundreds of requests through a running bot while its parts are killed at random, cut off
and sent to twice; then counts what was lost, doubled or never reached the team.

`make torture` runs it at length and writes benchmarks/torture.md; tests/test_torture.py is short.
"""

import argparse
import collections
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from clinic.booking.notify import Webhook
from clinic.booking.outbox import Outbox
from clinic.database import open_database
from clinic.errors import DeliveryError
from clinic.serve import answers, free_port
from clinic.settings import PROJECT
from tests.booking import CIPHER
from tests.team import SECRET, Desk
from tests.torture_report import REPORT, WRONG, figures, write_report

REFERENCE = re.compile(r"Your (?:reference is|request has the reference) (KC-[0-9A-Z]{6})")
PARTS = {"action server": "rasa_sdk", "Rasa server": "rasa run", "delivery": "clinic deliver"}
# How often each part is killed, of a hundred kills. Rasa takes the longest to come back.
WEIGHTS = {"action server": 55, "delivery": 41, "Rasa server": 4}
ANSWERS = [
    ("Shall I send it?", "Send"),
    ("18 or over?", "yes"),
    ("What would you like?", "A consultation"),
    ("What is your name?", "name"),
    ("How may the team reach you?", "number"),
    ("Which telephone number", "number"),
    ("Which days and times", "Fridays"),
]


@dataclass
class Tally:
    """What happened, counted while it happens."""

    seen: dict = field(default_factory=dict)
    false_sent: list = field(default_factory=list)
    kills: collections.Counter = field(default_factory=collections.Counter)
    cuts: int = 0
    doubles_sent: int = 0
    apologies: int = 0
    not_saved: int = 0

    @property
    def faults(self):
        return sum(self.kills.values()) + self.cuts + self.doubles_sent


class RandomDesk(Desk):
    """A team's system that fails a third of the first deliveries, before or after it has them."""

    def __init__(self, seed):
        super().__init__()
        self.chance, self.known = random.Random(seed), set()
        self.failures, self.answers = 0, self

    # As a list of answers: never empty, and the next one is drawn.
    def __bool__(self):
        return True

    def pop(self, _):
        how = self.chance.choice([200, 200, 200, 200, 500, "cut before", "cut after"])
        self.failures += how != 200
        return how


@contextmanager
def serving(folder, desk):
    """`python -m clinic serve` with a database of its own; yields its process and its address."""
    port, actions = free_port(), free_port()
    variables = {
        "CLINIC_RASA_PORT": str(port),
        "CLINIC_ACTIONS_PORT": str(actions),
        "CLINIC_DATABASE": f"sqlite:///{folder}/clinic.sqlite3",
        "CLINIC_TEAM_WEBHOOK": desk.address,
        "CLINIC_TEAM_WEBHOOK_SECRET": SECRET,
        "CLINIC_TEAM_WEBHOOK_PRIVATE": "yes",
        "SSL_CERT_FILE": desk.trusted(Path(folder)),
    }
    with open(f"{folder}/log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "clinic", "serve"],
            cwd=PROJECT,
            env={**os.environ, **variables},
            stdout=log,
            stderr=log,
        )
    try:
        until = time.monotonic() + 240
        while b"Ready in" not in Path(f"{folder}/log").read_bytes():
            assert process.poll() is None and time.monotonic() < until, "the bot did not start"
            time.sleep(0.2)
        yield process, {"Rasa server": port, "action server": actions}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def children(process):
    """The parts that a serving process runs now: name -> process id."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (OSError, IndexError):
            continue
        if parent == process.pid:
            found |= {name: int(folder.name) for name, word in PARTS.items() if word in line}
    return found


class Someone:
    """One patient who wants one request, and keeps trying until they see its reference."""

    def __init__(self, port, number, chance, tally):
        self.port, self.chance, self.tally = port, chance, tally
        letters = "".join(
            chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4)
        )
        self.name = f"Ann {letters.capitalize()}"
        self.number = f"07400 {number:06d}"
        self.sender = uuid.uuid4().hex

    def books(self, until):
        """Talk until the reference is there, as somebody does whom nothing discourages."""
        opening = f"I would like to book a consultation. I'm {self.name}, {self.number}, Fridays"
        typed = opening
        while time.monotonic() < until:
            said = self.say(typed)
            if found := REFERENCE.search(said):
                self.tally.seen[self.name] = found[1]
                return
            if "is saved" in said:
                self.tally.false_sent.append(said)
            typed = self.next(said, typed, opening)

    def next(self, said, typed, opening):
        """What is typed next: the answer to what was asked, or the same again."""
        for asked, answer in ANSWERS:
            if asked in said:
                return {"name": self.name, "number": self.number}.get(answer, answer)
        if "went wrong" in said or not said or "has not been sent" in said:
            self.tally.apologies += "went wrong" in said
            self.tally.not_saved += "has not been sent" in said
            time.sleep(0.3 + self.chance.random())
            return typed
        return opening

    def say(self, typed):
        """Send a message; sometimes twice at once, sometimes cut off in the middle."""
        fate = self.chance.random()
        if fate < 0.08:
            self.tally.cuts += 1
            self.post(typed, self.chance.uniform(0.001, 0.06))
        if typed == "Send" and fate > 0.6:
            self.tally.doubles_sent += 1
            other = threading.Thread(target=self.post, args=(typed,))
            other.start()
            said = self.post(typed)
            other.join()
            return said
        return self.post(typed)

    def post(self, typed, seconds=30.0):
        body = json.dumps({"sender": self.sender, "message": typed}).encode()
        where = f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"
        request = urllib.request.Request(where, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=seconds) as response:
                return "\n".join(one.get("text", "") for one in json.load(response))
        except (TimeoutError, OSError, ValueError):
            return ""


def kill_at_random(process, ports, tally, chance, stop, wanted, pause):
    """Kill a part, again and again, at any moment of its work once it is up again."""
    while not stop.is_set() and sum(tally.kills.values()) < wanted:
        name = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        where = f"http://127.0.0.1:{ports.get(name)}/"
        while name in ports and not stop.is_set() and not answers(where):
            stop.wait(0.2)
        stop.wait(chance.uniform(0.2, 2 * pause))
        if (part := children(process).get(name)) and not stop.is_set():
            os.kill(part, signal.SIGKILL)
            tally.kills[name] += 1


def torture(seed, kills, patients, seconds, pause=1.0):
    """Run it; returns the figures. All that is random comes from the seed, but not the timing."""
    chance, tally, stop = random.Random(seed), Tally(), threading.Event()
    with TemporaryDirectory() as folder, RandomDesk(seed) as desk:
        with serving(folder, desk) as (process, ports):
            began = time.monotonic()
            numbers = iter(chance.sample(range(100_000, 999_999), 20_000))
            killer = threading.Thread(
                target=kill_at_random,
                args=(process, ports, tally, random.Random(seed + 1), stop, kills, pause),
            )
            lock, ended = threading.Lock(), began + seconds

            def keep_booking(own):
                while not stop.is_set() and time.monotonic() < ended and killer.is_alive():
                    with lock:
                        number = next(numbers)
                    Someone(ports["Rasa server"], number, own, tally).books(time.monotonic() + 60)

            people = [
                threading.Thread(target=keep_booking, args=(random.Random(seed + 2 + n),))
                for n in range(patients)
            ]
            for thread in [killer, *people]:
                thread.start()
            while killer.is_alive() and time.monotonic() < ended:
                time.sleep(0.2)
            stop.set()
            for thread in [killer, *people]:
                thread.join()
            took = time.monotonic() - began
            outbox = drained(folder, desk)
        return figures(folder, desk, tally, outbox, took, seed)


def drained(folder, desk):
    """Wait until the delivery has brought everything. The later tries wait for minutes and hours:
    those are made by a delivery whose clock is ahead.
    """
    outbox = Outbox(open_database(f"sqlite:///{folder}/clinic.sqlite3"), CIPHER)
    until = time.monotonic() + 10
    while outbox.figures().waiting and time.monotonic() < until:
        time.sleep(0.5)
    os.environ["SSL_CERT_FILE"] = desk.trusted(Path(folder))
    days = 0
    while outbox.figures().waiting and days < 40:
        days += 2
        bring(Outbox(outbox.engine, CIPHER, partial(in_days, days)), desk.address)
    return outbox


def in_days(days):
    return datetime.now(UTC) + timedelta(days=days)


def bring(outbox, address):
    """One try for each note that is due."""
    webhook = Webhook(address, SECRET, private=True)
    while note := outbox.claim(("webhook",)):
        try:
            webhook.send(note)
        except DeliveryError as failure:
            outbox.failed(note, str(failure), ("webhook",))
        else:
            outbox.done(note)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--patients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=3 * 3600)
    options = parser.parse_args()
    found = torture(options.seed, options.kills, options.patients, options.seconds)
    write_report(found)
    sys.stdout.write(REPORT.read_text(encoding="utf-8"))
    return int(any(found[name] for name in WRONG))


if __name__ == "__main__":
    sys.exit(main())
