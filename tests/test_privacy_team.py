"""clinic.privacy.team: the team hears which of the requests that they have are to be deleted."""

import json

import pytest

from clinic.booking.notify import as_text, payload
from clinic.booking.outbox import Outbox
from clinic.privacy.team import KIND
from tests.booking import CIPHER, NUMBER, Patient
from tests.patients import Patient as Belongings

WAYS = ("webhook", "email")


@pytest.fixture
def booked(content, database):
    """A patient whose request is stored; its note waits."""
    patient = Patient(content, database, conversation="web-booked")
    patient.books("Send")
    return patient


@pytest.fixture
def outbox(database):
    return Outbox(database, CIPHER)


def forget(patient):
    patient.types("delete my data")
    return patient.types("Yes, delete it").text


def test_a_request_that_the_team_has_is_named_to_them_and_nothing_else_is(booked, outbox):
    reference = booked.kept()[0].reference
    outbox.done(outbox.claim(WAYS))
    said = forget(booked)
    note = outbox.claim(WAYS)
    assert (note.kind, note.reference) == (KIND, reference)
    assert set(note.about) == {"reference", "asked_under"}
    assert note.about["asked_under"] in said
    for shown in (payload(note, note.created_at), as_text(note)):
        assert reference in shown
        assert not any(word in shown for word in ("Priya", NUMBER, "Fridays", "web-booked"))
    assert json.loads(payload(note, note.created_at))["type"] == KIND
    assert outbox.claim(WAYS) is None


def test_a_request_that_never_left_is_simply_gone(booked, outbox):
    forget(booked)
    assert outbox.claim(WAYS) is None
    assert booked.kept() == []


@pytest.mark.parametrize("fate", ["on its way", "failed once"])
def test_a_request_that_may_have_arrived_counts_as_one_that_did(fate, booked, outbox):
    note = outbox.claim(WAYS)
    if fate == "failed once":
        outbox.failed(note, "timeout", ("webhook",))
    forget(booked)
    assert outbox.claim(WAYS).kind == KIND


def test_several_notes_about_one_request_are_one_reference(booked, outbox):
    booked.types("make it Mondays")
    booked.types("Send")
    while note := outbox.claim(WAYS):
        outbox.done(note)
    forget(booked)
    forget(booked)
    assert outbox.claim(WAYS).kind == KIND
    assert outbox.claim(WAYS) is None


def test_the_note_belongs_to_no_conversation(booked, outbox, database, clock):
    outbox.done(outbox.claim(WAYS))
    forget(booked)
    gone = Belongings(database, clock)
    gone.name = booked.about["conversation"]
    # The order itself knows it until it is settled.
    assert set(gone.rows()) == {"privacy_orders"}


# An open form goes on.


@pytest.mark.parametrize("answer", ["No, keep it", "no"])
def test_after_the_data_are_kept_the_form_asks_its_question_again(answer, content, database):
    patient = Patient(content, database)
    patient.types("I would like an appointment", "booking")
    asked = patient.types("A consultation")
    patient.types("delete my data")
    said = patient.types(answer, "refusal")
    assert said.text.startswith(content.privacy.kept)
    assert said.text.endswith(asked.text)
    assert said.buttons == asked.buttons
    assert patient.types("yes").text == content.booking.questions["name"]


def test_after_it_is_told_what_is_held_the_form_asks_its_question_again(content, database):
    patient = Patient(content, database)
    patient.types("I would like an appointment", "booking")
    asked = patient.types("A consultation")
    said = patient.types("what do you hold on me?")
    assert content.privacy.reference in said.text
    assert said.text.endswith(asked.text)


def test_outside_a_form_nothing_is_asked_after_it(booked, content):
    for typed in ("delete my data", "No, keep it"):
        said = booked.types(typed)
    assert said.text == content.privacy.kept
    assert said.buttons == ()
