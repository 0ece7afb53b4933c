"""Cures of what Rasa lets in: typed text is never a command to it."""

from typing import Any, Callable, Dict, List, Optional, Tuple

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput

from clinic.typed_text import plain_text


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


CURES: List[Tuple[Any, str, Callable[[Any], Any]]] = [
    (RestInput, "_extract_message", _take_plain_text),
    (Agent, "handle_message", _never_obey_typed_text),
]
