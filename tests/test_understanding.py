"""clinic.understanding: what a question means after what was said before."""

import pytest

from clinic.answers import Asked, listed, reply
from clinic.content import ASPECTS
from clinic.memory import UNSURE, Question


def about_freezing(chat):
    chat.say("does freezing hurt", "pain", "cryotherapy", rest="does hurt")
    return chat


# Short messages that lean on what was said before.


@pytest.mark.parametrize("text", ["and peels?", "what about peels", "ok and for a peel then?"])
def test_patient_asks_the_same_about_another_treatment(text, chat):
    about_freezing(chat)
    said = chat.say(text, "peels", "peels", rest=text.replace("peels", "").replace("peel", ""))
    assert said == chat.answer("pain", "peels")


def test_patient_asks_the_price_of_another_treatment(chat):
    chat.say("how much is freezing", "price", "cryotherapy", rest="how much is")
    said = chat.say("and peels?", "peels", "peels", rest="and ?")
    assert said == chat.answer("price")


@pytest.mark.parametrize("topic", ["opening_hours", "place", "other_products"])
def test_a_treatment_named_after_what_is_the_same_for_all_of_them(topic, chat):
    chat.say("how late are you open", topic)
    assert chat.say("and what about peels", "peels", "peels", rest="and what about") == chat.answer(
        "peels"
    )


def test_patient_names_a_treatment_with_a_question_of_its_own(chat):
    about_freezing(chat)
    said = chat.say("how long do peels take to work", "results_time", "peels")
    assert said == chat.answer("results_time", "peels")


def test_patient_names_another_treatment_after_one_was_explained(chat):
    chat.say("how does freezing work", "cryotherapy", "cryotherapy")
    assert chat.say("and peels?", "peels", "peels", rest="and ?") == chat.answer("peels")


def test_patient_says_that_of_the_treatment_just_explained(chat):
    chat.say("how does freezing work", "cryotherapy", "cryotherapy")
    said = chat.say("how long till that works", "results_time")
    assert said == chat.answer("results_time", "cryotherapy")


def test_patient_corrects_the_treatment(chat):
    about_freezing(chat)
    said = chat.say("no, I meant the cream", "refusal", "skincare", rest="no, I meant the")
    assert said == chat.answer("pain", "skincare")
    assert chat.say("how soon does it work", "results_time") == chat.answer(
        "results_time", "skincare"
    )


def test_patient_asks_about_the_other_one(chat):
    about_freezing(chat)
    chat.say("and peels?", "peels", "peels", rest="and ?")
    assert chat.say("and the other one?", "pain") == chat.answer("pain", "cryotherapy")
    assert chat.say("what about the other one", UNSURE) == chat.answer("pain", "peels")


def test_patient_asks_something_new_about_the_other_one(chat):
    about_freezing(chat)
    chat.say("and peels?", "peels", "peels", rest="and ?")
    said = chat.say("how soon does the other one work", "results_time")
    assert said == chat.answer("results_time", "cryotherapy")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("n needling", "n"),
        ("and needling, more or less the same?", "and , more or less the same?"),
        ("oops no, needling i was thinking of", "oops no, i was thinking of"),
    ],
)
def test_patient_goes_on_with_another_treatment_in_few_words(text, rest, chat):
    about_freezing(chat)
    said = chat.say(text, "microneedling", "microneedling", rest=rest)
    assert said == chat.answer("pain", "microneedling")


def test_patient_asks_how_another_treatment_works(chat):
    about_freezing(chat)
    said = chat.say("what does needling do", "microneedling", "microneedling", rest="what does do")
    assert said == chat.answer("microneedling")


def test_patient_puts_the_bot_right_after_one_treatment_was_explained(chat):
    chat.say("how does freezing work", "cryotherapy", "cryotherapy")
    said = chat.say("not that, the peels", "refusal", "peels", rest="not that, the")
    assert said == chat.answer("peels")


def test_patient_rules_a_treatment_out(chat):
    chat.say("how does freezing work", "cryotherapy", "cryotherapy")
    said = chat.say("no, not the peels", "refusal", "peels", rest="no, not the")
    assert said == chat.answer("refusal")


def test_patient_asks_about_the_other_one_of_which_nobody_spoke(chat):
    said = chat.say("what about the other one", "agreement")
    assert said.text.startswith(chat.content.conversation.did_you_mean)


@pytest.mark.parametrize(
    ("text", "topic", "treatment"),
    [
        ("how does the first one work", UNSURE, "cryotherapy"),
        ("the second one, tell me about that", "agreement", "extraction"),
        ("the last one, whats that", "agreement", "skincare"),
    ],
)
def test_patient_points_at_a_place_in_the_list_of_treatments(text, topic, treatment, chat):
    chat.say("what can you do about milia", "removal_options")
    assert chat.say(text, topic) == chat.answer(treatment)


def test_patient_asks_something_of_a_place_in_the_list(chat):
    chat.say("what can you do about milia", "removal_options")
    said = chat.say("does the third one hurt", "pain")
    assert said == chat.answer("pain", "peels")


def test_patient_names_the_treatment_after_the_question(chat):
    said = chat.hear(
        Question("do they hurt", "pain", (), (), "do they hurt"),
        Question("peels", "peels", (), ("peels",), ""),
    )
    assert said == chat.answer("pain", "peels")


def test_patient_is_asked_back_and_the_treatment_is_kept(chat):
    chat.say("is a peel sore", UNSURE, "peels", rest="is a sore", likely=("pain", "downtime"))
    assert chat.say("1", UNSURE) == chat.answer("pain", "peels")


def test_patient_asks_how_long_and_nobody_can_tell_until_what(chat):
    about_freezing(chat)
    said = chat.say("how long", "appointment_length", likely=("appointment_length", "downtime"))
    assert said.text.startswith(chat.content.conversation.did_you_mean)


def test_patient_asks_what_it_does_and_means_the_treatment(chat):
    about_freezing(chat)
    question = Question("what does it do", "abilities", if_treatment="cryotherapy")
    assert chat.hear(question) == chat.answer("cryotherapy")


# How long a treatment stays the subject.


@pytest.mark.parametrize(("turns", "remembered"), [(1, True), (2, True), (3, False), (4, False)])
def test_patient_comes_back_to_it_after_other_questions(turns, remembered, chat):
    about_freezing(chat)
    for _ in range(turns):
        chat.say("how do I prevent milia", "prevention")
    said = chat.say("how soon does it work", "results_time")
    assert said == chat.answer("results_time", *(["cryotherapy"] if remembered else []))


def test_patient_keeps_asking_about_it_and_never_names_it_again(chat):
    about_freezing(chat)
    for topic in [*ASPECTS, *ASPECTS]:
        assert chat.say("and what about this", topic) == chat.answer(topic, "cryotherapy")


def test_patient_chats_in_between(chat):
    about_freezing(chat)
    chat.say("thanks", "thanks")
    chat.say("are you a real person", "bot_identity")
    assert chat.say("how soon does it work", "results_time") == chat.answer(
        "results_time", "cryotherapy"
    )


@pytest.mark.parametrize("text", ["how long do all treatments take", "which one works soonest"])
def test_patient_asks_about_all_treatments_and_then_about_it(text, chat):
    about_freezing(chat)
    assert chat.say(text, "results_time") == chat.answer("results_time")
    assert chat.say("does it hurt", "pain") == chat.answer("pain")


def test_patient_asks_which_there_are_and_then_about_it(chat):
    about_freezing(chat)
    chat.say("what can you do about milia", "removal_options")
    assert chat.say("does it hurt", "pain") == chat.answer("pain")


def test_second_of_the_list_is_the_second_that_was_listed(chat):
    said = chat.say("how long do I need off", "downtime").text
    names = [chat.content.treatment(t).name for t in listed("downtime", chat.content)]
    places = [said.index(f"• {name}: ") for name in names]
    assert len(names) == 2
    assert places == sorted(places)
    assert chat.say("does the second one hurt", "pain") == chat.answer("pain", "extraction")


def test_second_means_nothing_after_an_answer_that_lists_none(chat):
    chat.say("does it hurt", "pain")
    assert chat.say("does the second one scar", "scarring") == chat.answer("scarring")


# Several things in one message.


def test_patient_names_two_treatments_at_once(chat):
    said = chat.say("do peels or freezing hurt more", "pain", "peels", "cryotherapy")
    assert said == chat.answer("pain", "peels", "cryotherapy")


def test_patient_asks_two_questions_about_one_treatment(chat):
    said = chat.hear(
        Question("how do peels work", "peels", (), ("peels",), "how do work"),
        Question("does it hurt", "pain", (), (), "does it hurt"),
    )
    both = [Asked("peels", ("peels",)), Asked("pain", ("peels",))]
    assert said == reply(both, chat.content)


def test_patient_says_no_and_then_what_they_meant(chat):
    chat.not_understood()
    said = chat.hear(Question("no", "refusal"), Question("does it scar", "scarring"))
    assert said == chat.answer("scarring")


def test_patient_writes_nothing(chat):
    said = chat.hear()
    assert said.text.startswith(chat.content.conversation.did_you_mean)
