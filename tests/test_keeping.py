"""clinic.privacy.keeping: the bot deletes by itself what is due."""

import threading
from dataclasses import replace
from datetime import timedelta

from clinic.privacy.keeping import Keeping, start_keeping
from clinic.settings import Settings
from tests.patients import everything


def run(settle, purge, look, between, seconds):
    keeping = Keeping(settle, purge)
    threading.Timer(seconds, keeping.stop.set).start()
    keeping.run(look, between)


def test_orders_are_looked_at_often_and_the_purge_runs_rarely():
    done = []
    run(lambda: done.append("settle"), lambda: done.append("purge"), 0.02, 1000, 0.3)
    assert done[:2] == ["settle", "purge"]
    assert done.count("purge") == 1
    assert done.count("settle") > 2


def test_what_fails_is_tried_again(caplog):
    tries = []

    def fail():
        tries.append(1)
        if len(tries) < 3:
            raise ValueError("Priya, 07400 123456")

    run(lambda: None, fail, 0.02, 1000, 0.3)
    assert len(tries) == 3
    assert "Priya" not in caplog.text


def test_a_running_bot_carries_out_orders_and_purges(patient):
    everything(patient)
    patient.orders.forget(patient.name)
    settings = replace(Settings.from_environment(), database=str(patient.engine.url))
    patient.clock.time += timedelta(days=0)
    keeping = start_keeping(settings)
    gone = threading.Event()
    for _ in range(100):
        if not patient.rows() or gone.wait(0.05):
            break
    keeping.stop.set()
    # The patient wrote weeks ago by the clock of the tests.
    assert patient.rows() == {}
