"""Where a turn's time goes: each step by itself, for ours and for stock Rasa.

`python -m benchmarks.spent NAME PORT` prints the steps of one system as JSON; a process of its own,
so that the cures of one do not reach the other.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.systems import STOCK_MODEL
from clinic.before_start import MODEL
from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.database import migrate, open_database
from clinic.kept_turns import KeptTurn, KeptTurns
from clinic.nlu.sentence_encoder import sentence_encoder
from clinic.serve import ONE_THREAD
from clinic.settings import PROJECT
from evaluation.sets import held

ENCODER, UNDERSTANDING = "sentence encoder", "understanding beside it"
STEPS = (ENCODER, UNDERSTANDING, "action server", "checking its answer", "memory")
TEXTS = 120


def steps(name: str, actions_port: int) -> dict[str, float]:
    """Milliseconds of each step (medians), measured in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.spent", name, str(actions_port)]
    env = {**os.environ, **(ONE_THREAD if name == "ours" else {})}
    run = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def main(name: str, actions_port: int) -> None:
    """Print the steps of one system."""
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    from clinic.conversations.rasa_cures import apply_cures

    if name == "ours":
        apply_cures()
    texts = [message.ask for message in held("questions.yml")][3::17][:TEXTS]
    agent = Agent.load(str(MODEL if name == "ours" else STOCK_MODEL))
    tracker = asyncio.run(agent.processor.fetch_tracker_and_update_session("ann"))
    read = agent.processor._parse_message_with_graph
    reading = median(lambda text: read(UserMessage(text), tracker), texts)
    encoder = median(sentence_encoder()._encode, texts) if name == "ours" else 0.0
    call, check, answer = _action(agent, tracker, actions_port, texts[0], name)
    memory = _ours_memory() if name == "ours" else _stock_memory(tracker)
    calling, checking = median(call, texts), median(lambda _: check(answer), texts)
    each = (encoder, reading - encoder, calling, checking, memory)
    print(json.dumps(dict(zip(STEPS, each, strict=True))))


def median(step: Callable[[str], object], texts: Sequence[str]) -> float:
    """Milliseconds, after a warm-up."""
    took = []
    for text in [*texts[:10], *texts]:
        began = time.perf_counter()
        step(text)
        took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took[10:])


def _action(agent: Any, tracker: Any, port: int, text: str, name: str) -> tuple[Any, Any, Any]:
    """The call of the action, the check of its answer, and an answer."""
    from rasa.core.actions.action import RemoteAction
    from rasa.core.channels.channel import UserMessage
    from rasa.utils.endpoints import EndpointConfig

    options = {"enable_selective_domain": True} if name == "ours" else {}
    endpoint = EndpointConfig(f"http://127.0.0.1:{port}/webhook", **options)
    action = RemoteAction("action_answer_question", endpoint)
    asyncio.run(agent.processor._handle_message_with_tracker(UserMessage(text), tracker))

    def call(_: str) -> Any:
        body = json.dumps(action._action_call_format(tracker, agent.domain)).encode()
        request = urllib.request.Request(endpoint.url, body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    return call, action._validate_action_result, call("")


def _ours_memory() -> float:
    """Reading the last turns and writing one."""
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/clinic.sqlite3")
        migrate(engine)
        kept = KeptTurns(engine, Cipher([DEVELOPMENT_KEY]))
        event = {"event": "user", "text": "does it hurt", "parse_data": {"x": "y" * 3000}}
        numbers = [str(n) for n in range(1, 61)]

        def turn(_: str) -> None:
            last = kept.latest("ann", 3)
            kept.add("ann", KeptTurn(last[-1].n + 1 if last else 1, False, {}, [event] * 6))

        return median(turn, numbers)


def _stock_memory(tracker: Any) -> float:
    """Rasa's store: reading a session of five turns and writing it anew each time."""
    from rasa.core.tracker_store import SQLTrackerStore

    with TemporaryDirectory() as folder:
        store = SQLTrackerStore(db=str(Path(folder) / "stock.sqlite3"))
        loop = asyncio.new_event_loop()

        def turn(who: str) -> None:
            loop.run_until_complete(store.retrieve(who))
            tracker.sender_id = who
            loop.run_until_complete(store.save(tracker))

        return median(turn, [f"patient-{n}" for n in range(60)])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
