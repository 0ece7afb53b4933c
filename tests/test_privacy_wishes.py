"""clinic.privacy.wishes: what patients want with their data, from every state."""

import pytest

from clinic.booking.draft import Draft
from clinic.conversation import respond
from clinic.memory import Memory, Question
from clinic.message import Message
from clinic.privacy.wishes import FORGET, STOP, TELL, PrivacyWish, Result, said, wish

WISHES = {
    FORGET: [
        "Delete my data",
        "delete my data please",
        "can you delete everything you have about me",
        "please erase all my personal information",
        "pls remove my details",
        "forget me",
        "I want to use my right to be forgotten",
        "wipe this conversation",
        "how do i get rid of my chat history",
        "take my number off your system and delete my info",
        "could you clear our chat",
    ],
    TELL: [
        "What do you hold?",
        "what do you hold on me?",
        "What data do you hold about me",
        "what have you got on me",
        "what information do you have about me",
        "i want a copy of my data",
        "can I see my records",
        "subject access request",
        "what do you know about me",
        "send me my data",
        "what details have you stored about me",
    ],
    STOP: [
        "STOP",
        "stop",
        "Stop.",
        "please stop",
        "stop it",
        "unsubscribe",
        "opt out",
        "stop messaging me",
        "end chat",
        "don't text me again",
        "leave me alone",
        "can you stop please",
        "/stop".strip("/"),
    ],
    "": [
        "does it stop hurting",
        "how do I stop milia coming back",
        "stop getting milia",
        "don't delete my data",
        "how long do you keep my data",
        "forget it",
        "can you remove my milia",
        "can you remove them",
        "i want to get rid of my bumps",
        "what do you know about milia",
        "what do i need to know",
        "will it clear my skin",
        "my friend told me to forget about it",
        "does it erase the marks",
        "take out my milia",
        "do you have my size",
        "who reads this",
        "",
    ],
}
CASES = [(kind, text) for kind, texts in WISHES.items() for text in texts]
# Where the message was understood to be about privacy, fewer words are needed.
FAINT = [(FORGET, "can it be deleted"), (TELL, "what is held"), ("", "is this chat private")]


@pytest.mark.parametrize(("kind", "text"), CASES)
def test_wish_is_known_by_its_words(kind, text, content):
    assert wish(text, [], content) == kind


@pytest.mark.parametrize(("kind", "text"), FAINT)
def test_wish_about_privacy_needs_fewer_words(kind, text, content):
    assert wish(text, ["privacy"], content) == kind
    assert wish(text, ["pain"], content) == ""


def test_no_trained_sentence_about_anything_else_is_a_wish(content):
    import yaml

    from clinic.settings import PROJECT

    nlu = yaml.load((PROJECT / "data" / "nlu.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    taken = [
        (block["intent"], line[2:])
        for block in nlu["nlu"]
        if block["intent"] not in ("privacy", "refusal", "goodbye", "complaint", "out_of_scope")
        for line in block["examples"].splitlines()
        if wish(line[2:], [block["intent"]], content)
    ]
    assert taken == []


# In every state of a conversation.

OPEN = Draft(kind="consultation", asking="name")
STATES = {
    "new": Memory(),
    "after an answer": Memory(topic="pain", treatments=("peels",), offered=("downtime", "booking")),
    "unsure": Memory(offered=("pain", "price"), times_unsure=2),
    "in the form": Memory(draft=OPEN),
    "at the check page": Memory(draft=Draft(kind="call_back", asking="check")),
    "asked to confirm": Memory(confirming=FORGET),
    "asked to confirm in the form": Memory(draft=OPEN, confirming=FORGET),
}


@pytest.fixture(params=STATES.values(), ids=STATES)
def state(request):
    return request.param


def turn(text, memory, content, topic="nlu_fallback", sign=""):
    return respond([Question(text, topic, sign=sign)], memory, content, Message(text=text))


def test_deletion_is_asked_back_in_every_state_and_nothing_is_done(state, content):
    asked = turn("delete my data", state, content)
    assert asked.deed is None
    assert asked.reply.text == content.fill(content.privacy.ask_forget)
    assert asked.reply.buttons == ("Yes, delete it", "No, keep it")
    assert asked.memory.draft == state.draft


@pytest.mark.parametrize("yes", ["Yes, delete it", "yes", "Yes please", "ok do it", "go ahead"])
def test_yes_deletes_and_the_thread_begins_anew(yes, state, content):
    asked = turn("delete my data", state, content)
    done = turn(yes, asked.memory, content)
    assert done.deed == PrivacyWish(FORGET)
    assert done.memory == Memory()


@pytest.mark.parametrize("no", ["No, keep it", "no, keep it."])
def test_no_keeps_everything_and_an_open_form(no, state, content):
    asked = turn("delete my data", state, content)
    done = turn(no, asked.memory, content)
    assert done.deed is None
    assert content.privacy.kept in done.reply.text
    assert done.memory.confirming is None
    assert done.memory.draft == state.draft


def test_a_question_after_it_is_answered_and_a_later_yes_deletes_nothing(content):
    asked = turn("delete my data", Memory(), content)
    answered = turn("does it hurt", asked.memory, content, "pain")
    assert answered.memory.confirming is None
    assert turn("yes", answered.memory, content, "agreement").deed is None


@pytest.mark.parametrize("no", ["do not delete it", "yes but don't delete it", "maybe"])
def test_whatever_is_no_clear_yes_deletes_nothing(no, content):
    asked = turn("delete my data", Memory(), content)
    assert turn(no, asked.memory, content).deed is None


def test_what_is_held_is_told_in_every_state(state, content):
    told = turn("what do you hold on me?", state, content)
    assert told.deed == PrivacyWish(TELL)
    assert told.memory.draft == state.draft


def test_stop_ends_the_form_and_the_thread_in_every_state(state, content):
    stopped = turn("STOP", state, content)
    assert stopped.deed == PrivacyWish(STOP)
    assert stopped.memory == Memory()
    assert stopped.gave_up == bool(state.draft)


def test_an_urgent_sign_comes_first(state, content):
    told = turn("delete my data, my lips are swelling", state, content, "urgent_sign", "airway")
    assert told.deed is None
    assert told.reply.text.startswith("Call 999 now")


@pytest.mark.parametrize("kind", [FORGET, TELL, STOP])
@pytest.mark.parametrize("in_form", [True, False])
def test_reply_gives_the_reference(kind, in_form, content):
    counts = {"messages": 3, "requests": 1} if kind == TELL else {}
    reply = said(PrivacyWish(kind), Result("KC-7F4Q2M", counts), in_form, content)
    assert "Your reference: KC-7F4Q2M" in reply.text
    assert reply.show == {"kind": "reference", "reference": "KC-7F4Q2M"}
    assert ("Your messages: 3" in reply.text) == (kind == TELL)
    assert (content.privacy.not_sent in reply.text) == (kind == STOP and in_form)
    assert all(len(button) <= 20 for button in reply.buttons)


def test_each_button_is_understood_as_what_it_says(content):
    buttons = content.privacy.buttons
    kinds = [wish(words, [], content) for words in (buttons.forget, buttons.tell, buttons.stop)]
    assert kinds == [FORGET, TELL, STOP]
