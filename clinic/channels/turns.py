"""Carries each message of the inbox through Rasa: one at a time for a patient, in order, once.

A turn runs in a task of its own, so it goes on when the patient closes the page. What a process
that died left behind is taken up when the next one starts, and looked for every few seconds.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from sqlalchemy.engine import Connection

from clinic.channels.inbox import LEASE, Inbox, Incoming, Replies

log = logging.getLogger(__name__)

# Seconds between looks for messages that another process left; a quarter of the lease, so that a
# claim is renewed thrice before it ends.
SWEEP, RENEW = 5.0, LEASE.total_seconds() / 4
# Seconds after which a turn is given up: the patient hears the apology.
TURN_LIMIT = 90
# A message that has ended a process so often is not tried again.
MOST_ATTEMPTS = 3
# Seconds that turns may take to end by themselves when the server ends.
END_LIMIT = 10

Handle = Callable[[UserMessage], Awaitable[Any]]
OnDone = Callable[[Incoming, Replies], Awaitable[None]]
# What a channel writes in the transaction that finishes a message.
Keep = Callable[[Connection, Incoming, Replies], None]


class Turns:
    """The turns of one channel in one process."""

    def __init__(
        self,
        inbox: Inbox,
        channel: str,
        handle: Handle,
        on_done: OnDone,
        *,
        apology: str,
        keep: Keep | None = None,
    ) -> None:
        """`handle` is what Rasa gives a channel as on_new_message; `on_done` hears of each finished
        message, after the commit.
        """
        self.inbox, self.channel, self.handle, self.on_done = inbox, channel, handle, on_done
        self.apology, self.keep = apology, keep
        self.agent: Any = None
        self.ending = False
        self.woken: set[str] = set()
        self.workers: dict[str, asyncio.Task[None]] = {}
        self.sweeper: asyncio.Task[None] | None = None

    async def start(self, agent: Any) -> None:
        """Take up what is unfinished, now and every few seconds. `agent` is Rasa's, whose tracker
        store tells which messages had their turn already.
        """
        self.agent = agent
        self.sweeper = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Begin no turn any more, and let those that run end."""
        self.ending = True
        if self.sweeper:
            self.sweeper.cancel()
        running = list(self.workers.values())
        if running:
            await asyncio.wait(running, timeout=END_LIMIT)

    def wake(self, conversation: str) -> None:
        """Work on what a conversation has in the inbox; returns at once."""
        self.woken.add(conversation)
        if conversation not in self.workers and not self.ending:
            self.workers[conversation] = asyncio.create_task(self._work(conversation))

    async def _sweep(self) -> None:
        while True:
            try:
                for conversation in await asyncio.to_thread(self.inbox.unfinished, self.channel):
                    self.wake(conversation)
            except Exception as error:
                log.error("the inbox cannot be read: %s", type(error).__name__)
            await asyncio.sleep(SWEEP)

    async def _work(self, conversation: str) -> None:
        """Turn after turn, until nothing is left that this process may work on."""
        try:
            while conversation in self.woken:
                self.woken.discard(conversation)
                await self._work_off(conversation)
        except Exception as error:
            # The message stays in the inbox, and the next sweep takes it up.
            log.error("a message waits for another try: %s", type(error).__name__)
        finally:
            del self.workers[conversation]

    async def _work_off(self, conversation: str) -> None:
        while not self.ending:
            incoming = await asyncio.to_thread(self.inbox.claim, conversation)
            if incoming is None:
                return
            await self._turn(incoming)

    async def _turn(self, incoming: Incoming) -> None:
        renewal = asyncio.create_task(self._renew(incoming))
        try:
            replies = await self._replies(incoming)
        finally:
            renewal.cancel()
        keep = partial(self.keep, incoming=incoming, replies=replies) if self.keep else None
        if await asyncio.to_thread(self.inbox.finish, incoming, replies, keep):
            await self._tell(incoming, replies)

    async def _tell(self, incoming: Incoming, replies: Replies) -> None:
        try:
            await self.on_done(incoming, replies)
        except Exception as error:
            log.error("finished, but not told: %s", type(error).__name__)

    async def _renew(self, incoming: Incoming) -> None:
        while True:
            await asyncio.sleep(RENEW)
            try:
                await asyncio.to_thread(self.inbox.renew, incoming)
            except Exception as error:
                log.error("a claim could not be renewed: %s", type(error).__name__)

    async def _replies(self, incoming: Incoming) -> Replies:
        sorry: Replies = [{"text": self.apology}]
        if incoming.attempt > MOST_ATTEMPTS:
            log.error("given up after %d attempts: a message of %s", MOST_ATTEMPTS, self.channel)
            return sorry
        # Rasa saves its tracker before we are done: after a crash between the two, the turn has
        # been and must not be again.
        if incoming.attempt > 1 and (said := await self.said_before(incoming)) is not None:
            return said or sorry
        return await self._ask_rasa(incoming) or sorry

    async def said_before(self, incoming: Incoming) -> Replies | None:
        """What the bot said to a message, as Rasa's tracker holds it; None when the tracker does
        not hold the message.
        """
        if self.agent is None:
            return None
        store = self.agent.tracker_store
        tracker = await store.retrieve_full_tracker(incoming.conversation)
        return replies_after(incoming.message_id, tracker.events) if tracker else None

    async def _ask_rasa(self, incoming: Incoming) -> Replies:
        collected = Collected()
        message = UserMessage(
            incoming.text,
            collected,
            incoming.conversation,
            input_channel=self.channel,
            message_id=incoming.message_id,
            metadata=incoming.metadata,
        )
        try:
            await asyncio.wait_for(self.handle(message), TURN_LIMIT)
        except Exception as error:
            log.error("a turn failed: %s", type(error).__name__)
        return collected.replies


class Collected(OutputChannel):
    """Where Rasa sends the replies of one turn."""

    def __init__(self) -> None:
        self.replies: Replies = []

    @classmethod
    def name(cls) -> str:
        """Rasa's name for it."""
        return "collected"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a message whole, as the action gave it."""
        if reply := plain_reply(message):
            self.replies.append(reply)

    async def send_text_message(self, recipient_id: str, text: str, **options: Any) -> None:
        """Keep a text, such as the apology for a turn that says nothing."""
        self.replies.append({"text": text})


def plain_reply(message: dict[str, Any]) -> dict[str, Any]:
    """What a channel needs of a message of Rasa's; empty when it holds no words."""
    if not message.get("text"):
        return {}
    return {key: message[key] for key in ("text", "buttons", "show") if message.get(key)}


def replies_after(message_id: str, events: Any) -> Replies | None:
    """What the bot said between a message of the patient and the next; None without the message."""
    said: Replies | None = None
    for event in events:
        if isinstance(event, UserUttered):
            if said is not None:
                break
            said = [] if event.message_id == message_id else None
        elif isinstance(event, BotUttered) and said is not None:
            said.append(plain_reply(event.message()))
    return None if said is None else [reply for reply in said if reply]
