"""A patient asks for an appointment: each conversation named by the situation."""

import pytest

from tests.booking import ADDRESS, NUMBER
from tests.patient_books import database, line, patient, question, reference_in

__all__ = ["database", "patient"]


def test_patient_answers_one_question_after_the_other(patient):
    said = patient.types("I would like an appointment", "booking")
    assert said.text.startswith(
        patient.content.fill(patient.content.conversation.service["booking"])
    )
    assert said.buttons == ("A consultation", "A call back", "Change or cancel a request")
    asked = ["adult", "name", "way", "telephone", "times"]
    typed = ["A consultation", "Yes, I am 18 or over", "Priya Shah", "By telephone", NUMBER]
    for answer, field in zip(typed, asked, strict=True):
        said = patient.types(answer)
        assert said.text == question(patient, field)
        assert (said.show["kind"], said.show["field"]) == ("ask", field)
    page = patient.types("weds morning")
    assert page.show["kind"] == "check"
    assert [(row["label"], row["value"]) for row in page.show["rows"]] == [
        ("Request", "A consultation"),
        ("18 or over", "yes"),
        ("Name", "Priya Shah"),
        ("Telephone", NUMBER),
        ("Days and times", "weds morning"),
    ]
    assert page.buttons == ("Send", "Change something", "Cancel")
    assert patient.content.fill(patient.content.booking.consent.text) in page.text
    said = patient.types("Send")
    [kept] = patient.kept()
    assert kept.reference == reference_in(said)
    assert "••• 456" in said.text
    assert NUMBER not in said.text
    assert line(patient, "not_confirmed") in said.text
    assert patient.content.clinic.reply_time in said.text
    assert kept.about["stored"] == "+447400123456"
    assert kept.about["consent"]["version"] == patient.content.booking.consent.version
    assert kept.about["adult"] is True


def test_patient_tells_all_in_one_message(patient):
    typed = f"Can I book a consultation? I'm Priya, {NUMBER}, mornings please"
    assert patient.types(typed, "booking").text.endswith(question(patient, "adult"))
    rows = {row["label"]: row["value"] for row in patient.types("yes i'm 34").show["rows"]}
    assert rows["Name"] == "Priya"
    assert rows["Telephone"] == NUMBER
    assert rows["Days and times"] == "mornings please"


def test_patient_lists_details_without_sentences(patient):
    patient.types("book a consultation", "booking")
    patient.types("yes")
    page = patient.types(f"Priya Shah, {ADDRESS}, tuesday or wednesday")
    values = [row["value"] for row in page.show["rows"]]
    assert values[2:] == ["Priya Shah", ADDRESS, "tuesday or wednesday"]


def test_patient_asks_something_in_the_middle(patient):
    patient.types("I would like an appointment", "booking")
    patient.types("A consultation")
    said = patient.types("does it hurt?", "pain")
    assert said.text.startswith("Most of our clients feel minimal discomfort.")
    assert said.text.endswith(question(patient, "adult"))
    assert said.text.count("Would you like to know more") == 0
    assert said.show["field"] == "adult"


def test_what_the_bot_could_not_answer_travels_with_the_request(patient):
    patient.types("how much is it?", "price")
    patient.books()
    page = patient.types("do you open on saturdays?", "opening_hours")
    assert "“how much is it?”; “do you open on saturdays?”" in page.text
    patient.types("Send")
    assert patient.kept()[0].about["questions"] == ["how much is it?", "do you open on saturdays?"]


def test_patient_leaves_the_questions_out(patient):
    patient.types("can I have a peel while pregnant?", "pregnancy")
    patient.books("Leave out my questions", "Send")
    assert patient.kept()[0].about["questions"] == []


def test_patient_makes_it_friday(patient):
    page = patient.books("actually make it Monday")[0]
    assert page.text.startswith(line(patient, "changed"))
    assert patient.draft.times == "Monday"


@pytest.mark.parametrize(
    ("typed", "field", "answer", "kept"),
    [
        ("Change name", "name", "Zoë O’Brien-Smith", "Zoë O’Brien-Smith"),
        ("my name is wrong", "name", "Ann", "Ann"),
        ("wrong number", "telephone", "07400 654321", "07400 654321"),
        ("Change days and times", "times", "any weekday", "any weekday"),
        ("the time is wrong", "times", "asap", "asap"),
    ],
)
def test_patient_corrects_one_line(patient, typed, field, answer, kept):
    patient.books()
    assert patient.types(typed).text == question(patient, field)
    page = patient.types(answer)
    assert kept in page.text
    assert page.show["kind"] == "check"


def test_patient_changes_the_telephone_number_twice(patient):
    first, second = patient.books("no, my number is 07400 654321", "sorry, 07400 123455")
    assert "Telephone: 07400 654321" in first.text
    assert "Telephone: 07400 123455" in second.text


def test_patient_wants_to_be_written_to_instead(patient):
    said = patient.books("actually can you e-mail me instead")[0]
    assert said.text.endswith(question(patient, "email"))
    patient.types(ADDRESS)
    patient.types("send it please")
    assert patient.kept()[0].about["stored"] == ADDRESS


def test_patient_goes_back(patient):
    patient.books("back")
    assert patient.draft.asking == "times"
    patient.types("go back")
    assert patient.draft.asking == "contact"
    assert patient.types(NUMBER).text == question(patient, "times")


@pytest.mark.parametrize("typed", ["Cancel", "never mind", "forget it", "changed my mind"])
def test_patient_gives_up(patient, typed):
    patient.books()
    said = patient.types(typed)
    assert said.text == line(patient, "cancelled")
    assert patient.draft is None
    assert patient.kept() == []


def test_patient_will_not_give_a_number(patient):
    patient.types("can you call me back", "booking")
    patient.types("yes")
    patient.types("Tom")
    said = patient.types("I'd rather not give my number")
    assert said.text.endswith(question(patient, "email"))
    said = patient.types("no, not that either")
    assert patient.content.clinic.telephone in said.text
    assert patient.draft is None


def test_patient_comes_back_after_an_hour(patient):
    patient.books()
    patient.waits(hours=1)
    page = patient.types("hm")
    assert page.text.startswith(line(patient, "welcome_back"))
    reference_in(patient.types("Send"))


def test_patient_types_the_same_twice(patient):
    patient.types("book a consultation", "booking")
    patient.types("yes")
    assert patient.types("Priya").text == question(patient, "way")
    assert patient.types("Priya").text == question(patient, "way")
    assert patient.draft.name == "Priya"


def test_patient_sends_twice(patient):
    first, second = patient.books("Send", "Send")
    assert reference_in(first) in second.text
    assert len(patient.kept()) == 1


@pytest.mark.parametrize(
    "typed", ["No, under 18", "no", "i'm 16", "it's for my son", "17", "he's 20 weeks old"]
)
def test_patient_under_eighteen_is_sent_to_the_team(patient, typed):
    patient.types("book a consultation", "booking")
    said = patient.types(typed, "children")
    assert said.text == line(patient, "under_18")
    assert patient.draft is None


def test_urgent_sign_comes_first_and_the_form_waits(patient):
    patient.books()
    said = patient.types("my tongue is swelling, send", "urgent_sign")
    assert said.text == patient.content.fill(
        "{0.heading}.\n\n{0.text}".format(patient.content.urgent.cards["urgent_sign"])
    )
    assert said.buttons == ()
    assert patient.kept() == []
    reference_in(patient.types("Send"))


def test_patient_wants_to_know_what_is_held_and_the_form_waits(patient):
    patient.books()
    before = patient.draft
    patient.types("what happens to my data?", "privacy")
    assert patient.draft.asking == before.asking


@pytest.mark.parametrize("wish", ["book me in then", "can you book us in for a consultation"])
def test_patient_who_says_what_they_want_is_not_asked_for_it(patient, wish):
    said = patient.types(wish, "booking")
    assert said.text.endswith(question(patient, "adult"))
