"""PostgreSQL is down, restarted, killed, frozen, locked or read-only: the patient hears a sentence
in time, a true one, and the conversation goes on where it was.
"""

import json
import re
import threading
import time
import urllib.request
import uuid
from dataclasses import replace
from functools import partial
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import create_engine, text

from clinic.before_start import prepare_database
from clinic.booking.deliver import Delivery
from clinic.booking.outbox import Outbox
from clinic.database import open_database
from clinic.serve import end, free_port, parts, wait_until_ready
from evaluation.window import Window
from tests.booking import CIPHER, a_request
from tests.canary import EMAIL, ID, NAME, NUMBER, STORY, canaries_in, start_talking
from tests.hurt_database import LONGEST, Clinic
from tests.proxy import proxy
from tests.team import Way


@pytest.fixture(scope="module")
def clinic(content, tmp_path_factory):
    log = tmp_path_factory.mktemp("clinic") / "output"
    # Not below pytest's folder: PostgreSQL runs as another account where the tests run as root.
    with TemporaryDirectory() as folder:
        yield from _running(Clinic(folder, content, log))


def _running(clinic):
    prepare_database(clinic.settings)
    # The bot starts while the database is down, as after a power cut.
    clinic.down()
    try:
        clinic.start()
        yield clinic
    finally:
        end(clinic.processes)
        clinic.server.cleanup()


@pytest.fixture(autouse=True)
def silent(clinic):
    """Nothing private in all that the processes wrote until now, whatever failed."""
    yield
    assert "rasa" in clinic.log.read_text(encoding="utf-8", errors="replace")
    assert canaries_in(clinic.log) == []


def goes_on(clinic, patient):
    """The thread of the conversation is still there: the question is asked of another treatment."""
    return "skin peel" in clinic.say("and peels?", patient).lower()


def test_database_that_is_down_at_the_start(clinic):
    assert clinic.is_sorry("ann")
    clinic.up()
    assert "minimal discomfort" in clinic.say("does freezing hurt", "ann")
    assert goes_on(clinic, "ann")


def test_connections_that_are_cut_are_not_noticed(clinic):
    clinic.say("does freezing hurt", "ben")
    clinic.cut()
    assert goes_on(clinic, "ben")


def test_database_that_is_restarted(clinic):
    clinic.say("does freezing hurt", "cat")
    clinic.down()
    assert clinic.is_sorry("cat")
    clinic.up()
    assert goes_on(clinic, "cat")


def test_database_that_is_killed(clinic):
    clinic.say("does freezing hurt", "dan")
    clinic.kill()
    assert clinic.is_sorry("dan")
    clinic.up()
    assert goes_on(clinic, "dan")


@pytest.mark.parametrize("seconds", [0.02, 0.1])
def test_database_that_is_killed_in_the_middle_of_turns(clinic, seconds):
    """What patients write meanwhile stays private; it is answered when the database is back."""
    windows = [Window(clinic.bot.address) for _ in range(3)]
    for window in windows:
        window.open()
    words = f"i am {NAME}, {STORY}, my number is {NUMBER}"
    patients = [partial(clinic.say, words, f"{n}-{seconds}") for n in range(3)]
    patients += [partial(post, window, words) for window in windows]
    threads = [threading.Thread(target=patient) for patient in patients]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    clinic.kill()
    refused = [post(window, f"delete my data, {EMAIL}") for window in windows]
    clinic.up()
    for thread in threads:
        thread.join()
    assert [(one.status_code, one.json()["error"]) for one in refused] == [(503, "unavailable")] * 3
    again = Window(clinic.bot.address)
    again.open()
    # A database that is just up may still refuse a turn: the patient hears it and tries again.
    replies = (again.say("does freezing hurt")[-1]["text"] for _ in range(3))
    assert any("minimal discomfort" in reply for reply in replies)


def post(window, words):
    """Send a message at the window without waiting for what is streamed back."""
    answer = window.post("messages", {"id": str(uuid.uuid4()), "text": words}, stream=True)
    if answer.ok:
        answer.close()
    return answer


def test_database_that_only_reads(clinic):
    clinic.say("does freezing hurt", "eve")
    clinic.psql(f"ALTER DATABASE {clinic.name} SET default_transaction_read_only = on")
    clinic.cut()
    assert clinic.say("what are milia", "eve") == clinic.apology
    clinic.psql(f"ALTER DATABASE {clinic.name} RESET default_transaction_read_only")
    clinic.cut()
    assert goes_on(clinic, "eve")


def test_database_that_freezes(clinic):
    clinic.say("does freezing hurt", "fay")
    with clinic.frozen():
        assert clinic.is_sorry("fay")
    assert goes_on(clinic, "fay")


def test_table_that_is_locked_by_somebody(clinic):
    clinic.say("does freezing hurt", "gus")
    engine = create_engine(clinic.address, future=True)
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE turns IN ACCESS EXCLUSIVE MODE"))
        assert clinic.is_sorry("gus")
    engine.dispose()
    assert goes_on(clinic, "gus")


def at_the_check_page(clinic, patient):
    opening = f"I would like to book a consultation. I'm {patient.title()}, 07400 123456, Fridays"
    clinic.say(opening, patient)
    assert "Shall I send it?" in clinic.say("yes", patient)


def reference_of(clinic, patient):
    """The reference of the one request of a patient, and of no other one."""
    [kept] = [one for one in clinic.store.all() if one.conversation == f"{ID}-{patient}"]
    return f"Your reference is {kept.reference}."


def test_request_that_is_sent_while_the_database_is_killed(clinic):
    at_the_check_page(clinic, "ivy")
    clinic.kill()
    assert clinic.say("Send", "ivy") == clinic.apology
    clinic.up()
    said = clinic.say("Send", "ivy")
    assert reference_of(clinic, "ivy") in said


def test_request_that_the_store_alone_does_not_take(clinic, content):
    at_the_check_page(clinic, "jim")
    engine = create_engine(clinic.address, future=True)
    with engine.begin() as connection:
        connection.execute(text("LOCK TABLE requests IN ACCESS EXCLUSIVE MODE"))
        assert clinic.say("Send", "jim") == content.fill(content.booking.lines["not_saved"])
    engine.dispose()
    said = clinic.say("Send", "jim")
    assert reference_of(clinic, "jim") in said


def test_delivery_that_starts_while_the_database_is_gone(clinic):
    kept, way = clinic.store.send("key of kim", a_request(name="Kim")), Way()
    clinic.down()
    delivery = Delivery(Outbox(open_database(clinic.address), CIPHER), [way])
    thread = threading.Thread(target=delivery.run)
    thread.start()
    time.sleep(1)
    clinic.up()
    until = time.monotonic() + LONGEST
    while kept.reference not in way.brought and time.monotonic() < until:
        time.sleep(0.1)
    delivery.stop.set()
    thread.join()
    assert way.brought.count(kept.reference) == 1


def test_action_server_that_is_killed(clinic):
    clinic.say("does freezing hurt", "hal")
    clinic.restart(0)
    assert goes_on(clinic, "hal")


def test_rasa_server_that_is_killed_behind_the_proxy(clinic, tmp_path):
    """Two Rasa servers on one database: the conversation goes on with the other one, at once."""
    second = replace(clinic.settings, rasa_port=free_port())
    part = parts(second)[1]
    clinic.processes.append(start_talking(part, second, clinic.log))
    wait_until_ready(part, clinic.processes[-1])
    ports = [clinic.settings.rasa_port, second.rasa_port]
    with proxy(str(tmp_path), ports) as address:
        through = Through(address, session="0" * 31 + "7")
        before = [turns_served(port) for port in ports]
        for words in ("what are milia", "price?", "what causes them"):
            assert through.say(words) != clinic.apology
        served = [turns_served(port) - n for port, n in zip(ports, before, strict=True)]
        assert sorted(served) == [0, 3], "one patient, one process"
        first = served.index(3)
        clinic.processes[1 + first].kill()
        clinic.processes[1 + first].wait()
        assert "minimal discomfort" in through.say("does freezing hurt")
        assert "skin peel" in through.say("and peels?").lower()


class Through:
    """A patient whose messages come through the proxy, which knows the session by its token."""

    def __init__(self, address, session):
        self.address, self.session = address, session

    def say(self, words):
        body = json.dumps({"sender": f"web-{self.session}", "message": words}).encode()
        head = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer v1.{self.session}.9.x",
        }
        request = urllib.request.Request(f"{self.address}/webhooks/rest/webhook", body, head)
        with urllib.request.urlopen(request, timeout=LONGEST) as answer:
            return json.load(answer)[0]["text"]


def turns_served(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=LONGEST) as answer:
        found = re.search(r"^clinic_turn_seconds_count (\S+)", answer.read().decode(), re.MULTILINE)
    return float(found[1])
