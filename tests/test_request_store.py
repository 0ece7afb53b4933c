"""clinic.booking.store, the same tests on SQLite and on a real PostgreSQL."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import text

from clinic.booking.request import AmendRequest
from clinic.errors import NotSavedError, RefusedError
from tests.booking import NOON, a_request
from tests.stored import claim, clock, engine, outbox, store

__all__ = ["clock", "engine", "outbox", "store"]


# The record.


def test_request_and_note_are_stored_together(store, outbox):
    receipt = store.send("key", a_request())
    kept = store.find(receipt.reference)
    assert (kept.kind, kept.state, kept.created_at) == ("consultation", "new", NOON)
    assert kept.about["name"] == "Priya"
    note = claim(outbox)
    assert (note.reference, note.kind, note.about["name"]) == (
        receipt.reference,
        "request.created",
        "Priya",
    )


def test_note_that_cannot_be_stored_takes_the_request_with_it(store, engine):
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE notes RENAME TO away"))
    with pytest.raises(NotSavedError):
        store.send("key", a_request())
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE away RENAME TO notes"))
    assert store.all() == []


def test_personal_fields_are_sealed(store, engine):
    store.send("key", a_request(times="a very private Friday", questions=("canary",)))
    with engine.connect() as connection:
        for table in ("requests", "notes"):
            rows = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            for secret in ("Priya", "07400", "447400", "private", "canary"):
                assert secret not in rows


def test_same_key_is_one_request(store):
    first, second = (store.send("key", a_request()) for _ in range(2))
    assert first == second
    assert len(store.all()) == 1


def test_same_key_with_another_line_changes_the_request(store, outbox):
    first = store.send("key", a_request())
    second = store.send("key", a_request(times="Mondays"))
    assert first.reference == second.reference
    assert [kept.about["times"] for kept in store.all()] == ["Mondays"]
    assert {note["kind"] for note in outbox.of(first.reference)} == {
        "request.created",
        "request.changed",
    }


@pytest.mark.parametrize(
    ("changes", "minutes", "same"),
    [
        ({}, 29, True),
        ({"name": " PRIYA "}, 5, True),
        ({}, 31, False),
        ({}, -20, True),
        ({"times": "Mondays"}, 5, False),
        ({"stored": "+447400654321"}, 5, False),
        ({"kind": "call_back"}, 5, False),
    ],
)
def test_same_patient_with_the_same_wish_is_one_request(store, clock, changes, minutes, same):
    first = store.send("one", a_request())
    clock.go(minutes=minutes)
    second = store.send("two", a_request(**changes))
    assert (second.reference == first.reference) is second.known_before is same


def test_closed_request_does_not_swallow_a_new_one(store):
    first = store.send("one", a_request())
    store.mark(first.reference, "closed")
    assert store.send("two", a_request()).reference != first.reference


@pytest.mark.parametrize("keys", [["one"] * 8, [f"key {n}" for n in range(8)]], ids=["key", "wish"])
def test_many_sends_at_once_are_one_request(store, keys):
    got, start = [], threading.Barrier(len(keys))

    def send(key):
        start.wait()
        got.append(store.send(key, a_request()).reference)

    threads = [threading.Thread(target=send, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == len(keys)
    assert len(set(got)) == 1 == len(store.all())


def amendment(reference, **changes):
    order = AmendRequest("change", reference, "+447400123456", "Thursday", False, "web-2")
    return replace(order, **changes)


def test_change_goes_to_the_team_once(store, outbox):
    reference = store.send("key", a_request()).reference
    assert [store.amend(amendment(reference)) for _ in range(2)] == ["amended"] * 2
    kinds = [note["kind"] for note in outbox.of(reference)]
    assert kinds.count("request.changed") == 1


def test_wrong_contact_finds_nothing(store):
    reference = store.send("key", a_request()).reference
    assert store.amend(amendment(reference, stored="+447400999999")) == "not_found"
    assert store.amend(amendment("KC-000000")) == "not_found"


def test_cancelled_request_is_cancelled_and_then_over(store):
    reference = store.send("key", a_request()).reference
    assert store.amend(amendment(reference, withdraw=True)) == "withdrawn"
    assert store.find(reference).state == "cancelled"
    assert store.amend(amendment(reference, key="later")) == "done_already"


def test_staff_confirm_a_time_and_the_team_is_told(store, outbox):
    reference = store.send("key", a_request()).reference
    assert store.mark(reference, "confirmed", NOON)
    kinds = [note["kind"] for note in outbox.of(reference)]
    assert sorted(kinds) == ["request.confirmed", "request.created"]
    assert not store.mark("KC-000000", "closed")
    with pytest.raises(RefusedError):
        store.mark(reference, "lost")
