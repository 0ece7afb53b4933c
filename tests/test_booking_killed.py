"""The process that stores a request is killed with SIGKILL at a set point of its transaction, on
SQLite and on PostgreSQL. The patient, who heard nothing, sends again: one request, one note to the
team, and what they are told is true.
"""

import os
import signal

import pytest
from sqlalchemy import event, select

from clinic.booking.tables import notes
from tests.booking import Patient
from tests.patient_books import line, reference_in
from tests.stored import claim, clock, engine, outbox, store

__all__ = ["clock", "engine", "outbox", "store"]
# Each point of the transaction, and whether the request is stored when the process dies there.
POINTS = {
    "at the begin": False,
    "after the request": False,
    "after the note": False,
    "at the commit": False,
    "after the commit": True,
}


def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def dies(engine, point):
    """From now on this process dies at a point of its next transaction."""
    if point == "at the begin":
        event.listen(engine, "begin", die)
    elif point == "at the commit":
        event.listen(engine, "commit", die)
    elif point == "after the commit":
        commit = engine.dialect.do_commit
        engine.dialect.do_commit = lambda connection: (commit(connection), die())
    else:
        table = {"after the request": "requests", "after the note": "notes"}[point]
        event.listen(
            engine,
            "after_cursor_execute",
            lambda *told: told[2].startswith(WRITES[table]) and die(),
        )


WRITES = {
    "requests": ("INSERT INTO requests", "UPDATE requests"),
    "notes": ("INSERT INTO notes",),
}


def in_a_process_that_dies(engine, point, deed):
    """Do something in a process of its own, which must be killed at the point."""
    engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            signal.alarm(20)
            dies(engine, point)
            deed()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


def notes_about(engine, reference):
    with engine.connect() as connection:
        wanted = select(notes.c.kind).where(notes.c.reference == reference)
        return list(connection.execute(wanted.order_by(notes.c.created_at)).scalars())


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_a_request_is_stored(point, content, engine, store):
    patient = Patient(content, engine)
    patient.books()
    in_a_process_that_dies(engine, point, lambda: patient.types("Send"))
    assert len(store.all()) == POINTS[point]
    said = patient.types("Send")
    [kept] = store.all()
    assert reference_in(said) == kept.reference
    assert said.text.startswith(line(patient, "saved"))
    assert notes_about(engine, kept.reference) == ["request.created"]


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_a_change_is_stored(point, content, engine, store):
    patient = Patient(content, engine)
    reference = reference_in(patient.books("Send")[0])
    patient.types("actually make it Monday", "booking_change")
    in_a_process_that_dies(engine, point, lambda: patient.types("Send"))
    assert reference_in(patient.types("Send")) == reference
    [kept] = store.all()
    assert [change["wish"] for change in kept.about["changes"]] == ["Monday"]
    assert notes_about(engine, reference) == ["request.created", "request.changed"]


@pytest.mark.parametrize("point", ["at the begin", "at the commit", "after the commit"])
def test_killed_while_a_delivery_is_noted(point, content, engine, store, outbox, clock):
    """The team may get the note again, and knows it by its id; it is never forgotten."""
    Patient(content, engine).books("Send")
    clock.go(days=365)
    note = claim(outbox)
    in_a_process_that_dies(engine, point, lambda: outbox.done(note))
    clock.go(minutes=1)
    again = outbox.claim(("webhook", "email"))
    assert (again is None) == POINTS[point]
    assert not again or again.first == note.first
