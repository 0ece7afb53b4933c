"""Patients of the torture: each wants one request, and tries until they see its reference."""

import collections
import json
import re
import threading
import time
import urllib.request
import uuid
from dataclasses import dataclass, field

REFERENCE = re.compile(r"Your (?:reference is|request has the reference) (KC-[0-9A-Z]{6})")
ANSWERS = [
    ("Shall I send it?", "Send"),
    ("18 or over?", "yes"),
    ("What would you like?", "A consultation"),
    ("What is your name?", "name"),
    ("How may the team reach you?", "number"),
    ("Which telephone number", "number"),
    ("Which days and times", "Fridays"),
]
# So often a message is cut off in the middle, and Send sent twice at once.
CUT, DOUBLE = 0.08, 0.4
# Seconds after which a patient gives up.
PATIENCE = 120


@dataclass
class Tally:
    """What happened, counted while it happens; `sending` is set at each Send."""

    seen: dict = field(default_factory=lambda: collections.defaultdict(set))
    false_sent: list = field(default_factory=list)
    kills: collections.Counter = field(default_factory=collections.Counter)
    counts: collections.Counter = field(default_factory=collections.Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)
    sending: threading.Event = field(default_factory=threading.Event)

    def count(self, what):
        with self.lock:
            self.counts[what] += 1

    def killed(self, part):
        with self.lock:
            self.kills[part] += 1

    def heard(self, name, said):
        """What a patient reads, whichever of their two windows it stands in."""
        found = REFERENCE.findall(said)
        with self.lock:
            self.seen[name].update(found) if found else None
            if "is saved" in said and not found:
                self.false_sent.append(said)

    def has(self, enough):
        """Whether there are so many kills and so many references."""
        with self.lock:
            found = (sum(self.kills.values()), sum(map(bool, self.seen.values())))
        return bool(enough) and all(n >= least for n, least in zip(found, enough, strict=True))

    @property
    def faults(self):
        return sum(self.kills.values()) + self.counts["cuts"] + self.counts["double sends"]


class Someone:
    """One patient in one conversation."""

    def __init__(self, parts, number, chance, tally):
        self.parts, self.chance, self.tally = parts, chance, tally
        letters = "".join(
            chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4)
        )
        self.name = f"Ann {letters.capitalize()}"
        self.number = f"07400 {number:06d}"
        self.sender = uuid.uuid4().hex

    def books(self, stop):
        """Talk until the reference is there, as somebody does whom nothing discourages."""
        opening = f"I would like to book a consultation. I'm {self.name}, {self.number}, Fridays"
        typed, until = opening, time.monotonic() + PATIENCE
        while time.monotonic() < until and not stop.is_set():
            said = self.say(typed)
            if REFERENCE.search(said):
                return
            typed = self.next(said, typed, opening)
        if not stop.is_set():
            self.tally.count("patients who gave up")

    def next(self, said, typed, opening):
        """What is typed next: the answer to what was asked, or the same again."""
        for asked, answer in ANSWERS:
            if asked in said:
                return {"name": self.name, "number": self.number}.get(answer, answer)
        if "went wrong" in said or not said or "has not been sent" in said:
            self.tally.count("told not saved" if "not been sent" in said else "apologies")
            time.sleep(0.1 + self.chance.random() / 2)
            # Most wait until the bot is there again; some try at once.
            if self.chance.random() < 0.8:
                self.parts.wait_until_up(10)
            return typed
        return opening

    def say(self, typed):
        """Send a message; sometimes cut off in the middle first, sometimes twice at once."""
        if self.chance.random() < CUT:
            self.tally.count("cuts")
            self.post(typed, self.chance.uniform(0.001, 0.06))
        if typed == "Send":
            self.tally.sending.set()
            if self.chance.random() < DOUBLE:
                self.tally.count("double sends")
                return self.twice(typed)
        return self.post(typed)

    def twice(self, typed):
        other = threading.Thread(target=self.post, args=(typed,))
        other.start()
        said = self.post(typed)
        other.join()
        return said

    def post(self, typed, seconds=30.0):
        body = json.dumps({"sender": self.sender, "message": typed}).encode()
        where = f"http://127.0.0.1:{self.parts.ports['Rasa server']}/webhooks/rest/webhook"
        request = urllib.request.Request(where, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=seconds) as response:
                said = "\n".join(one.get("text", "") for one in json.load(response))
        except (TimeoutError, OSError, ValueError):
            return ""
        self.tally.heard(self.name, said)
        return said
