"""clinic.conversation: what a short message means after what was said before."""

import pytest

from clinic.answers import Asked, reply
from clinic.content import ASPECTS
from clinic.conversation import UNSURE, Question


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


# Choosing what was offered.


@pytest.mark.parametrize("text", ["2", "2.", "two", "the second one", "number 2 please", "2nd"])
def test_patient_types_the_number_of_an_option(text, chat):
    chat.not_understood(likely=("pain", "brands", "price"))
    assert chat.say(text, UNSURE) == chat.answer("brands")


@pytest.mark.parametrize(
    "text",
    [
        "Which skincare brands do you offer?",
        "which skincare brands do you offer",
        "Wich skincare brand do you offer?",
    ],
)
def test_patient_types_the_words_of_an_option(text, chat):
    chat.not_understood(likely=("pain", "brands", "price"))
    assert chat.say(text, UNSURE) == chat.answer("brands")


def test_patient_chooses_an_option_about_the_treatment_of_before(chat):
    about_freezing(chat)
    chat.not_understood(likely=("results_time", "brands", "price"))
    assert chat.say("1", UNSURE) == chat.answer("results_time", "cryotherapy")


@pytest.mark.parametrize("text", ["4", "one", "the first"])
def test_patient_types_a_number_that_no_option_has(text, chat):
    if text == "4":
        chat.not_understood()
    said = chat.say(text, "thanks")
    assert said == chat.answer("thanks")


def test_patient_says_yes_please_to_the_next_step(chat):
    said = chat.say("what are milia", "definition")
    assert chat.say("yes please", "agreement") == chat.answer(said.offered[0])


def test_patient_says_yes_though_nothing_was_offered(chat):
    assert chat.say("yes please", "agreement") == chat.answer("agreement")


def test_patient_taps_the_second_button(chat, content):
    said = chat.say("what are milia", "definition")
    chosen = said.offered[1]
    assert chat.say(content.ask(chosen), chosen).text.startswith(chat.answer(chosen).text)


# When the bot does not understand.


def test_unsure_bot_offers_the_three_likeliest_topics(chat):
    likely = ("out_of_scope", "pain", "thanks", "price", "person", "brands")
    said = chat.not_understood(likely=likely)
    assert said.offered == ("pain", "price", "person")
    assert said.text.splitlines() == [
        chat.content.conversation.did_you_mean,
        *(f"{n}. {chat.content.ask(t)}" for n, t in enumerate(said.offered, start=1)),
    ]


def test_unsure_bot_offers_the_first_topics_when_nothing_is_likely(chat):
    said = chat.not_understood(likely=("out_of_scope", "thanks", "abuse"))
    assert said.offered == tuple(chat.content.conversation.first_topics)


def test_patient_says_no_to_did_you_mean_and_then_reaches_the_team(chat):
    words = chat.content.conversation
    assert chat.not_understood().text.startswith(words.did_you_mean)
    assert chat.say("no", "refusal").text.startswith(words.say_it_differently)
    given_up = chat.say("none of those", "refusal")
    assert given_up.text == chat.content.fill(f"{words.give_up}\n\n{words.team}")
    assert given_up.offered[0] == "person"


def test_patient_is_never_told_the_same_twice_running(chat):
    said = [chat.not_understood().text for _ in range(7)]
    assert all(one != next_one for one, next_one in zip(said, said[1:], strict=False))


def test_repair_begins_anew_after_something_was_understood(chat):
    chat.not_understood()
    chat.say("does it scar", "scarring")
    assert chat.not_understood().text.startswith(chat.content.conversation.did_you_mean)


def test_patient_says_no_though_nothing_was_unsure(chat):
    chat.say("what are milia", "definition")
    assert chat.say("no thanks", "refusal") == chat.answer("refusal")


def test_unsure_bot_keeps_the_subject(chat):
    about_freezing(chat)
    chat.not_understood()
    assert chat.say("how soon does it work", "results_time") == chat.answer(
        "results_time", "cryotherapy"
    )


# Say that again.


def test_patient_asks_to_hear_it_again(chat):
    said = about_freezing(chat).answer("pain", "cryotherapy")
    assert chat.say("say that again", "repeat") == said


def test_patient_asks_to_hear_again_what_was_said_of_all_treatments(chat):
    about_freezing(chat)
    said = chat.say("how long do all of them take", "results_time")
    assert chat.say("sorry, what?", "repeat") == said


def test_patient_asks_to_hear_it_again_before_anything_was_said(chat):
    assert chat.say("say that again", "repeat") == chat.answer("repeat")


# Urgent signs.


def test_patient_writes_an_urgent_sign_and_later_goes_on(chat):
    about_freezing(chat)
    assert chat.say("my lip is swelling", "urgent_sign") == chat.answer("urgent_sign")
    assert chat.memory.topic == "pain"
    said = chat.say("how soon does it work", "results_time")
    assert said == chat.answer("results_time", "cryotherapy")


def test_patient_says_no_and_writes_an_urgent_sign(chat):
    chat.not_understood()
    said = chat.hear(Question("no", "refusal"), Question("my eye is swollen", "urgent_sign"))
    assert said == chat.answer("urgent_sign")


def test_patient_writes_an_urgent_sign_beside_what_is_not_understood(chat):
    said = chat.hear(Question("hm", UNSURE), Question("my eye is swollen", "urgent_sign"))
    assert said == chat.answer("urgent_sign")


def test_patient_is_unwell_after_a_treatment_they_name(chat):
    about_freezing(chat)
    said = chat.say("not well, the peel", "urgent_sign", "peels", rest="not well, the")
    assert said == chat.answer("urgent_sign")


def test_urgent_card_offers_nothing_that_a_number_could_choose(chat):
    chat.say("my lip is swelling", "urgent_sign")
    assert chat.memory.offered == ()
    assert chat.say("1", "abilities") == chat.answer("abilities")


def test_patient_of_another_language_is_told_of_999(chat):
    said = chat.hear(Question("co to jest", "out_of_scope", language="POLISH")).text
    assert said.endswith("In an emergency, ring 999.")
