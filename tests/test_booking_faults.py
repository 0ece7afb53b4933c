"""The database fails in every way, and the action server is killed around the commit: a patient is
never told of a reference that is not there, and the same Send works later.
"""

import json
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text

from clinic import database
from clinic.booking.draft import Draft
from clinic.booking.store import RequestStore
from clinic.errors import NotSavedError
from clinic.serve import end, free_port
from tests.booking import CIPHER, NUMBER, a_request
from tests.databases import fresh_postgresql, opened
from tests.test_actions import ActionServer


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A database with its tables; who waits for it gives up soon."""
    monkeypatch.setattr(database, "BUSY", 0.3)
    with opened(f"sqlite:///{tmp_path}/clinic.sqlite3") as engine:
        yield engine


def sends(engine):
    return RequestStore(engine, CIPHER).send("key", a_request())


def refuses(engine):
    with pytest.raises(NotSavedError):
        sends(engine)


def test_locked(place):
    other = sqlite3.connect(place.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refuses(place)
    other.execute("ROLLBACK")
    assert sends(place)


def test_full(place):
    def small(connection, _):
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(place, "connect", small)
    place.dispose()
    with pytest.raises(NotSavedError):
        for n in range(200):
            RequestStore(place, CIPHER).send(f"key {n}", a_request(times=f"{n} {'x' * 400}"))
    before = len(rows(place))
    event.remove(place, "connect", small)
    place.dispose()
    assert sends(place)
    assert len(rows(place)) == before + 1


def test_read_only(place):
    only = database.open_database(f"sqlite:///file:{place.url.database}?mode=ro&uri=true")
    refuses(only)
    assert sends(place)


def test_damaged(place):
    place.dispose()
    with open(place.url.database, "r+b") as file:
        file.write(b"\0" * 4096)
    refuses(place)


def test_postgresql_that_is_not_there():
    engine = database.open_database(f"postgresql://nobody@127.0.0.1:{free_port()}/clinic")
    began = time.monotonic()
    refuses(engine)
    assert time.monotonic() - began < 60


def test_postgresql_that_ends_all_connections(postgresql):
    with opened(fresh_postgresql(postgresql)) as engine:
        first = sends(engine)
        with opened(postgresql) as other, other.begin() as connection:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            connection.execute(text(ends), {"name": engine.url.database})
        assert sends(engine) == first


# The action server is killed. What Rasa would send stands below, as it does when the patient taps
# Send at the check page.


class BookingServer(ActionServer):
    """A real action server on a database of its own."""

    def __init__(self, folder, engine):
        super().__init__(folder / "log", CLINIC_DATABASE=str(engine.url))

    def send(self):
        """Tap Send; returns what the patient hears, or nothing where the server died."""
        draft = Draft(
            kind="consultation",
            asking="check",
            adult="yes",
            name="Priya",
            way="telephone",
            contact=NUMBER,
            times="Fridays",
            key="the key of the check page",
            touched=datetime.now(UTC).isoformat(),
        )
        message = {"text": "Send", "intent": {"name": "nlu_fallback"}, "entities": []}
        slots = {"draft": asdict(draft), "introduced": True}
        tracker = {"sender_id": "web-12345678", "slots": slots, "events": []}
        tracker |= {"latest_message": message, "paused": False, "active_loop": {}}
        call = {"next_action": "action_answer_question", "sender_id": "web-12345678"}
        body = json.dumps({**call, "tracker": tracker, "domain": {}}).encode()
        where = f"http://127.0.0.1:{self.port}/webhook"
        request = urllib.request.Request(where, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return json.load(response)["responses"][0]
        except (OSError, urllib.error.URLError, json.JSONDecodeError):
            return None


def rows(engine):
    return RequestStore(engine, CIPHER).all()


@pytest.fixture
def server(tmp_path, place):
    started = []

    def start():
        started.append(BookingServer(tmp_path, place))
        return started[-1]

    yield start
    end([one.process for one in started])


def in_the_background(server):
    thread = threading.Thread(target=server.send)
    thread.start()
    return thread


def test_killed_before_the_commit(server, place):
    first = server()
    # The database is held, so the action waits inside of its transaction.
    other = sqlite3.connect(place.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    thread = in_the_background(first)
    time.sleep(1)
    first.process.kill()
    thread.join()
    other.execute("ROLLBACK")
    assert rows(place) == []
    assert server().send()["show"]["reference"] == rows(place)[0].reference


def test_killed_after_the_commit(server, place):
    first = server()
    thread = in_the_background(first)
    until = time.monotonic() + 30
    while not rows(place) and time.monotonic() < until:
        time.sleep(0.001)
    first.process.kill()
    thread.join()
    [kept] = rows(place)
    assert server().send()["show"]["reference"] == kept.reference
    assert len(rows(place)) == 1


def test_two_sends_at_once_and_a_store_that_is_locked_for_a_while(server, place, content):
    running = server()
    heard = []
    threads = [threading.Thread(target=lambda: heard.append(running.send())) for _ in range(4)]
    other = sqlite3.connect(place.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    other.execute("ROLLBACK")
    for thread in threads:
        thread.join()
    [kept] = rows(place)
    assert {one["show"]["reference"] for one in heard} == {kept.reference}


def test_store_that_stays_locked_is_said_and_the_log_holds_no_name(server, place, content):
    running = server()
    other = sqlite3.connect(place.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    heard = running.send()
    other.execute("ROLLBACK")
    assert heard["text"] == content.fill(content.booking.lines["not_saved"])
    assert "a booking request was not saved" in running.output()
    assert "Priya" not in running.output()
    assert rows(place) == []
