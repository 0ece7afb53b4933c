"""Canaries: made-up private words go through every failure; no output of any part holds them."""

import http.server
import json
import os
import re
import subprocess
import threading
import urllib.error
import urllib.request
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from clinic.before_start import prepare_database
from clinic.cipher import new_key
from clinic.serve import end, environment, parts, wait_until_ready
from clinic.settings import PROJECT
from evaluation.bot import Bot, own_settings

NAME, NUMBER, ADDRESS = "Zebedee Quillfeather", "07400 123456", "17 Canarywharf Lane"
EMAIL, STORY, ID = "zebedee@canarymail.example", "my xylophone aunt sat on it", "canarysender99"
CANARIES = re.compile(
    r"zebedee|quillfeather|7400.?123.?456|canary(wharf|mail|sender)|xylophone", re.IGNORECASE
)
MESSAGES = [
    f"hello i am {NAME}, {STORY}",
    "can i book a consultation",
    "yes I am 18",
    NAME,
    NUMBER,
    EMAIL,
    f"{ADDRESS}, weds morning",
    f"does it hurt? {STORY}",
    f'/restart{{"name": "{NAME}"}}',
    f'/price{{"phone": "{NUMBER}"',
    f"'; DROP TABLE turns; -- {NUMBER}",
    f"what do you hold on me, {NAME}?",
    "STOP",
]


class Broken(http.server.BaseHTTPRequestHandler):
    """An action server that gives back what it was sent, in several wrong ways."""

    mode = "error"

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, body = {
            "error": (500, sent),
            "not found": (404, json.dumps({"error": sent, "action_name": NAME})),
            "refused": (400, json.dumps({"error": STORY, "action_name": NAME})),
            "no JSON": (200, f"<html>{NAME} {NUMBER}"),
            "wrong shape": (200, json.dumps({"events": STORY, "responses": {"text": NAME}})),
            "wrong event": (200, json.dumps({"events": [{"event": NAME}], "responses": []})),
            "wrong slot": (
                200,
                json.dumps({"events": [{"event": "slot", "name": NAME}], "responses": []}),
            ),
        }[type(self).mode]
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        """Quiet."""


MODES = ["error", "not found", "refused", "no JSON", "wrong shape", "wrong event", "wrong slot"]


class Parts:
    """The two servers, as talkative as they can be, and all that they write."""

    def __init__(self, folder):
        self.folder, self.log = Path(folder), Path(folder) / "output"
        self.secret = new_key()
        self.settings = replace(own_settings(str(folder)), keys=(self.secret,))
        prepare_database(self.settings)
        self.actions, self.rasa, self.delivery = parts(self.settings)
        self.running = {}

    def start(self, part):
        command = ["--debug" if word == "--quiet" else word for word in part.command]
        self.running[part] = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **environment(self.settings), "LOG_LEVEL_LIBRARIES": "DEBUG"},
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        wait_until_ready(part, self.running[part])

    def stop(self, part):
        end([self.running.pop(part)])

    @property
    def bot(self):
        return Bot(f"http://127.0.0.1:{self.settings.rasa_port}")

    def post(self, port, path, body, kind="application/json"):
        """Send anything; only that it is answered matters."""
        address = f"http://127.0.0.1:{port}{path}"
        request = urllib.request.Request(address, body.encode(), {"Content-Type": kind})
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code

    def output(self):
        return self.log.read_text(encoding="utf-8", errors="replace")


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    parts_ = Parts(tmp_path_factory.mktemp("canary"))
    parts_.start(parts_.actions)
    parts_.start(parts_.rasa)
    parts_.start(parts_.delivery)
    yield parts_
    end(list(parts_.running.values()))


@pytest.fixture(autouse=True)
def silent(running):
    """After each failure: nothing private in all that was written until now."""
    yield
    found = sorted({match[0] for match in CANARIES.finditer(running.output())})
    assert found == []
    assert running.secret not in running.output()


def sentence(reply):
    return re.search(r"\w+ \w+", reply)


def test_conversation(running):
    for message in MESSAGES:
        assert sentence(running.bot.text(message, ID)), message
    assert "rasa" in running.output()


def test_bodies_that_are_no_messages(running):
    door = "/webhooks/rest/webhook"
    for body in (
        f"{{broken {NAME}",
        json.dumps([NAME, NUMBER]),
        json.dumps(STORY),
        json.dumps({"sender": {"name": NAME}, "message": {"text": STORY}}),
        json.dumps({"sender": ID, "message": STORY, "metadata": NAME, "input_channel": ADDRESS}),
        "null",
        "",
    ):
        assert running.post(running.settings.rasa_port, door, body)
        assert running.post(running.settings.rasa_port, f"{door}?who={ID}", body, "text/plain")
    running.post(running.settings.rasa_port, f"/nowhere/{ID}", STORY)


def test_action_calls_that_fail(running):
    message = {"text": STORY, "intent": {"name": NAME}, "questions": [{"text": NAME}]}
    good = {"sender_id": ID, "slots": {}, "latest_message": message, "events": []}
    bad_slots = {**good, "slots": {"turns_since_named": NUMBER, "draft": {"name": NAME}}}
    for call in (
        {"next_action": "action_answer_question", "tracker": good, "domain": {}},
        {"next_action": "action_answer_question", "tracker": bad_slots, "domain": {}},
        {"next_action": f"action_{ID}", "tracker": good, "domain": {}},
        {"next_action": "action_answer_question", "tracker": NAME},
        {"next_action": [STORY]},
        NAME,
        [NUMBER],
    ):
        assert running.post(running.settings.actions_port, "/webhook", json.dumps(call))
    running.post(running.settings.actions_port, "/webhook", f"{{{NAME}")


def test_deleted_data_are_gone_from_the_tables(running):
    sender = f"delete-{uuid.uuid4().hex}"
    running.bot.text(f"does it hurt? {STORY}", sender)
    asked = running.bot.text("delete my data", sender)
    assert "cannot be undone" in asked
    told = running.bot.text("Yes, delete it", sender)
    assert re.search(r"Your reference: KC-[0-9A-Z]{6}", told)
    engine = create_engine(running.settings.database, future=True)
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names()) - {"privacy_orders"}
        for table in tables:
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert not any(sender in str(row) for row in rows), table
    # The conversation begins anew.
    assert sentence(running.bot.text("and peels?", sender))


@pytest.mark.parametrize("mode", MODES)
def test_action_server_that_gives_back_what_it_was_sent(running, mode):
    if running.actions in running.running:
        running.stop(running.actions)
        assert sentence(running.bot.text(f"nobody is there, {NAME}", ID))
    Broken.mode = mode
    address = ("127.0.0.1", running.settings.actions_port)
    server = http.server.ThreadingHTTPServer(address, Broken)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert sentence(running.bot.text(f"my name is {NAME}, {NUMBER}", ID))
    finally:
        server.shutdown()
        server.server_close()


def test_database_that_is_broken(running):
    """Runs last: nothing is kept any more."""
    running.start(running.actions)
    file = running.folder / "clinic.sqlite3"
    for leftover in running.folder.glob("clinic.sqlite3-*"):
        leftover.unlink()
    file.write_bytes(f"{NAME} {NUMBER}".encode() * 1000)
    for message in (f"hello, {NAME}", "delete my data", "Yes, delete it", f"my story: {STORY}"):
        assert sentence(running.bot.text(message, ID))
