"""actions: a real action server, asked over HTTP as Rasa asks it."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import asdict

import pytest

from clinic.answers import Asked, reply
from clinic.memory import Memory
from clinic.serve import answers, end, free_port
from clinic.settings import PROJECT

# A word of a patient that must stand in no log.
CANARY = "zebedee-7946-canary"


class ActionServer:
    """An action server of its own, and what it writes."""

    def __init__(self, log, **variables):
        self.log, self.port = log, free_port()
        command = ["-m", "rasa_sdk", "--actions", "actions", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=PROJECT,
            env={**os.environ, "SANIC_HOST": "127.0.0.1", "PYTHONUNBUFFERED": "1", **variables},
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while not answers(f"http://127.0.0.1:{self.port}/health"):
            assert time.monotonic() < until, self.output()
            time.sleep(0.1)

    def output(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def ask(self, questions, slots=None, action="action_answer_question"):
        """What Rasa sends for a message; returns the status and what comes back."""
        message = {
            "text": CANARY,
            "intent": {"name": "pain"},
            "entities": [],
            "questions": questions,
        }
        tracker = {
            "sender_id": "patient",
            "slots": {"introduced": True, **(slots or {})},
            "latest_message": message,
            "events": [{"event": "user", "text": CANARY, "parse_data": message}],
            "paused": False,
            "active_loop": {},
        }
        call = {"next_action": action, "sender_id": "patient", "tracker": tracker, "domain": {}}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/webhook",
            json.dumps(call).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = ActionServer(tmp_path_factory.mktemp("actions") / "log")
    yield server
    end([server.process])


def question(topic, text="does it hurt", treatments=(), rest=""):
    """A question as clinic.nlu.questions writes it into the message."""
    return {
        "text": text,
        "topic": topic,
        "likely": ["pain", "price"],
        "treatments": list(treatments),
        "rest": rest,
    }


def slots_in(answer):
    return {event["name"]: event["value"] for event in answer["events"] if event["event"] == "slot"}


def as_slots(memory):
    return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(memory).items()}


def test_server_offers_the_one_action(server):
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/actions") as response:
        assert json.load(response) == [{"name": "action_answer_question"}]


def test_patient_hears_the_answer_in_one_message(server, content):
    status, answer = server.ask([question("pain", treatments=["peels"])])
    assert status == 200
    [message] = answer["responses"]
    assert message["text"] == reply([Asked("pain", ("peels",))], content).text


def test_button_sends_the_words_it_shows(server, content):
    _, answer = server.ask([question("definition")])
    offered = reply([Asked("definition")], content).offered
    assert answer["responses"][0]["buttons"] == [
        {"title": content.ask(topic), "payload": content.ask(topic)} for topic in offered
    ]


def test_urgent_card_has_no_buttons(server, content):
    _, answer = server.ask([question("urgent_sign"), question("pain")])
    [message] = answer["responses"]
    assert message["text"] == reply([Asked("urgent_sign")], content).text
    assert message["buttons"] == []


def test_chat_window_is_told_what_a_reply_is(server, content):
    def shown(*questions):
        return server.ask(list(questions))[1]["responses"][0]["show"]

    assert shown(question("definition")) == {"kind": "answer", "topics": ["definition"]}
    card = content.urgent.cards["urgent_sign"]
    assert shown(question("urgent_sign"))["heading"] == card.heading
    compared = shown(question("results_time"))
    assert compared["columns"] == ["Treatment", content.ask("results_time")]
    assert ["Cryotherapy (freezing)", "1 to 2 weeks"] in compared["rows"]


def test_memory_comes_back_as_slots(server):
    _, answer = server.ask([question("pain", treatments=["peels"])])
    wanted = Memory(
        topic="pain", treatments=("peels",), offered=("downtime", "booking"), introduced=True
    )
    assert slots_in(answer) == as_slots(wanted)


def test_slots_are_the_memory_of_the_next_turn(server, content):
    # Rasa keeps a float slot as 1.0.
    slots = {"topic": "pain", "treatments": ["peels"], "turns_since_named": 1.0, "offered": None}
    _, answer = server.ask([question("results_time", "how soon does it work")], slots)
    assert (
        answer["responses"][0]["text"] == reply([Asked("results_time", ("peels",))], content).text
    )


def test_unsure_twice_is_counted(server, content):
    unsure = [question("nlu_fallback", "hm")]
    _, first = server.ask(unsure)
    assert first["responses"][0]["text"].startswith(content.conversation.did_you_mean)
    _, second = server.ask(unsure, slots_in(first))
    assert second["responses"][0]["text"].startswith(content.conversation.say_it_differently)
    assert slots_in(second)["times_unsure"] == 2


@pytest.mark.parametrize(
    "questions",
    [
        CANARY,
        [CANARY],
        [{"text": CANARY}],
        [{"text": CANARY, "topic": CANARY}],
        [{**question("pain"), "unknown": CANARY}],
        [question("pain", treatments=[CANARY])],
        [question(5)],
        {"text": CANARY},
        7,
    ],
    ids=repr,
)
def test_patient_hears_an_apology_when_the_questions_are_garbage(questions, server, content):
    status, answer = server.ask(questions)
    assert status == 200
    [message] = answer["responses"]
    assert message["text"] == content.fill(content.conversation.apology)
    assert content.clinic.telephone in message["text"]


def test_slots_that_cannot_be_read_are_begun_anew(server, content):
    slots = {"topic": "a topic that is gone", "offered": ["another"], "treatments": 5.0}
    status, answer = server.ask([question("pain")], slots)
    assert status == 200
    assert answer["responses"][0]["text"] == content.fill(content.conversation.apology)
    assert slots_in(answer) == as_slots(Memory())


@pytest.mark.parametrize("questions", [[], None])
def test_message_without_questions_is_asked_back(questions, server, content):
    _, answer = server.ask(questions)
    assert answer["responses"][0]["text"].startswith(content.conversation.did_you_mean)


def test_unknown_action_is_refused(server):
    status, answer = server.ask([question("pain")], action="action_nobody_knows")
    assert status == 404
    assert answer["action_name"] == "action_nobody_knows"


def test_output_names_the_failure_and_holds_no_words_of_the_patient(server):
    server.ask([question("pain")])
    server.ask([question("pain", treatments=[CANARY])])
    server.ask(CANARY)
    assert "action_answer_question failed: KeyError at content.py:" in server.output()
    assert CANARY not in server.output()


def test_missing_content_is_said_by_the_server(tmp_path):
    server = ActionServer(tmp_path / "log", CLINIC_CONTENT=str(tmp_path / "none"))
    try:
        status, _ = server.ask([question("pain")])
        assert status == 500
        assert f"milia.yml:0: is missing from {tmp_path}/none" in server.output()
        assert CANARY not in server.output()
    finally:
        end([server.process])
