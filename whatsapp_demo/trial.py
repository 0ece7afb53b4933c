"""Puts a bot through what Meta's servers and a bad night do to it: doubles, batches, overtaking,
processes that die; and counts what became of each message.
"""

import random
import time
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import text

from clinic.channels.whatsapp.channel import SETTLE
from clinic.channels.whatsapp.payload import key_of
from clinic.cipher import Cipher
from clinic.database import open_database
from clinic.kept_turns import KeptTurns
from whatsapp_demo.bot import WhatsAppBot, wait_for
from whatsapp_demo.payloads import Batch, Phone

WORDS = (
    "what are milia",
    "does freezing hurt",
    "and peels?",
    "what time do you open",
    "can they come back",
    "blorp wibble",
    "how do you remove them",
    "thanks",
)
PARTS = ("Rasa server", "action server", "delivery")


@dataclass
class Figures:
    """What became of a trial's messages."""

    messages: int = 0
    deliveries: int = 0
    kills: int = 0
    turns: int = 0
    handled_once: int = 0
    replies: int = 0
    answered_once: int = 0
    pairs: int = 0
    pairs_in_order: int = 0
    # The first of the two was not yet there when the second had to be answered.
    pairs_too_late: int = 0

    @property
    def is_perfect(self) -> bool:
        return (
            self.messages == self.turns == self.handled_once == self.replies == self.answered_once
            and self.pairs == self.pairs_in_order + self.pairs_too_late
        )

    def line(self) -> str:
        """The figures in one line."""
        return "  ".join(f"{name} {n}" for name, n in asdict(self).items())


@dataclass
class Written:
    """A message: when its delivery began, and when it was first acknowledged."""

    key: str
    phone: Phone
    begun: float = 0.0
    acknowledged: float = 0.0


class Trial:
    """One random night; the same seed is the same night, as far as the machine allows."""

    def __init__(self, bot: WhatsAppBot, seed: int, patients: int = 3) -> None:
        self.bot, self.meta, self.chance = bot, bot.stand_in, random.Random(seed)
        digits = self.chance.randrange(10**5)
        self.phones = [
            Phone(wa_id=f"44740{digits:05}{n}", user_id=f"GB.{seed}{digits}{n}")
            for n in range(patients)
        ]
        self.written: list[Written] = []
        self.doubles: list[Future[int]] = []
        self.deliveries = self.kills = 0

    def run(self, bursts: int, kills: int) -> Figures:
        """Bursts of messages; in some of them a part is killed and started again."""
        deadly = set(self.chance.sample(range(bursts), kills))
        clock = time.time() - 3600
        for burst in range(bursts):
            clock += 60
            self._deliver(self._write(clock))
            if burst in deadly:
                time.sleep(self.chance.uniform(0.0, 1.2))
                part = PARTS[self.kills % len(PARTS)]
                self.bot.kill(part)
                self.kills += 1
                self.bot.revive(part)
        for double in self.doubles:
            double.result(60)
        wait_for(self._is_quiet, 120)
        return self._judge()

    def _write(self, clock: float) -> list[tuple[Phone, dict[str, Any]]]:
        """One to three messages of each patient, each a second after the one before."""
        return [
            (phone, phone.text(self.chance.choice(WORDS), at=clock + n))
            for phone in self.phones
            for n in range(self.chance.randint(1, 3))
        ]

    def _deliver(self, messages: list[tuple[Phone, dict[str, Any]]]) -> None:
        """In random batches and in any order, some twice or thrice; waits until all were taken."""
        self.chance.shuffle(messages)
        open_: list[tuple[list[Written], Future[int]]] = []
        while messages:
            n = self.chance.randint(1, 3)
            part, messages = messages[:n], messages[n:]
            batch, notes = Batch(self.meta.number), []
            for phone, message in part:
                self.meta.knows(phone)
                batch.message(phone, message)
                notes.append(Written(key_of(message["id"]), phone, time.monotonic()))
            self.written += notes
            open_.append((notes, self._post(batch.body(), notes)))
        for _, future in open_:
            future.result(120)

    def _post(self, body: bytes, notes: list[Written]) -> "Future[int]":
        def done(future: "Future[int]") -> None:
            for note in notes:
                note.acknowledged = time.monotonic()

        first = self.meta.deliver(body, delay=self.chance.uniform(0.0, 0.1))
        first.add_done_callback(done)
        again = self.chance.choice((0, 0, 1, 2))
        for _ in range(again):
            late = self.chance.uniform(0.0, 5.0)
            self.doubles.append(self.meta.deliver(body, delay=late))
        self.deliveries += 1 + again
        return first

    def _is_quiet(self) -> bool:
        """Whether every message of this night is done and answered."""
        mine = {written.key for written in self.written}
        inbox = self._rows("SELECT message_id, state FROM inbox")
        queue = self._rows("SELECT source, state FROM whatsapp_queue")
        done = {key for key, state in inbox if state == "done"}
        on_its_way = {key for key, state in queue if state not in ("sent", "dropped")}
        return mine <= done and not mine & on_its_way and mine <= set(self._sources())

    def _rows(self, query: str) -> list[Any]:
        engine = open_database(self.bot.settings.database)
        with engine.connect().execution_options(reads_only=True) as connection:
            found = list(connection.execute(text(query)).all())
        engine.dispose()
        return found

    def _sources(self) -> list[str]:
        """For each message that Meta took of us, in order: the message that it answers."""
        source = dict(map(tuple, self._rows("SELECT key, source FROM whatsapp_queue")))
        mine = {written.key for written in self.written}
        found = [source.get(one.message["biz_opaque_callback_data"]) for one in self.meta.sent]
        return [one for one in found if one in mine]

    def _judge(self) -> Figures:
        sources, turns = self._sources(), self._turns()
        figures = Figures(len(self.written), self.deliveries, self.kills)
        figures.turns, figures.replies = len(turns), len(sources)
        for one in self.written:
            figures.handled_once += turns.count(one.key) == 1
            figures.answered_once += sources.count(one.key) == 1
        for phone in self.phones:
            self._judge_order([w for w in self.written if w.phone is phone], sources, figures)
        return figures

    def _turns(self) -> list[str]:
        """The messages that Rasa's conversations hold, each as often as it had a turn."""
        engine = open_database(self.bot.settings.database)
        kept = KeptTurns(engine, Cipher(self.bot.settings.keys))
        events = [
            event
            for conversation in kept.conversations()
            for turn in kept.all(conversation)
            for event in turn.events
        ]
        engine.dispose()
        mine = {written.key for written in self.written}
        return [e["message_id"] for e in events if e["event"] == "user" and e["message_id"] in mine]

    def _judge_order(self, mine: list[Written], sources: list[str], figures: Figures) -> None:
        """Each two neighbours of a patient, as they were written, against the order of replies."""
        order = {key: n for n, key in enumerate(sources)}
        at = {key: n for n, key in enumerate(self._order_written())}
        mine = sorted(mine, key=lambda one: at[one.key])
        for one, after in zip(mine, mine[1:], strict=False):
            figures.pairs += 1
            if order[one.key] < order[after.key]:
                figures.pairs_in_order += 1
            elif one.acknowledged > after.begun + SETTLE:
                figures.pairs_too_late += 1

    def _order_written(self) -> list[str]:
        rows = self._rows("SELECT message_id FROM inbox ORDER BY written_at, number")
        return [row.message_id for row in rows]
