"""The Rasa server is killed in the middle of a turn: nothing is lost, nothing is done twice. On
PostgreSQL, so that the whole channel is seen to work there too.
"""

import http.server
import threading
import uuid
from dataclasses import replace

import pytest

from clinic.before_start import check
from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.database import open_database
from clinic.kept_turns import KeptTurns
from clinic.serve import end, free_port, parts, start, wait_until_ready
from clinic.settings import Settings
from evaluation.window import Window
from tests.databases import fresh_postgresql


class Hanging(http.server.BaseHTTPRequestHandler):
    """An action server that never answers, and tells when it was asked."""

    asked = threading.Event()
    over = threading.Event()

    def do_POST(self):
        self.asked.set()
        self.over.wait(120)

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture(scope="module")
def settings(postgresql):
    settings = replace(
        Settings.from_environment(),
        rasa_port=free_port(),
        actions_port=free_port(),
        database=fresh_postgresql(postgresql),
    )
    check(settings)
    return settings


@pytest.fixture(scope="module")
def crashed(settings):
    """Two messages were sent, the first was being worked on when Rasa was killed; the page was
    reloaded while it was down. Yields the window, and the ids of both messages.
    """
    actions, rasa = parts(settings)[:2]
    hanging = http.server.ThreadingHTTPServer(("127.0.0.1", settings.actions_port), Hanging)
    threading.Thread(target=hanging.serve_forever, daemon=True).start()
    process = start(rasa, settings)
    wait_until_ready(rasa, process)
    window = Window(f"http://127.0.0.1:{settings.rasa_port}")
    window.open()
    ids = [str(uuid.uuid4()), str(uuid.uuid4())]
    for sent, words in zip(ids, ["does freezing hurt", "and peels?"], strict=True):
        answer = window.post("messages", {"id": sent, "text": words}, stream=True)
        next(answer.iter_lines(chunk_size=1))
    assert Hanging.asked.wait(60)
    process.kill()
    process.wait()
    Hanging.over.set()
    hanging.shutdown()
    hanging.server_close()
    running = [start(actions, settings), start(rasa, settings)]
    try:
        for part, process in zip((actions, rasa), running, strict=True):
            wait_until_ready(part, process)
        yield window, ids
    finally:
        end(running)


def test_both_messages_are_answered_once_and_in_order_after_the_crash(crashed, settings):
    window, ids = crashed
    replies = []
    for kind, line in window.events():
        if kind == "line" and line["role"] == "bot":
            replies.append(line)
        if len(replies) == 2:
            break
    assert [line["message"] for line in replies] == ids
    assert "minimal discomfort" in replies[0]["text"]
    assert "skin peel" in replies[1]["text"]
    assert [line["n"] for line in window.lines()] == [1, 2, 3, 4]
    conversation = heard(settings)
    assert conversation == ["does freezing hurt", "and peels?"]


def heard(settings):
    """What the patient said, as Rasa's own memory holds it."""
    engine = open_database(settings.database)
    turns = KeptTurns(engine, Cipher([DEVELOPMENT_KEY]))
    (conversation,) = turns.conversations()
    events = [event for turn in turns.all(conversation) for event in turn.events]
    engine.dispose()
    return [event["text"] for event in events if event["event"] == "user"]


def test_the_message_sent_again_by_the_page_is_not_processed_again(crashed):
    window, ids = crashed
    stored, reply, _ = window.send("does freezing hurt", id=ids[0])
    assert stored["again"]
    assert "minimal discomfort" in reply["line"]["text"]
    assert len(window.lines()) == 4
