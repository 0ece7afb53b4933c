"""Patients who answer something else than what was asked: nothing that they told is lost, and no
request is mistaken for another one.
"""

import pytest

from tests.booking import ADDRESS, NUMBER, Patient
from tests.patient_books import database, line, patient, question, reference_in

__all__ = ["database", "patient"]


# A person is wanted: only how to reach the patient is asked, and what else they tell is taken.


def test_patient_who_wants_a_person_tells_when(patient):
    patient.types("I want to speak to someone", "person")
    said = patient.types("weds mornings", "out_of_scope")
    assert said.text == f"{line(patient, 'noted')}\n\n{question(patient, 'contact')}"
    assert "Days and times: weds mornings" in patient.types(NUMBER).text
    patient.types("actually make it friday", "booking_change")
    patient.types("I'm Tom Hardy")
    patient.types("Send")
    [kept] = patient.kept()
    assert (kept.about["times"], kept.about["name"]) == ("friday", "Tom Hardy")


def test_patient_who_wants_a_person_says_yes_to_be_contacted(patient):
    patient.types("can I talk to a person", "person")
    assert patient.types("yes", "agreement").text == question(patient, "contact")


def test_patient_who_wants_a_person_gives_no_number(patient):
    patient.types("can I talk to a person", "person")
    said = patient.types("I don't want to give my number", "privacy")
    assert said.text.endswith(question(patient, "email"))
    assert patient.content.clinic.telephone in patient.types("no").text
    assert patient.draft is None


def test_patient_asks_to_be_rung_with_name_and_number_in_one_message(patient):
    typed = f"can you ring me tomorrow morning? it's Dan on {NUMBER}"
    page = patient.types(typed, "out_of_scope")
    values = [row["value"] for row in page.show["rows"]]
    assert values == ["To hear from the team", NUMBER, "Dan", "tomorrow morning"]


def test_patient_who_leaves_nothing_but_a_number_hears_from_the_team(patient):
    assert patient.types(NUMBER, "out_of_scope").show["kind"] == "check"
    patient.types("send")
    assert patient.kept()[0].kind == "person"


def test_patient_wants_a_person_in_the_middle_and_keeps_the_day(patient):
    for typed in ("book me in for friday", "yes", "Jo"):
        patient.types(typed, "booking")
    said = patient.types("I want to talk to a real person", "person")
    assert line(patient, "go_on") not in said.text
    assert (patient.draft.kind, patient.draft.name, patient.draft.times) == (
        "person",
        "Jo",
        "friday",
    )


# Details before they are asked.


@pytest.mark.parametrize(
    "typed",
    [f"I would like an appointment, I'm Priya, {NUMBER}", "can I have an appointment on friday"],
)
def test_patient_who_tells_details_is_not_asked_for_the_kind(patient, typed):
    assert patient.types(typed, "booking").text.endswith(question(patient, "adult"))
    assert patient.draft.kind == "consultation"


def test_patient_who_is_asked_for_the_kind_tells_their_age(patient):
    patient.types("book an appointment for my mum", "booking")
    assert patient.types("yes she is 71").text == question(patient, "name")


def test_patient_who_wants_a_call_back_is_understood(patient):
    patient.types("I'd like a call back")
    assert patient.draft.kind == "call_back"


@pytest.mark.parametrize("typed", ["i'm 16", "I am only 17"])
def test_patient_who_tells_at_once_that_they_are_under_eighteen(patient, typed):
    said = patient.types(f"I'd like an appointment, {typed}", "booking")
    assert said.text == line(patient, "under_18")
    assert patient.draft is None


def test_day_is_noted_while_something_else_is_asked(patient):
    patient.types("book me in", "booking")
    said = patient.types("mornings please")
    assert said.text == f"{line(patient, 'noted')}\n\n{question(patient, 'adult')}"
    assert patient.draft.times == "mornings please"


def test_month_that_is_a_name_is_no_time(patient):
    for typed in ("book me in", "yes", "April"):
        patient.types(typed, "booking")
    assert (patient.draft.name, patient.draft.times) == ("April", "")


def test_send_before_the_check_page_sends_nothing(patient):
    patient.types("book me in", "booking")
    assert patient.types("Send").text.startswith(line(patient, "nothing_sent_yet"))
    assert patient.kept() == []


# A change of the request that is being made.


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("can I change it to friday", "friday"),
        ("can I change my appointment to thursday", "thursday"),
        ("i'd prefer friday afternoon", "friday afternoon"),
        ("I'd like to move it to tues please", "tues please"),
        ("could you ring me on weds mornings instead?", "weds mornings"),
        ("is friday ok?", "friday"),
    ],
)
def test_patient_changes_the_day_of_the_open_request(patient, typed, kept):
    patient.books()
    page = patient.types(typed, "booking_change")
    assert page.text.startswith(line(patient, "changed"))
    assert (patient.draft.kind, patient.draft.times) == ("consultation", kept)


def test_patient_wants_to_change_the_open_request(patient):
    patient.books()
    said = patient.types("change my appointment", "booking_change")
    assert said.text == question(patient, "part")


def test_patient_with_an_earlier_request_changes_that_one(patient):
    patient.books()
    patient.types("I need to move my other appointment", "booking_change")
    assert patient.draft.kind == "change"


def test_patient_who_cancels_the_open_request_hears_that_an_earlier_one_stays(patient):
    patient.books()
    said = patient.types("cancel my appointment", "booking_change")
    assert said.text == f"{line(patient, 'cancelled')}\n\n{line(patient, 'earlier_one')}"


# An earlier request.


def test_reference_alone_leads_to_the_change(patient, content, database):
    reference = reference_in(patient.books("Send")[0])
    later = Patient(content, database)
    later.types(f"I want to alter {reference}", "out_of_scope")
    later.types(NUMBER)
    later.types("can we make it thursday afternoon")
    assert reference_in(later.types("send")) == reference
    assert patient.kept()[0].about["changes"][0]["wish"] == "thursday afternoon"


def test_patient_cancels_an_earlier_request_in_one_message(patient, content, database):
    reference = reference_in(patient.books("Send")[0])
    later = Patient(content, database)
    typed = f"please cancel my request {reference}, my number is {NUMBER}"
    assert later.types(typed, "booking_change").show["kind"] == "check"
    later.types("yes")
    assert patient.kept()[0].state == "cancelled"


@pytest.mark.parametrize(
    "typed", ["don't cancel it, move it to friday", "I will not cancel, friday is better"]
)
def test_patient_who_does_not_want_to_cancel_is_not_cancelled(patient, content, database, typed):
    reference = reference_in(patient.books("Send")[0])
    later = Patient(content, database)
    later.types(f"about {reference}", "booking_change")
    later.types(NUMBER)
    later.types(typed)
    later.types("send")
    assert patient.kept()[0].state == "new"
    assert len(patient.kept()[0].about["changes"]) == 1


@pytest.mark.parametrize("typed", ["yes", "send", "ok"])
def test_plain_yes_is_no_change(patient, typed):
    patient.types(f"change my request KC-7F4Q2M, {ADDRESS}", "booking_change")
    patient.types(typed)
    assert patient.draft.asking == "wish"


def test_cancel_answers_what_should_change(patient):
    patient.types(f"change my request KC-7F4Q2M, {ADDRESS}", "booking_change")
    page = patient.types("cancel")
    assert page.show["kind"] == "check"
    assert patient.draft.wish == patient.content.booking.buttons["withdraw"]


def test_complaint_that_gives_no_number_keeps_an_e_mail_address(patient):
    patient.types("I want to make a complaint", "complaint")
    for typed in ("the room was cold and I waited an hour", "that is all", "Sam"):
        patient.types(typed)
    said = patient.types("I don't want to give my number")
    assert said.text.endswith(question(patient, "email"))


def test_complaint_that_is_not_understood_is_taken_down(patient):
    patient.types("i want to make a complaint about my data being shared")
    assert patient.draft.kind == "complaint"


def test_patient_starts_again(patient):
    said = patient.books("start again")[0]
    assert said.text == question(patient, "kind")
    assert patient.draft.name == ""


# Agreement must be plain.


@pytest.mark.parametrize("typed", ["thanks", "that is all", "is it", "all", "hm"])
def test_what_is_no_agreement_sends_nothing(patient, typed):
    said = patient.books(typed)[0]
    assert said.text.endswith(question(patient, "check"))
    assert patient.kept() == []


@pytest.mark.parametrize("typed", ["yes please", "ok send it", "looks good", "go ahead", "I agree"])
def test_plain_agreement_sends(patient, typed):
    reference_in(patient.books(typed)[0])


def test_yes_to_what_to_change_sends_nothing(patient):
    patient.books("Change something", "yes")
    assert patient.kept() == []
    assert patient.types("no, nothing").show["kind"] == "check"
    reference_in(patient.types("Send"))
