"""What Rasa 3.6.21 gets wrong in a turn and will not be mended upstream, cured here and nowhere
else.

Each cure replaces one method of Rasa, says why, and holds for the version it was read in.
"""

import logging
from typing import Any, Callable, Dict, List, Optional

import rasa
from jsonschema import Draft7Validator
from rasa.core.actions import action as rasa_action
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from rasa.shared.core.events import BotUttered, Event

from clinic.channels.typed_text import plain_text
from clinic.desk import desk
from clinic.errors import StartError

log = logging.getLogger(__name__)

VERSION = "3.6.21"
# Seconds until an action server that hangs is given up: Rasa waits 300 s, no patient does.
ACTION_TIMEOUT = 8


def apply_cures() -> None:
    """Apply all cures to Rasa's classes; raises StartError for another version of Rasa."""
    if rasa.__version__ != VERSION:
        raise StartError(
            f"rasa_cures.py was read against Rasa {VERSION}, this is {rasa.__version__}"
        )
    rasa_action.DEFAULT_REQUEST_TIMEOUT = ACTION_TIMEOUT
    _replace(RemoteAction, "_validate_action_result", _validate_with_compiled_schema)
    _replace(RemoteAction, "run", _apologise_when_an_action_fails)
    _replace(CollectingOutputChannel, "send_text_message", _send_in_one_piece)
    _replace(RestInput, "_extract_message", _take_plain_text)
    _replace(Agent, "handle_message", _apologise_when_a_turn_says_nothing)
    _replace(Agent, "handle_message", _never_obey_typed_text)


def apology() -> str:
    """What a patient hears when something is broken, with how to reach the team."""
    content = desk().content
    return content.fill(content.conversation.apology)


def _replace(owner: type, name: str, make: Callable[[Any], Any]) -> None:
    original = getattr(owner, name)
    applied = getattr(original, "cures", ())
    if make not in applied:
        cure = make(original)
        cure.cures = (*applied, make)
        setattr(owner, name, cure)


def _validate_with_compiled_schema(original: Any) -> Any:
    """Rasa checks its own constant schema anew at each action call: 24 ms of a 34 ms turn."""
    validator = Draft7Validator(RemoteAction.action_response_format_spec())

    def validate(self: RemoteAction, result: Dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    return validate


def _apologise_when_an_action_fails(original: Any) -> Any:
    """Rasa counts a failed action as done and says nothing (core/processor.py:993)."""

    async def run(self: RemoteAction, output_channel: OutputChannel, *rest: Any) -> List[Event]:
        try:
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


def _take_plain_text(original: Any) -> Any:
    """The rest channel passes on a list or a number as a message, and then fails at it."""

    def extract_message(self: RestInput, request: Any) -> str:
        return plain_text(original(self, request))

    return extract_message


def _never_obey_typed_text(original: Any) -> Any:
    """Rasa takes a text that begins with "/" for a command (nlu/classifiers/
    regex_message_handler.py), whoever typed it; a message that a channel has resolved itself stays.
    """

    async def handle_message(self: Agent, message: UserMessage) -> Optional[List[Dict[str, Any]]]:
        if message.parse_data is None:
            message.text = plain_text(message.text)
        result: Optional[List[Dict[str, Any]]] = await original(self, message)
        return result

    return handle_message


def _apologise_when_a_turn_says_nothing(original: Any) -> Any:
    """Rasa answers an exception, a missing model and an empty turn with silence
    (core/channels/rest.py).
    """

    async def handle_message(self: Agent, message: UserMessage) -> Optional[List[Dict[str, Any]]]:
        said = _count_messages(message.output_channel)
        result: Optional[List[Dict[str, Any]]] = None
        try:
            result = await original(self, message)
        except Exception as error:
            log.error("a turn failed: %s", type(error).__name__)
        if not said() and message.output_channel:
            await message.output_channel.send_text_message(message.sender_id, apology())
        return result

    return handle_message


def _count_messages(channel: Optional[OutputChannel]) -> Callable[[], int]:
    """Count what is sent through one channel object from now on."""
    count = 0
    if channel is None:
        return lambda: 1
    send = channel.send_response

    async def counted(recipient_id: str, message: Dict[str, Any]) -> None:
        nonlocal count
        await send(recipient_id, message)
        count += 1

    channel.send_response = counted
    return lambda: count
