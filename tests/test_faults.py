"""Parts are missing, hang or talk nonsense: the patient still hears how to reach the team."""

import http.server
import json
import resource
import signal
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import psutil
import pytest

from clinic.before_start import MODEL, prepare_database
from clinic.cipher import Cipher
from clinic.database import open_database
from clinic.kept_turns import KeptTurns
from clinic.serve import end, parts, start, wait_until_ready
from evaluation.bot import Bot, own_settings

# No patient waits longer (seconds).
LONGEST = 10
FAULT = {"mode": "none", "seconds": 0.0}


class Faulty(http.server.BaseHTTPRequestHandler):
    """An action server that fails in the way that FAULT names."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(FAULT["seconds"])
        status, body = {
            "error": (500, b"{}"),
            "garbage": (200, b"<html>not json"),
            "wrong shape": (200, b'{"events": "none", "responses": 3}'),
            "events without a name": (200, b'{"events": [{}], "responses": []}'),
            "silence": (200, b'{"events": [], "responses": []}'),
            "says": (200, b'{"events": [], "responses": [{"text": "Milia are tiny bumps."}]}'),
        }[FAULT["mode"]]
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            """The Rasa server did not wait."""

    def log_message(self, *args):
        """Quiet."""


@contextmanager
def faulty(port, mode, seconds=0.0):
    """An action server that fails."""
    FAULT.update(mode=mode, seconds=seconds)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Faulty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def real_actions(clinic):
    """The action server of the product."""
    part = parts(clinic.settings)[0]
    process = start(part, clinic.settings)
    try:
        wait_until_ready(part, process)
        yield
    finally:
        end([process])


class Clinic:
    """A Rasa server without an action server, on a SQLite file of its own."""

    def __init__(self, folder, content):
        self.settings = own_settings(folder)
        self.port = self.settings.actions_port
        self.bot = Bot(f"http://127.0.0.1:{self.settings.rasa_port}")
        self.apology = content.fill(content.conversation.apology)
        prepare_database(self.settings)
        part = parts(self.settings)[1]
        self.rasa = start(part, self.settings)
        wait_until_ready(part, self.rasa)

    def say(self, words, patient="ann"):
        began = time.monotonic()
        said = self.bot.text(words, patient)
        assert time.monotonic() - began < LONGEST
        return said

    def turns(self, patient):
        cipher = Cipher(self.settings.keys)
        return KeptTurns(open_database(self.settings.database), cipher).all(patient)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory, content):
    clinic = Clinic(str(tmp_path_factory.mktemp("database")), content)
    yield clinic
    end([clinic.rasa])


def test_no_action_server(clinic, content):
    assert clinic.say("does freezing hurt") == clinic.apology
    assert content.clinic.telephone in clinic.apology


@pytest.mark.parametrize(
    "mode", ["error", "garbage", "wrong shape", "events without a name", "silence"]
)
def test_action_server_that_fails(clinic, mode):
    with faulty(clinic.port, mode):
        assert clinic.say("what are milia") == clinic.apology


def test_action_server_that_hangs(clinic):
    with faulty(clinic.port, "says", seconds=9):
        assert clinic.say("what are milia") == clinic.apology


def test_after_recovery_the_conversation_goes_on(clinic):
    clinic.say("does freezing hurt", "bea")
    with real_actions(clinic):
        assert "minimal discomfort" in clinic.say("does freezing hurt", "bea")
        assert "skin peel" in clinic.say("and peels?", "bea")


def test_four_quick_messages_of_one_patient_are_answered_in_order(clinic):
    texts = {}
    asked = ["what are milia", "does it hurt", "what causes them", "price?"]
    with real_actions(clinic):
        threads = [
            threading.Thread(target=lambda m=m: texts.update({m: clinic.bot.text(m, "cat")}))
            for m in asked
        ]
        for thread in threads:
            thread.start()
            time.sleep(0.02)
        for thread in threads:
            thread.join(30)
    assert all(texts[m] not in ("", clinic.apology) for m in asked)
    heard = [
        event["text"]
        for turn in clinic.turns("cat")
        for event in turn.events
        if event["event"] == "user"
    ]
    assert heard == asked


def test_patient_who_closes_the_page_is_not_forgotten(clinic):
    body = json.dumps({"sender": "dot", "message": "does freezing hurt"})
    request = f"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}"
    request += f"\r\nContent-Type: application/json\r\n\r\n{body}"
    with real_actions(clinic):
        with socket.create_connection(("127.0.0.1", clinic.settings.rasa_port)) as page:
            page.sendall(request.encode())
            time.sleep(0.01)
        until = time.monotonic() + LONGEST
        while not clinic.turns("dot") and time.monotonic() < until:
            time.sleep(0.05)
        assert "skin peel" in clinic.say("and peels?", "dot")


def reader_of(clinic):
    [reader] = psutil.Process(clinic.rasa.pid).children()
    return reader


def test_reader_that_is_killed_in_a_conversation(clinic):
    with real_actions(clinic):
        clinic.say("does freezing hurt", "gil")
        killed = reader_of(clinic)
        killed.kill()
        assert "skin peel" in clinic.say("and peels?", "gil")
        assert reader_of(clinic) != killed


def test_reader_that_hangs(clinic):
    with real_actions(clinic):
        clinic.say("does freezing hurt", "hal")
        reader_of(clinic).suspend()
        said = clinic.say("and peels?", "hal")
        assert said == clinic.apology or "skin peel" in said
        assert "skin peel" in clinic.say("and peels?", "hal")


def test_reader_ends_with_its_server_however_that_ends(clinic, tmp_path):
    settings, part, process = model_from(MODEL, tmp_path)
    wait_until_ready(part, process)
    [reader] = psutil.Process(process.pid).children()
    process.kill()
    process.wait()
    assert psutil.wait_procs([reader], timeout=LONGEST)[1] == []


def test_disk_that_is_full(clinic):
    limit = resource.prlimit(clinic.rasa.pid, resource.RLIMIT_FSIZE)
    with real_actions(clinic):
        clinic.say("does freezing hurt", "eve")
        # The kernel refuses each write of the Rasa server to a file, as a full disk does.
        resource.prlimit(clinic.rasa.pid, resource.RLIMIT_FSIZE, (0, limit[1]))
        try:
            assert clinic.say("what are milia", "eve") == clinic.apology
        finally:
            resource.prlimit(clinic.rasa.pid, resource.RLIMIT_FSIZE, limit)
        assert "skin peel" in clinic.say("and peels?", "eve")


def test_turn_that_runs_when_the_server_is_told_to_end(clinic):
    said = {}
    with faulty(clinic.port, "says", seconds=3):
        patient = threading.Thread(
            target=lambda: said.update(text=clinic.bot.text("what are milia", "fay"))
        )
        patient.start()
        time.sleep(1.5)
        clinic.rasa.send_signal(signal.SIGTERM)
        patient.join(LONGEST)
    assert said["text"] == "Milia are tiny bumps."
    assert clinic.rasa.wait(30) is not None
    assert len(clinic.turns("fay")) == 1


def test_model_file_that_is_broken_or_missing(tmp_path, content):
    broken = tmp_path / "broken.tar.gz"
    broken.write_bytes(b"not a model")
    running = [model_from(path, tmp_path) for path in (broken, tmp_path / "missing.tar.gz")]
    try:
        for settings, part, process in running:
            wait_until_ready(part, process)
            text = Bot(f"http://127.0.0.1:{settings.rasa_port}").text("what are milia")
            assert text == content.fill(content.conversation.apology)
    finally:
        end([process for _, _, process in running])


def model_from(path, folder):
    """A Rasa server with another model file."""
    settings = own_settings(str(folder))
    rasa = parts(settings)[1]
    command = [str(path) if part.endswith("clinic.tar.gz") else part for part in rasa.command]
    return settings, rasa, start(replace(rasa, command=tuple(command)), settings)
