"""Sends what the queue holds: at the pace that Meta allows, within the 24-hour window, and again
where that can help.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress

from clinic.channels.whatsapp.graph import (
    CLOSED,
    OF_THE_NUMBER,
    Graph,
    Outcome,
    of_code,
    wait_before,
)
from clinic.channels.whatsapp.patients import Known, Patients
from clinic.channels.whatsapp.queue import LEASE, Queue, Row, new_key
from clinic.channels.whatsapp.shapes import Shaped

log = logging.getLogger(__name__)

# Seconds after a patient's message in which free text may be sent; a minute is left for the way.
WINDOW = 24 * 3600 - 60
# One message each so many seconds, and how many may run ahead of that: to one patient, and from one
# number of the clinic. Meta's own limits are 45 ahead and 80 a second.
PATIENT_PACE, NUMBER_PACE = (6.0, 20), (1 / 70, 70)
# Tries of one message; with the waits between them that is about five hours.
MOST_TRIES = 30
# Seconds without a message of a number after all its tokens were refused.
TOKEN_PAUSE = 300.0
# Seconds between looks at the queue when nothing wakes the sender, and after a fault.
IDLE, FAULT = 5.0, 2.0

TellStaff = Callable[[Known, str], None]


class Sender:
    """The task that empties the queue; several processes may each run one."""

    def __init__(
        self,
        graph: Graph,
        queue: Queue,
        patients: Patients,
        *,
        template: tuple[str, str] | None,
        tell_staff: TellStaff,
    ) -> None:
        self.graph, self.queue, self.patients = graph, queue, patients
        self.template, self.tell_staff, self.now = template, tell_staff, queue.now
        # For each number: when its pace is made good again, and until when it is paused.
        self.paced: dict[str, float] = {}
        self.paused: dict[str, float] = {}
        self.woken = asyncio.Event()
        self.running: set[asyncio.Task[None]] = set()
        self.task: asyncio.Task[None] | None = None
        self.ended = False

    def start(self) -> None:
        """Begin to send."""
        self.task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End after the messages that are on their way: one that was only claimed would wait for
        the end of its lease.
        """
        self.ended = True
        self.wake()
        if self.task:
            await asyncio.wait({self.task}, timeout=10)
        if self.running:
            await asyncio.wait(self.running, timeout=10)
        await self.graph.close()

    def wake(self) -> None:
        """There is something to send; returns at once."""
        self.woken.set()

    async def _run(self) -> None:
        while not self.ended:
            self.woken.clear()
            try:
                for row in await asyncio.to_thread(self.queue.claim):
                    task = asyncio.create_task(self._work(row))
                    self.running.add(task)
                    task.add_done_callback(self._worked)
                wait = await asyncio.to_thread(self._rest)
            except Exception as error:
                log.error("the send queue cannot be read: %s", type(error).__name__)
                wait = FAULT
            with suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), wait)

    def _rest(self) -> float:
        """How long nothing is due."""
        due = self.queue.next_due()
        return IDLE if due is None else max(0.05, min(IDLE, due - self.now()))

    def _worked(self, task: "asyncio.Task[None]") -> None:
        self.running.discard(task)
        self.wake()

    async def _work(self, row: Row) -> None:
        """One try; a row whose work fails in an unexpected way is tried after its lease."""
        try:
            known = await asyncio.to_thread(self.patients.get, row.conversation)
            outcome = await self._try(row, known)
            if known and outcome:
                await asyncio.to_thread(self._settle, row, known, outcome)
        except Exception as error:
            log.error("a message waits for another try: %s", type(error).__name__)

    async def _try(self, row: Row, known: Known | None) -> Outcome | None:
        """Send a row where that may be; None when it is not the time."""
        if not known or not (known.patient.wa_id or known.patient.user_id):
            await asyncio.to_thread(self.queue.end, row, "dropped")
            return None
        if known.stopped and row.kind != "stop":
            await asyncio.to_thread(self.queue.end, row, "dropped")
            return None
        if row.code is not None and (said := of_code(row.code)).kind != "again":
            return said
        if row.kind != "template" and self.now() > known.heard_at + WINDOW:
            return Outcome("closed", code=CLOSED)
        if (wait := self._wait(known)) > 0:
            at = self.now() + wait
            await asyncio.to_thread(self.queue.later, row, at, counts=False)
            return None
        await asyncio.to_thread(self._pace, known)
        return await self.graph.send(known.patient.number, known.patient, row.body, row.key)

    def _wait(self, known: Known) -> float:
        """Seconds until the pace allows another message to this patient, from this number."""
        now, number = self.now(), known.patient.number
        return max(
            ahead(known.paced_to, now, *PATIENT_PACE),
            ahead(self.paced.get(number, 0.0), now, *NUMBER_PACE),
            self.paused.get(number, 0.0) - now,
        )

    def _pace(self, known: Known) -> None:
        now, number = self.now(), known.patient.number
        self.paced[number] = max(self.paced.get(number, 0.0), now) + NUMBER_PACE[0]
        paced_to = max(known.paced_to, now) + PATIENT_PACE[0]
        self.patients.keep(known.conversation, paced_to=paced_to)

    def _settle(self, row: Row, known: Known, outcome: Outcome) -> None:
        """Write what became of a try."""
        now, number = self.now(), known.patient.number
        if outcome.kind == "sent":
            self.queue.sent(row, outcome.wamid)
        elif outcome.kind == "closed" and row.kind != "template":
            self._hold(row, known)
        elif outcome.kind == "token":
            log.error("WhatsApp refuses every access token: put a new one first into the setting")
            self.paused[number] = now + TOKEN_PAUSE
            self.queue.later(row, now + TOKEN_PAUSE, counts=False)
        elif outcome.kind in ("again", "doubt") and row.tries < MOST_TRIES:
            wait = wait_before(row.tries, outcome.code) * random.uniform(0.8, 1.2)
            if outcome.code in OF_THE_NUMBER:
                self.paused[number] = max(self.paused.get(number, 0.0), now + wait)
            # Where Meta may have it already, its status comes first.
            self.queue.later(row, now + (max(wait, LEASE) if outcome.kind == "doubt" else wait))
        else:
            self.queue.end(row, "failed", outcome.code)
            self.tell_staff(known, f"a reply could not be sent (Meta's code {outcome.code})")

    def _hold(self, row: Row, known: Known) -> None:
        """The window is closed: what is held goes on when the patient writes. A template says so,
        once; without one, and after a STOP, staff are told.
        """
        self.queue.end(row, "held", CLOSED)
        if not self.template or known.stopped:
            self.tell_staff(known, "a reply came too late for WhatsApp's 24 hours")
            return
        name, language = self.template
        body = {"type": "template", "template": {"name": name, "language": {"code": language}}}
        source = f"template:{known.conversation}:{int(known.heard_at)}"
        with self.queue.engine.begin() as connection:
            self.queue.add(
                connection,
                known.conversation,
                source,
                [Shaped(body)],
                key=new_key(),
                kind="template",
            )


def ahead(paced_to: float, now: float, every: float, most: int) -> float:
    """Seconds to wait, so that at most `most` messages run ahead of one each `every` seconds."""
    return max(0.0, paced_to - now - (most - 1) * every)
