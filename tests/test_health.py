"""clinic.channels.health: alive, ready, and numbers without a patient in them."""

import json
import urllib.error
import urllib.request

import pytest

from clinic.before_start import prepare_database
from clinic.metrics import CHANNELS, count, turns_total
from clinic.serve import end, parts, start, wait_until_ready
from evaluation.bot import Bot, own_settings


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Both servers, and their settings."""
    settings = own_settings(str(tmp_path_factory.mktemp("database")))
    prepare_database(settings)
    mine = parts(settings)[:2]
    processes = [start(part, settings) for part in mine]
    for part, process in zip(mine, processes, strict=True):
        wait_until_ready(part, process)
    yield settings, processes
    end(processes)


def get(settings, path):
    try:
        address = f"http://127.0.0.1:{settings.rasa_port}{path}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_alive_and_ready(running):
    settings, _ = running
    assert get(settings, "/healthz") == (200, '{"alive":true}')
    status, body = get(settings, "/readyz")
    assert status == 200
    assert json.loads(body) == {
        "ready": True,
        "model": "ok",
        "store": "ok",
        "actions": "ok",
        "waiting_seconds": {"inbox": 0.0, "outbox": 0.0},
        "late": [],
    }


def test_turns_are_counted_without_a_word_of_the_patient(running):
    settings, _ = running
    bot = Bot(f"http://127.0.0.1:{settings.rasa_port}")
    bot.text("does freezing hurt", "ann-of-the-metrics")
    bot.text("i think i burnt my eye and cannot see", "ann-of-the-metrics")
    bot.text("how much does it cost", "ann-of-the-metrics")
    _, metrics = get(settings, "/metrics")
    assert 'clinic_turns_total{channel="rest",outcome="answered"} 1.0' in metrics
    assert 'clinic_turns_total{channel="rest",outcome="urgent"} 1.0' in metrics
    assert 'clinic_turns_total{channel="rest",outcome="handed_over"} 1.0' in metrics
    assert "clinic_turn_seconds_count 3.0" in metrics
    assert "clinic_inbox_age_seconds 0.0" in metrics
    for word in ("ann-of-the-metrics", "freezing", "burnt"):
        assert word not in metrics


def test_not_ready_without_the_action_server_nor_the_database(running):
    settings, processes = running
    processes[0].kill()
    processes[0].wait()
    status, body = get(settings, "/readyz")
    assert status == 503
    assert json.loads(body)["actions"] == "ClientConnectorError"
    assert get(settings, "/healthz")[0] == 200


def test_channel_that_nobody_knows_is_counted_as_other():
    before = turns_total.labels("other", "answered")._value.get()
    count("x" * 50, "answered", 0.1)
    assert turns_total.labels("other", "answered")._value.get() == before + 1
    assert "other" not in CHANNELS
