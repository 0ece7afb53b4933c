"""Rasa's memory of conversations, kept in the clinic's database: bounded, sealed, never made up.

An error is never an empty conversation here: it reaches the turn, and the patient is asked to try
again (clinic/conversations/turn.py).
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, Dict, Iterable, List, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
)
from rasa.shared.core.trackers import DialogueStateTracker

from clinic.conversations.turn import current_turn
from clinic.desk import desk
from clinic.kept_turns import KeptTurn, KeptTurns
from clinic.privacy.orders import due

# Turns that are fetched: the rules look at the last one only, and the slots come with it.
TURNS = 1
# Turns that are read or written at once; each holds a connection.
THREADS = 8


@dataclass(frozen=True)
class Loaded:
    """How much of a tracker is in the database: its last turn, how many of its events, and what
    held after them.
    """

    n: int
    events: int
    state: Dict[str, Any]


class KeptTrackerStore(TrackerStore):
    """Reads the end of the current session and writes each turn as one row."""

    def __init__(
        self,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        **settings: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self.turns = KeptTurns(desk().database, desk().cipher, due)
        self.threads = ThreadPoolExecutor(THREADS, "turns")

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The end of the current session, with all slots; None where nothing was ever said."""
        return self._tracker(sender_id, await self._call(self.turns.latest, sender_id, TURNS))

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """Everything that was said."""
        return self._tracker(conversation_id, await self._call(self.turns.all, conversation_id))

    async def create_tracker(
        self, sender_id: str, append_action_listen: bool = True
    ) -> DialogueStateTracker:
        """A new conversation; it is written at the end of its first turn."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        tracker.loaded = Loaded(0, 0, {})
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what was said since the tracker was fetched, as one turn."""
        loaded: Loaded = getattr(tracker, "loaded", None) or await self._end(tracker.sender_id)
        new = list(tracker.events)[loaded.events :]
        if not new:
            return
        opens = any(isinstance(event, SessionStarted) for event in new)
        turn = KeptTurn(loaded.n + 1, opens, loaded.state, [event.as_dict() for event in new])
        await self._call(self.turns.add, tracker.sender_id, turn)
        tracker.loaded = Loaded(turn.n, len(tracker.events), state_of(tracker))
        if running := current_turn.get():
            running.unsure = bool(tracker.loaded.state["slots"].get("times_unsure"))

    async def keys(self) -> Iterable[str]:
        """The id of every conversation."""
        found: List[str] = await self._call(self.turns.conversations)
        return found

    async def _end(self, sender_id: str) -> Loaded:
        """Where a tracker goes on that was not fetched from here."""
        last = await self._call(self.turns.latest, sender_id, 1)
        return Loaded(last[-1].n if last else 0, 0, {})

    def _tracker(self, sender_id: str, kept: List[KeptTurn]) -> Optional[DialogueStateTracker]:
        if not kept:
            return None
        tracker = self.init_tracker(sender_id)
        for event in opening(kept[0]):
            tracker.update(event)
        for turn in kept:
            for each in turn.events:
                tracker.update(Event.from_parameters(each))
        tracker.loaded = Loaded(kept[-1].n, len(tracker.events), state_of(tracker))
        return tracker

    async def _call(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """In a thread: a slow database holds up this patient alone."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, work, *arguments)


def state_of(tracker: DialogueStateTracker) -> Dict[str, Any]:
    """What a tracker knows apart from its events."""
    slots = {s.name: s.value for s in tracker.slots.values() if s.value != s.initial_value}
    return {"slots": slots, "loop": tracker.active_loop_name, "paused": tracker.is_paused()}


def opening(first: KeptTurn) -> List[Event]:
    """Events that bring about what held before the first turn that was fetched."""
    if first.opens_session or not first.before:
        return []
    at, before = first.events[0]["timestamp"], first.before
    events: List[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at),
        SessionStarted(timestamp=at),
    ]
    events += [SlotSet(name, value, timestamp=at) for name, value in before["slots"].items()]
    if before["loop"]:
        events.append(ActiveLoop(before["loop"], timestamp=at))
    if before["paused"]:
        events.append(ConversationPaused(timestamp=at))
    return [*events, ActionExecuted(ACTION_LISTEN_NAME, timestamp=at)]
