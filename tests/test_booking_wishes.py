"""An earlier request, a person, a complaint; and a store that is down."""

from clinic.content_files import load_content
from tests.booking import ADDRESS, NUMBER, Patient
from tests.patient_books import database, line, patient, question, reference_in

__all__ = ["database", "patient"]


def test_patient_cancels_what_was_just_sent(patient):
    reference = reference_in(patient.books("Send")[0])
    assert reference in patient.types("cancel it", "booking_change").text
    said = patient.types("yes")
    assert reference in said.text
    assert patient.kept()[0].state == "cancelled"


def test_patient_moves_what_was_just_sent(patient):
    reference = reference_in(patient.books("Send")[0])
    patient.types("actually make it Monday", "booking_change")
    assert reference_in(patient.types("Send")) == reference
    assert patient.kept()[0].about["changes"][0]["wish"] == "Monday"


def test_patient_changes_an_earlier_request_in_another_conversation(patient, content, database):
    reference = reference_in(patient.books("Send")[0])
    later = Patient(content, database)
    later.types(
        f"I need to change my request {reference.lower().replace('-', ' ')}", "booking_change"
    )
    later.types("+44 7400 123456")
    later.types("Thursday instead")
    assert reference_in(later.types("Send")) == reference


def test_stranger_cannot_change_a_request_and_is_stopped_from_guessing(patient, content, database):
    reference = reference_in(patient.books("Send")[0])
    stranger = Patient(content, database)
    stranger.types("change my request", "booking_change")
    said = []
    for _ in range(3):
        stranger.types(reference)
        stranger.types("07400 999999")
        stranger.types("Cancel my request")
        said.append(stranger.types("Send").text)
    assert said[0].startswith(line(patient, "not_found"))
    assert content.clinic.telephone in said[2]
    assert stranger.draft is None
    assert patient.kept()[0].state == "new"


def test_patient_without_a_reference_is_heard_all_the_same(patient):
    patient.types("need to move my appointment", "booking_change")
    for typed in ("I lost it", "from tuesday to thursday", "Anna", ADDRESS):
        patient.types(typed)
    reference_in(patient.types("Send"))
    assert patient.kept()[0].about["wish"] == "from tuesday to thursday"


def test_patient_wants_a_person_and_is_asked_only_how_to_be_reached(patient):
    said = patient.types("can I talk to somebody", "person")
    assert patient.content.clinic.telephone in said.text
    assert patient.content.clinic.reply_time in said.text
    assert said.text.endswith(question(patient, "reachable"))
    assert patient.types(NUMBER).show["kind"] == "check"
    reference_in(patient.types("yes please"))
    assert patient.kept()[0].kind == "person"


def test_patient_who_wanted_a_person_asks_on_and_is_not_nagged(patient):
    patient.types("can I talk to somebody", "person")
    said = patient.types("no thanks, what are milia?", "definition")
    assert said.text.startswith("Milia are")
    assert question(patient, "reachable") not in said.text


def test_patient_wants_a_person_in_the_middle_of_the_form(patient):
    patient.books()
    said = patient.types("can I speak to a human", "person")
    assert said.show["kind"] == "check"
    patient.types("Send")
    [kept] = patient.kept()
    assert (kept.kind, kept.about["name"]) == ("person", "Priya Shah")


def test_patient_complains(patient):
    said = patient.types("Nobody rang me back all week and I am very unhappy", "complaint")
    assert said.text.startswith("I am sorry to hear that.")
    for typed in ("No, that is all", "Tom", "tom@example.com"):
        patient.types(typed)
    said = patient.types("Send")
    reference_in(said)
    assert patient.kept()[0].about["wish"].startswith("Nobody rang me back")
    assert "appointment" not in said.text


def test_patient_complains_by_button_and_then_tells(patient):
    said = patient.types("I want to make a complaint", "complaint")
    assert said.text.endswith(question(patient, "complaint"))
    said = patient.types("the room was cold and I waited an hour")
    assert said.text == question(patient, "more")
    patient.types("and nobody said sorry")
    assert patient.draft.asking == "name"
    assert patient.draft.wish.splitlines()[1] == "and nobody said sorry"


def test_same_wish_in_another_window_has_the_same_reference(patient, content, database):
    first = reference_in(patient.books("Send")[0])
    said = Patient(content, database).books("Send")[0]
    assert reference_in(said) == first
    assert line(patient, "already") in said.text


def test_booking_page_of_the_clinic_is_a_link_with_its_source(broken, database):
    with (broken.folder / "clinic.yml").open("a") as file:
        file.write('booking_page: "https://book.karmaclinic.co.uk/milia?room=1"\n')
    patient = Patient(load_content(broken.folder), database)
    link = "https://book.karmaclinic.co.uk/milia?room=1&utm_source=chat&utm_medium=bot"
    assert link in patient.types("I would like an appointment", "booking").text
    for typed in ("A consultation", "yes", "Priya Shah", "By telephone", NUMBER, "Fridays"):
        patient.types(typed)
    said = patient.types("Send")
    assert f"{link}&utm_campaign=milia&reference={reference_in(said)}" in said.text


# The store is down.


def test_store_that_is_down_is_said_and_the_same_send_works_later(patient, database):
    patient.books()
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE requests RENAME TO away")
    said = patient.types("Send")
    assert said.text.startswith(line(patient, "not_saved"))
    assert patient.content.clinic.telephone in said.text
    assert said.show is None
    with database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO requests")
    assert patient.kept() == []
    reference_in(patient.types("Send"))


def test_send_after_a_lost_answer_has_the_same_reference(patient):
    patient.books()
    before = patient.memory
    first = reference_in(patient.types("Send"))
    # Rasa was killed before it saved the turn: the conversation stands at the check page.
    patient.memory = before
    assert reference_in(patient.types("Send")) == first
    assert len(patient.kept()) == 1


def test_line_changed_after_a_lost_answer_changes_the_request(patient):
    patient.books()
    before = patient.memory
    first = reference_in(patient.types("Send"))
    patient.memory = before
    patient.types("actually make it Monday")
    assert reference_in(patient.types("Send")) == first
    assert [kept.about["times"] for kept in patient.kept()] == ["Monday"]
