"""clinic.conversation: what is said when it is not clear, chosen, repeated or urgent."""

import pytest

from clinic.memory import UNSURE, Question


def about_freezing(chat):
    chat.say("does freezing hurt", "pain", "cryotherapy", rest="does hurt")
    return chat


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
