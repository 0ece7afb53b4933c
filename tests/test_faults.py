"""Parts are missing, hang or talk nonsense: the patient still hears how to reach the team."""

import http.server
import os
import threading
from dataclasses import replace

import pytest

from clinic.serve import end, free_port, parts, prepare_database, start, wait_until_ready
from clinic.settings import PROJECT, Settings
from evaluation.bot import Bot, own_settings

FAULT = {"mode": "none"}


class Faulty(http.server.BaseHTTPRequestHandler):
    """An action server that fails in the way that FAULT names."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        status, body = {
            "error": (500, b"{}"),
            "garbage": (200, b"<html>not json"),
            "wrong shape": (200, b'{"events": "none", "responses": 3}'),
            "silence": (200, b'{"events": [], "responses": []}'),
        }[FAULT["mode"]]
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Quiet."""


@pytest.fixture(scope="module")
def bot_without_actions(tmp_path_factory):
    """A Rasa server whose action server is whatever listens on the port that is yielded."""
    settings = own_settings(str(tmp_path_factory.mktemp("database")))
    prepare_database(settings)
    rasa = parts(settings)[1]
    process = start(rasa, settings)
    wait_until_ready(rasa, process)
    yield Bot(f"http://127.0.0.1:{settings.rasa_port}"), settings.actions_port
    end([process])


def test_no_action_server(bot_without_actions, content):
    bot, _ = bot_without_actions
    text = bot.text("does freezing hurt")
    assert text == content.fill(content.conversation.apology)
    assert content.clinic.telephone in text


@pytest.mark.parametrize("mode", ["error", "garbage", "wrong shape", "silence"])
def test_action_server_that_fails(bot_without_actions, content, mode):
    bot, port = bot_without_actions
    FAULT["mode"] = mode
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Faulty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert bot.text("what are milia") == content.fill(content.conversation.apology)
    finally:
        server.shutdown()
        server.server_close()


def test_after_recovery_the_conversation_goes_on(bot_without_actions, content):
    bot, port = bot_without_actions
    settings = replace(Settings.from_environment(), actions_port=port)
    bot.text("does freezing hurt", "patient-who-waits")
    actions = parts(settings)[0]
    process = start(actions, settings)
    try:
        wait_until_ready(actions, process)
        assert "minimal discomfort" in bot.text("does freezing hurt", "patient-who-waits")
        assert "skin peel" in bot.text("and peels?", "patient-who-waits")
    finally:
        end([process])


def test_four_quick_messages_of_one_patient_are_answered_in_order(bot_without_actions):
    bot, port = bot_without_actions
    settings = replace(Settings.from_environment(), actions_port=port)
    actions = parts(settings)[0]
    process = start(actions, settings)
    texts = {}
    try:
        wait_until_ready(actions, process)
        threads = [
            threading.Thread(target=lambda n=n, m=m: texts.update({n: bot.text(m, "quick")}))
            for n, m in enumerate(["what are milia", "does it hurt", "what causes them", "price?"])
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(texts) == [0, 1, 2, 3]
        assert all("went wrong" not in text for text in texts.values())
    finally:
        end([process])


def test_a_broken_model_file_is_one_clear_failure(tmp_path, capfd):
    broken = tmp_path / "clinic.tar.gz"
    broken.write_bytes(b"not a model")
    settings = replace(Settings.from_environment(), rasa_port=free_port(), actions_port=free_port())
    rasa = parts(settings)[1]
    command = [str(broken) if part.endswith("clinic.tar.gz") else part for part in rasa.command]
    process = start(replace(rasa, command=command), settings)
    try:
        wait_until_ready(rasa, process)
        text = Bot(f"http://127.0.0.1:{settings.rasa_port}").text("what are milia")
        assert "went wrong" in text
    finally:
        end([process])
    assert os.path.exists(PROJECT / "models" / "clinic.tar.gz")
