"""Numbers, addresses, names and days as patients type them into the form."""

import pytest

from tests.booking import NUMBER, Patient
from tests.patient_books import database, patient, question

__all__ = ["database", "patient"]


def at_the(patient, field):
    patient.types("book a consultation", "booking")
    typed = {"name": ["yes"], "telephone": ["yes", "Priya", "phone"]}
    typed["email"] = ["yes", "Priya", "e-mail"]
    typed["times"] = ["yes", "Priya", "phone", NUMBER]
    for answer in typed[field]:
        patient.types(answer)


@pytest.mark.parametrize(
    ("field", "typed"),
    [("telephone", "07400"), ("email", "priya@nowhere"), ("name", "!!"), ("times", "last friday")],
)
def test_second_error_is_worded_differently(patient, field, typed):
    at_the(patient, field)
    first, second = patient.types(typed).text, patient.types(f"{typed} ").text
    assert first != second
    assert patient.draft.asking == {"telephone": "contact", "email": "contact"}.get(field, field)


def test_second_failed_try_offers_another_way(patient):
    at_the(patient, "telephone")
    assert patient.types("07400").buttons == ()
    assert patient.types("0740").buttons == ("By e-mail",)


@pytest.mark.parametrize(
    "typed", ["0900 123 4567", "0909 8790000", "0800 123 4567", "070 1234 5678"]
)
def test_costly_number_is_refused(patient, typed):
    at_the(patient, "telephone")
    patient.types(typed)
    assert patient.draft.asking == "contact"


@pytest.mark.parametrize(
    "typed",
    ["+44 7400 123456", "07911 123456", "020 7123 4567", "+33 6 12 34 56 78", "056 0000 1234"],
)
def test_number_of_any_country_and_kind_is_taken(patient, typed):
    at_the(patient, "telephone")
    assert patient.types(typed).text == question(patient, "times")


def test_likely_slip_is_asked_and_allowed(patient):
    at_the(patient, "email")
    said = patient.types("priya@gmial.com")
    assert said.text == "Did you mean priya@gmail.com?"
    assert said.buttons == ("Yes, priya@gmail.com", "No, as I typed it")
    patient.types("No, as I typed it")
    assert patient.draft.contact == "priya@gmial.com"


def test_slip_is_mended_when_the_patient_says_so(patient):
    at_the(patient, "email")
    patient.types("priya@gmial.com")
    patient.types("yes")
    assert patient.draft.contact == "priya@gmail.com"


@pytest.mark.parametrize(
    "typed", ["李小龙", "María José", "d'Arcy", "O’Neill", "Lance", "von der Heide"]
)
def test_name_of_any_script_is_taken(patient, typed):
    at_the(patient, "name")
    patient.types(typed, "extraction")
    assert patient.draft.name == typed


@pytest.mark.parametrize(
    "typed", ["asap", "weds morning", "don't mind", "10/12 after 5pm", "in the spring"]
)
def test_days_are_kept_in_the_words_of_the_patient(patient, typed):
    at_the(patient, "times")
    patient.types(typed)
    assert patient.draft.times == typed


@pytest.mark.parametrize(
    "typed", ["friday mornings, does it hurt tho", "friday mornings. Does it hurt?"]
)
def test_days_are_kept_without_the_question_beside_them(typed, patient):
    at_the(patient, "times")
    said = patient.types(typed.replace(". ", ".|").replace(", ", ",|"), "opening_hours", "pain")
    assert patient.draft.times == "friday mornings"
    assert said.text.startswith("Most of our clients feel minimal discomfort.")


@pytest.mark.parametrize("typed", ["yesterday", "3 March 2020", "last tuesday"])
def test_day_that_has_passed_is_not_taken(patient, typed):
    at_the(patient, "times")
    patient.types(typed)
    assert patient.draft.asking == "times"


def test_day_that_passes_before_it_is_sent_is_asked_again(patient):
    patient.now = patient.now.replace(year=2027, month=3, day=1)
    at_the(patient, "times")
    patient.types("2 March 2027")
    patient.waits(days=3)
    said = patient.types("Send")
    assert patient.kept() == []
    assert patient.draft.asking == "times"
    assert "passed" in said.text


@pytest.mark.parametrize("typed", ["x" * 10_000, "Priya\x00\x07\x1b[31m Shah", "\u202eayirP"])
def test_long_and_hidden_characters_do_no_harm(patient, typed):
    at_the(patient, "name")
    patient.types(typed)
    assert len(patient.draft.name) <= 80
    assert patient.draft.name.isprintable()


def test_number_that_the_patient_writes_from_is_offered(content, database):
    patient = Patient(content, database, number="+447400123456")
    patient.types("can you call me back", "booking")
    patient.types("yes")
    assert patient.types("Tom").buttons == ("Use this number",)
    patient.types("Use this number")
    assert (patient.draft.way, patient.draft.contact) == ("telephone", "+447400123456")


def test_number_in_use_is_one_of_three_ways(content, database):
    patient = Patient(content, database, number="+447400123456")
    for typed in ("book a consultation", "yes"):
        patient.types(typed, "booking")
    assert patient.types("Tom").buttons == ("By telephone", "By e-mail", "Use this number")
    patient.types("3")
    assert patient.draft.contact == "+447400123456"
