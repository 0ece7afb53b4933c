"""A patient's turn: kept before it is said, and a true sentence in time whatever breaks."""

import asyncio
import logging
import time
from contextvars import ContextVar
from typing import Any, Dict, List, Optional

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage

from clinic.desk import desk
from clinic.metrics import count, turns_running

log = logging.getLogger(__name__)

# Seconds after which a patient who still waits is told to try again or ring.
PATIENCE = 9.0


class Turn(OutputChannel):
    """One turn; it stands where the channel stood, and holds back what is said until the turn is
    saved: what a patient was told is never forgotten.
    """

    def __init__(self, channel: OutputChannel) -> None:
        self.channel = channel
        self.said: List[Dict[str, Any]] = []
        self.started = time.monotonic()
        self.begun = False
        # Set by the tracker store, which sees the slots.
        self.unsure = False

    def name(self) -> str:
        """The channel's name."""
        return str(self.channel.name())

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        """Hold it back."""
        self.said.append(message)

    def seconds_left(self) -> float:
        """Until the patient is told to try again."""
        return self.started + PATIENCE - time.monotonic()

    def outcome(self, said: List[Dict[str, Any]]) -> str:
        """What the turn came to (clinic/metrics.py), by what the patient is told."""
        words = [message.get("text") or "" for message in said]
        if apology() in words:
            return "apology"
        if any((message.get("show") or {}).get("kind") == "urgent" for message in said):
            return "urgent"
        if self.unsure:
            return "unsure"
        telephone = desk().content.clinic.telephone
        return "handed_over" if any(telephone in text for text in words) else "answered"


# The turn that runs in this task.
current_turn: ContextVar[Optional[Turn]] = ContextVar("current_turn", default=None)


def apology() -> str:
    """What a patient hears when something is broken, with how to reach the team."""
    content = desk().content
    return content.fill(content.conversation.apology)


async def take_turn(agent: Agent, message: UserMessage) -> Optional[List[Dict[str, Any]]]:
    """Run a message through Rasa; what it said goes to the message's channel once it is saved, or
    the apology when there is nothing that could be said in time.

    The turn has a task of its own: a patient who goes away, or who has been told to try again, does
    not cut it in the middle. One that still waits for its lock is dropped.
    """
    channel = message.output_channel
    message.output_channel = turn = Turn(channel)
    task = asyncio.ensure_future(_run(agent, message, turn))
    with turns_running.track_inprogress():
        await asyncio.wait({task}, timeout=turn.seconds_left())
    said = _result(task, turn) or [{"text": apology()}]
    count(message.input_channel, turn.outcome(said), time.monotonic() - turn.started)
    for each in said:
        await channel.send_response(message.sender_id, each)
    return getattr(channel, "messages", None)


async def _run(agent: Agent, message: UserMessage, turn: Turn) -> None:
    current_turn.set(turn)
    if not agent.is_ready():
        raise RuntimeError("no model is loaded")
    async with agent.lock_store.lock(message.sender_id):
        turn.begun = True
        if turn.seconds_left() > 0:
            await agent.processor.handle_message(message)


def _result(task: "asyncio.Task[None]", turn: Turn) -> List[Dict[str, Any]]:
    """What was said in a turn that ended in time and was saved; nothing otherwise."""
    if not task.done():
        log.error("a turn took longer than %.0f s", PATIENCE)
        task.add_done_callback(_log_failure)
        if not turn.begun:
            task.cancel()
        return []
    _log_failure(task)
    return [] if task.cancelled() or task.exception() else turn.said


def _log_failure(task: "asyncio.Task[None]") -> None:
    # The message of an error may hold a patient's words: only its kind is logged.
    if not task.cancelled() and (error := task.exception()):
        log.error("a turn failed: %s", type(error).__name__)
