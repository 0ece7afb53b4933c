"""Cures of Rasa's silence and of its amnesia: where it swallows an error, the patient hears a true
sentence instead.
"""

import logging
from typing import Any, Callable, Dict, List, Optional, Tuple

from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event

from clinic.conversations.turn import apology, current_turn, take_turn

log = logging.getLogger(__name__)


def _apologise_when_an_action_fails(original: Any) -> Any:
    """Rasa counts a failed action as done and says nothing (core/processor.py:993)."""

    async def run(self: RemoteAction, output_channel: OutputChannel, *rest: Any) -> List[Event]:
        turn = current_turn.get()
        try:
            if turn and turn.seconds_left() <= 0:
                # The patient was told to try again: nothing may be done behind their back.
                raise TimeoutError
            events: List[Event] = await original(self, output_channel, *rest)
            return events
        except ActionExecutionRejection:
            raise
        except Exception as error:
            log.error("action %s failed: %s", self.name(), type(error).__name__)
            return [BotUttered(apology())]

    return run


def _send_in_one_piece(original: Any) -> Any:
    """Rasa cuts a text without buttons at each empty line into messages of their own."""

    async def send_text_message(
        self: CollectingOutputChannel, recipient_id: str, text: str, **options: Any
    ) -> None:
        await self._persist_message(self._message(recipient_id, text=text))

    return send_text_message


def _take_turn(original: Any) -> Any:
    """Rasa says what it has not saved, answers an exception, a missing model and an empty turn with
    silence, and is cut short when the patient closes the page (core/channels/rest.py).
    """

    async def handle_message(self: Agent, message: UserMessage) -> Optional[List[Dict[str, Any]]]:
        return await take_turn(self, message)

    return handle_message


def _no_empty_memory_in_place_of_an_error(original: Any) -> Any:
    """Rasa wraps every store so that an error becomes an empty conversation (core/agent.py:519)."""

    def _create_tracker_store(store: Optional[TrackerStore], domain: Domain) -> TrackerStore:
        if store is None:
            return InMemoryTrackerStore(domain)
        store.domain = domain
        return store

    return _create_tracker_store


CURES: List[Tuple[Any, str, Callable[[Any], Any]]] = [
    (RemoteAction, "run", _apologise_when_an_action_fails),
    (CollectingOutputChannel, "send_text_message", _send_in_one_piece),
    (Agent, "handle_message", _take_turn),
    (Agent, "_create_tracker_store", _no_empty_memory_in_place_of_an_error),
]
