"""Cures of what Rasa wastes in each turn."""

import asyncio
from typing import Any, Callable, Dict, List, Optional, Tuple, Type

import aiohttp
from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from clinic.conversations.turn import current_turn

# Seconds until an action server that hangs is given up: Rasa waits 300 s, no patient does.
ACTION_TIMEOUT = 8
# Seconds that a connection to the action server is kept without use: the server closes it after 5.
KEPT_OPEN = 4


def _validate_with_compiled_schema(original: Any) -> Any:
    """Rasa checks its own constant schema anew at each action call: 24 ms of a 34 ms turn."""
    validator = Draft7Validator(RemoteAction.action_response_format_spec())

    def validate(self: RemoteAction, result: Dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    return validate


def _look_up_events(original: Any) -> Any:
    """Rasa walks all its event classes for each stored event."""
    known: Dict[str, Type[Event]] = {}
    for event in all_subclasses(Event):
        known.setdefault(event.type_name, event)

    def resolve_by_type(
        type_name: str, default: Optional[Type[Event]] = None
    ) -> Optional[Type[Event]]:
        return known.get(type_name) or original(type_name, default)

    return resolve_by_type


def _send_this_turn_only(original: Any) -> Any:
    """Rasa sends every event of the session to the action server; ours reads slots and the last
    message.
    """

    def _action_call_format(
        self: RemoteAction, tracker: DialogueStateTracker, domain: Domain
    ) -> Dict[str, Any]:
        events = tracker.events
        tracker.events = tracker._create_events(_since_last_message(list(events)))
        try:
            call: Dict[str, Any] = original(self, tracker, domain)
            return call
        finally:
            tracker.events = events

    return _action_call_format


def _since_last_message(events: List[Event]) -> List[Event]:
    for n in range(len(events) - 1, -1, -1):
        if isinstance(events[n], UserUttered):
            return events[n:]
    return events


def _keep_the_connection_open(original: Any) -> Any:
    """Rasa opens a connection and closes it for each action call."""

    async def request(
        self: EndpointConfig, method: str = "post", subpath: Optional[str] = None, **options: Any
    ) -> Any:
        if subpath or self.cafile or self.basic_auth:
            return await original(self, method, subpath, **options)
        turn = current_turn.get()
        seconds = min(ACTION_TIMEOUT, turn.seconds_left()) if turn else ACTION_TIMEOUT
        async with _session(self).request(
            method,
            self.url,
            json=options.get("json"),
            params=self.combine_parameters(),
            timeout=aiohttp.ClientTimeout(total=max(seconds, 0.01)),
        ) as response:
            if response.status >= 400:
                body = await response.text()
                raise ClientResponseError(response.status, response.reason, body)
            return await response.json()

    return request


def _session(endpoint: EndpointConfig) -> aiohttp.ClientSession:
    """The session of an endpoint in this event loop."""
    loop = asyncio.get_running_loop()
    kept = getattr(endpoint, "kept_open", None)
    if kept is None or kept[0] is not loop:
        connector = aiohttp.TCPConnector(keepalive_timeout=KEPT_OPEN)
        session = aiohttp.ClientSession(headers=endpoint.headers, connector=connector)
        endpoint.kept_open = kept = (loop, session)
    session_kept: aiohttp.ClientSession = kept[1]
    return session_kept


CURES: List[Tuple[Any, str, Callable[[Any], Any]]] = [
    (RemoteAction, "_validate_action_result", _validate_with_compiled_schema),
    (Event, "resolve_by_type", _look_up_events),
    (RemoteAction, "_action_call_format", _send_this_turn_only),
    (EndpointConfig, "request", _keep_the_connection_open),
]
