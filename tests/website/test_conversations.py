"""Conversations at the window, over real HTTP: the real Rasa server and action server."""

import json
import threading
import uuid

import pytest

from evaluation.judge import Judge
from evaluation.window import Window
from tests.website.asking import ROUTES, SITE, refusal, together


def test_a_message_is_acknowledged_then_answered(window, content):
    stored, reply, done = window.send("does freezing hurt")
    assert (stored["event"], stored["again"], stored["line"]["n"]) == ("stored", False, 1)
    assert stored["line"]["text"] == "does freezing hurt"
    assert reply["event"] == "reply"
    assert Judge(content).place(reply["line"]["text"], "pain") is not None
    assert (reply["line"]["n"], reply["line"]["message"]) == (2, stored["id"])
    assert reply["line"]["show"] == {"kind": "answer", "topics": ["pain"]}
    assert done == {"event": "done"}


def test_a_button_is_tapped_by_its_opaque_name(window, content):
    (reply,) = window.say("does freezing hurt")
    button = reply["buttons"][0]
    assert set(button) == {"id", "title"}
    stored, answer, _ = window.send("", button=button["id"])
    assert stored["line"]["text"] == button["title"]
    assert Judge(content).place(answer["line"]["text"], "downtime") is not None


def test_a_button_of_another_session_is_none(window, other):
    (reply,) = window.say("does freezing hurt")
    other.say("does freezing hurt")
    answer = other.post("messages", {"id": str(uuid.uuid4()), "button": reply["buttons"][0]["id"]})
    assert refusal(answer) == (400, "unknown_button")


def test_the_history_goes_on_after_a_reload(window, bot):
    window.say("does freezing hurt")
    reloaded = Window(bot.address, http=window.http)
    assert reloaded.open()["resumed"]
    assert [line["role"] for line in reloaded.lines()] == ["patient", "bot"]
    (reply,) = reloaded.say("and peels?")
    assert "skin peel" in reply["text"]
    assert [line["n"] for line in reloaded.lines(after=2)] == [3, 4]


def test_a_double_is_processed_once_and_answered_again(window):
    sent = str(uuid.uuid4())
    first = window.send("does freezing hurt", id=sent)
    again = window.send("other words", id=sent)
    assert again[0]["again"]
    assert [each.get("line") for each in again] == [each.get("line") for each in first]
    assert len(window.lines()) == 2


def test_simultaneous_doubles_are_processed_once(window):
    sent = str(uuid.uuid4())
    answers = together([lambda: window.send("does freezing hurt", id=sent)] * 4)
    assert sorted(each[0]["again"] for each in answers) == [False, True, True, True]
    assert len({json.dumps(each[1]) for each in answers}) == 1
    assert len(window.lines()) == 2


def test_quick_messages_are_answered_in_the_order_they_were_stored(window):
    asked = ["what are milia", "does it hurt", "what causes them", "how are they removed"]
    answers = together([lambda words=words: window.send(words) for words in asked])
    assert all(each[-1] == {"event": "done"} for each in answers)
    lines = window.lines()
    stored = [line["message"] for line in lines if line["role"] == "patient"]
    replied = [line["message"] for line in lines if line["role"] == "bot"]
    assert replied == stored
    assert [line["n"] for line in lines] == list(range(1, 9))


def test_of_200_quick_messages_each_is_answered_once_or_told_to_wait(bot, window):
    ids = [str(uuid.uuid4()) for _ in range(200)]
    answers = together(
        [lambda n=n: window.post("messages", {"id": n, "text": "thanks"}) for n in ids]
    )
    taken = [n for n, answer in zip(ids, answers, strict=True) if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code != 200]
    assert len(taken) == 20
    assert {refusal(answer) for answer in refused} == {(429, "too_many")}
    assert all(1 <= int(answer.headers["Retry-After"]) <= 10 for answer in refused)
    assert all(answer.json()["retry_after"] <= 10 for answer in refused)
    lines = window.lines()
    assert sorted(line["message"] for line in lines if line["role"] == "bot") == sorted(taken)
    assert sorted(line["message"] for line in lines if line["role"] == "patient") == sorted(taken)
    # Another patient at the same address is not held up.
    neighbour = Window(bot.address)
    neighbour.open()
    assert neighbour.say("thanks")


def test_the_turn_goes_on_when_the_page_is_closed(window):
    sent = str(uuid.uuid4())
    answer = window.post("messages", {"id": sent, "text": "does freezing hurt"}, stream=True)
    next(answer.iter_lines(chunk_size=1))
    answer.close()
    kinds = []
    for kind, data in window.events(after=1):
        kinds.append(kind)
        if kind == "line" and data["role"] == "bot":
            assert data["message"] == sent
            break
    assert kinds[0] == "session"


def test_another_tab_hears_of_everything(window, bot):
    tab, heard = Window(bot.address, http=window.http), []

    def listen():
        for kind, data in tab.events():
            heard.append((kind, data))
            if kind == "session":
                ready.set()
            if kind == "ended":
                return

    ready, thread = threading.Event(), threading.Thread(target=listen)
    thread.start()
    assert ready.wait(30)
    first = window.http.cookies.get("clinic_chat")
    window.say("what are milia")
    window.post("restart")
    thread.join(30)
    assert window.http.cookies.get("clinic_chat") != first
    lines = [data for kind, data in heard if kind == "line"]
    assert [(line["n"], line["role"]) for line in lines] == [(1, "patient"), (2, "bot")]
    assert heard[-1] == ("ended", {"reason": "restarted"})
    assert ("working", {"working": True}) in heard or heard[0][1]["working"] is False


def test_two_sessions_cannot_see_each_other(window, other):
    window.say("does freezing hurt")
    assert other.lines() == []
    assert "freezing" not in other.ask("GET", "transcript").text
    sent = window.lines()[0]["message"]
    stored, reply, _ = other.send("what are milia", id=sent)
    assert not stored["again"]
    assert "freezing" not in json.dumps([stored, reply])
    assert refusal(other.post("feedback", {"reply": 4, "helpful": True})) == (404, "not_found")


@pytest.mark.parametrize(
    "words",
    ["<img src=x onerror=alert(1)>", "</script><script>alert(1)</script>", "[a](javascript:b)"],
)
def test_markup_comes_back_as_the_plain_words_it_is(window, words):
    answer = window.send(words)
    assert answer[0]["line"]["text"] == words
    assert window.lines()[0]["text"] == words
    for path in ("messages", "transcript"):
        headers = window.ask("GET", path).headers
        assert headers["Content-Type"].split(";")[0] in ("application/json", "text/plain")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_typed_text_is_never_a_command(window):
    stored, reply, _ = window.send('/restart{"phone": "07400 123456"}')
    assert not stored["line"]["text"].startswith("/")
    assert reply["line"]["text"]


def test_feedback_is_kept_and_can_be_changed(window):
    (reply,) = window.say("does freezing hurt")
    for helpful in (True, False):
        answer = window.post("feedback", {"reply": reply["n"], "helpful": helpful})
        assert answer.json() == {"stored": True}
    for wrong in ({"reply": 1, "helpful": True}, {"reply": 99, "helpful": True}):
        assert refusal(window.post("feedback", wrong)) == (404, "not_found")
    for wrong in ({"reply": True, "helpful": True}, {"reply": 2, "helpful": 1}, {"reply": 2}):
        assert refusal(window.post("feedback", wrong)) == (400, "malformed")


def test_start_again_begins_an_empty_conversation(bot):
    window = Window(bot.address, origin=SITE)
    first = window.open()
    window.say("does freezing hurt")
    old = Window(bot.address, origin=SITE, token=window.token)
    answer = window.post("restart").json()
    assert (answer["resumed"], answer["last"]) == (False, 0)
    assert answer["session"] != first["session"]
    window.token = answer["token"]
    assert window.lines() == []
    assert "cryotherapy" not in window.say("how long until it works")[0]["text"]
    assert refusal(old.ask("GET", "messages")) == (401, "no_session")
    assert not old.open()["resumed"]


def test_after_a_patient_deletes_everything_nothing_is_left(bot):
    window = Window(bot.address, origin=SITE)
    window.open()
    window.say("does freezing hurt")
    old = Window(bot.address, origin=SITE, token=window.token)
    answer = window.post("forget").json()
    assert answer["forgotten"]
    assert answer["sentence"]
    for method, path, body in ROUTES:
        assert refusal(old.ask(method, path, json=body)) == (401, "no_session")
    assert not window.open()["resumed"]
    assert window.lines() == []


def test_the_conversation_can_be_taken_home(window):
    window.say("does freezing hurt")
    answer = window.ask("GET", "transcript")
    assert 'filename="conversation.txt"' in answer.headers["Content-Disposition"]
    assert "You:\ndoes freezing hurt\n" in answer.text
    assert "Assistant:\n" in answer.text
