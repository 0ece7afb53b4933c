"""Cures of what Rasa wastes in each turn."""

import asyncio
import gc
import time
from copy import copy
from itertools import islice
from types import SimpleNamespace
from typing import Any, Callable, Dict, List, Optional, Tuple, Type

import aiohttp
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from clinic.conversations.turn import current_turn
from clinic.reader_process import given, reader_process

# Seconds until an action server that hangs is given up: Rasa waits 300 s, no patient does.
ACTION_TIMEOUT = 8
# Seconds that a connection to the action server is kept without use: the server closes it after 5.
KEPT_OPEN = 4


def _check_what_is_used(original: Any) -> Any:
    """Rasa checks a constant schema of all its events anew at each action call: 24 ms of a 34 ms
    turn, and 1 ms with a compiled validator. What it builds from the result is checked here.
    """

    def validate(self: RemoteAction, result: Any) -> bool:
        whole = isinstance(result, dict) and all(
            isinstance(result.get(part, []), list)
            and all(isinstance(one, dict) for one in result.get(part, []))
            for part in ("events", "responses")
        )
        if not whole or not all(isinstance(e.get("event"), str) for e in result.get("events", [])):
            raise ValueError("the action server answered in another form")
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
    """Rasa sends every event of the session to the action server, each message with all that was
    read of it; ours reads slots, the last message and the channel that it came through.
    """

    def _action_call_format(
        self: RemoteAction, tracker: DialogueStateTracker, domain: Domain
    ) -> Dict[str, Any]:
        events = tracker.events
        messages = (event for event in reversed(events) if isinstance(event, UserUttered))
        tracker.events = tracker._create_events(list(islice(messages, 1)))
        try:
            call: Dict[str, Any] = original(self, tracker, domain)
        finally:
            tracker.events = events
        for event in call["tracker"]["events"]:
            # It stands in "latest_message" too.
            event.pop("parse_data", None)
        return call

    return _action_call_format


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


def _run_the_graph_simply(original: Any) -> Any:
    """Rasa plans the run of its graph anew each time, thrice a turn, with a scheduler for clusters
    (engine/runner/dask.py).
    """

    def run(
        self: DaskGraphRunner,
        inputs: Optional[Dict[str, Any]] = None,
        targets: Optional[List[str]] = None,
    ) -> Dict[str, Any]:
        nodes = self._graph_schema.nodes
        done: Dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}

        def result(name: str) -> Any:
            # What is neither given nor a node is passed on by its name, as Rasa does.
            if name not in done and name in nodes:
                needs = [result(needed) for needed in nodes[name].needs.values()]
                done[name] = self._instantiated_nodes[name](*needs)
            return done.get(name, name)

        return {target: result(target)[1] for target in targets or self._graph_schema.target_names}

    return run


def _read_apart(original: Any) -> Any:
    """Rasa reads a message while everybody else waits, and builds an empty domain for each to see
    whether there is one. A process of its own reads, where there is one.
    """

    async def parse_message(
        self: MessageProcessor,
        message: UserMessage,
        tracker: Optional[DialogueStateTracker] = None,
        only_output_properties: bool = True,
    ) -> Dict[str, Any]:
        if tracker is None:
            tracker = DialogueStateTracker.from_events(message.sender_id, [])
        if apart := reader_process():
            given.set(await apart.read(message.text or ""))
        parsed: Dict[str, Any] = self._parse_message_with_graph(
            message, tracker, only_output_properties
        )
        given.set(None)
        return parsed

    return parse_message


def _remember_the_predictions(original: Any) -> Any:
    """Rasa copies the conversation, describes its states and looks through all rules for each
    action. Ours look at the last message or action alone, no slot influences them, and none holds a
    text (tests/test_rasa_cures.py), so what they once said they say again.
    """

    def _predict_next_with_tracker(
        self: MessageProcessor, tracker: DialogueStateTracker
    ) -> PolicyPrediction:
        if tracker.followup_action or tracker.active_loop_name:
            return original(self, tracker)
        intent = tracker.latest_message and tracker.latest_message.intent.get("name")
        after = tracker.latest_action_name, intent
        said: Dict[Any, PolicyPrediction] = self.__dict__.setdefault("said", {})
        if after not in said:
            said[after] = original(self, tracker)
        again = copy(said[after])
        again.events = [_happening_now(event) for event in again.events]
        return again

    return _predict_next_with_tracker


def _happening_now(event: Event) -> Event:
    now = copy(event)
    now.timestamp = time.time()
    return now


def _copy_without_replaying(original: Any) -> Any:
    """Rasa copies a conversation by living through it again, for each action."""

    def copy_tracker(self: DialogueStateTracker) -> DialogueStateTracker:
        twin = copy(self)
        twin.events = self._create_events(list(self.events))
        twin.slots = type(self.slots)()
        twin.slots.update({name: copy(slot) for name, slot in self.slots.items()})
        twin.active_loop = copy(self.active_loop)
        return twin

    return copy_tracker


def _log_without_copying(original: Any) -> Any:
    """Rasa makes deep copies of what it would log, also where nothing is logged: all that its
    processor copies is for that.
    """
    return SimpleNamespace(deepcopy=lambda logged: logged)


def _leave_alone_what_stays(original: Any) -> Any:
    """Python now and then looks through all that Rasa's libraries have made for what nobody needs:
    0.4 s in which all patients wait. What is there once a model is loaded stays, and is left out.
    """

    def load_model(self: Agent, *arguments: Any, **options: Any) -> None:
        original(self, *arguments, **options)
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    return load_model


CURES: List[Tuple[Any, str, Callable[[Any], Any]]] = [
    (Agent, "load_model", _leave_alone_what_stays),
    (RemoteAction, "_validate_action_result", _check_what_is_used),
    (Event, "resolve_by_type", _look_up_events),
    (RemoteAction, "_action_call_format", _send_this_turn_only),
    (EndpointConfig, "request", _keep_the_connection_open),
    (DaskGraphRunner, "run", _run_the_graph_simply),
    (MessageProcessor, "parse_message", _read_apart),
    (MessageProcessor, "_predict_next_with_tracker", _remember_the_predictions),
    (DialogueStateTracker, "copy", _copy_without_replaying),
    (processor, "copy", _log_without_copying),
]
