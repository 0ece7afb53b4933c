"""The website channel over real HTTP: the real Rasa server, the real action server."""

import json
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import requests

from clinic.channels.website.sessions import Session, Signer
from clinic.cipher import DEVELOPMENT_KEY, new_key
from clinic.settings import PROJECT
from evaluation.bot import running_bot
from evaluation.judge import Judge
from evaluation.window import Window

SITE = "https://www.clinic.example"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def bot():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLINIC_WEBSITE_ORIGINS", SITE)
        with running_bot() as bot:
            yield bot


@pytest.fixture
def window(bot):
    window = Window(bot.address)
    window.open()
    return window


@pytest.fixture
def other(bot):
    window = Window(bot.address)
    window.open()
    return window


def refusal(answer):
    """The status and the code of an error, which always has a sentence."""
    body = answer.json()
    assert len(body["sentence"].split()) > 3
    return answer.status_code, body["error"]


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


def together(calls):
    """Make all calls at once; returns what they return, in order."""
    results = [None] * len(calls)

    def call(n):
        results[n] = calls[n]()

    threads = [threading.Thread(target=call, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    return results


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


def tokens():
    """Tokens that must open nothing."""
    now = datetime.now(UTC)
    session, until = Session(uuid.uuid4().hex), now + timedelta(hours=1)
    right = Signer([DEVELOPMENT_KEY])
    yield "none", ""
    yield "nonsense", "nonsense"
    yield "never begun", right.sign(session, until)
    yield "signed by another", Signer([new_key()]).sign(session, until)
    yield "expired", right.sign(session, now - timedelta(seconds=1))
    yield "not ASCII", "v1.é"


ROUTES = [
    ("GET", "messages", None),
    ("GET", "events", None),
    ("GET", "transcript", None),
    ("POST", "messages", {"id": str(uuid.uuid4()), "text": "hello"}),
    ("POST", "feedback", {"reply": 1, "helpful": True}),
    ("POST", "restart", {}),
    ("POST", "forget", {}),
]


@pytest.mark.parametrize("token", [pair[1] for pair in tokens()], ids=[p[0] for p in tokens()])
def test_a_token_that_is_not_ours_opens_nothing(bot, token):
    for method, path, body in ROUTES:
        headers = {"Origin": bot.address, "Cookie": f"clinic_chat={token}".encode()}
        where = f"{bot.address}/chat/{path}"
        answer = requests.request(method, where, json=body, headers=headers, timeout=30)
        assert refusal(answer) == (401, "no_session"), path
        headers = {"Origin": SITE, "Authorization": f"Bearer {token}".encode()}
        answer = requests.request(method, where, json=body, headers=headers, timeout=30)
        assert refusal(answer) == (401, "no_session"), path


def test_a_page_of_an_allowed_origin_gets_a_token_and_no_cookie(bot, window):
    page = Window(bot.address, origin=SITE)
    answer = page.post("session")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in answer.headers
    page.token = answer.json()["token"]
    assert page.say("what are milia")
    # The cookie of our own origin counts for nothing there.
    stranger = Window(bot.address, origin=SITE, http=window.http)
    assert refusal(stranger.ask("GET", "messages")) == (401, "no_session")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://www.clinic.example"])
def test_another_page_is_refused(bot, origin):
    page = Window(bot.address, origin=origin)
    for answer in (page.post("session"), page.post("messages"), page.ask("GET", "messages")):
        assert refusal(answer) == (403, "origin")
        assert "Access-Control-Allow-Origin" not in answer.headers
    preflight = page.ask("OPTIONS", "messages")
    assert preflight.status_code == 403
    assert "Access-Control-Allow-Methods" not in preflight.headers


def test_a_browser_is_told_what_an_allowed_page_may_ask(bot):
    answer = Window(bot.address, origin=SITE).ask("OPTIONS", "messages")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == SITE
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_post_without_an_origin_is_refused(bot):
    answer = requests.post(f"{bot.address}/chat/session", json={}, timeout=30)
    assert refusal(answer) == (403, "origin")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(bot):
    cookie = Window(bot.address).post("session").headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/chat"} <= set(cookie.split("; "))


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"", (400, "malformed")),
        (b"{", (400, "malformed")),
        (b"[]", (400, "malformed")),
        (b'"text"', (400, "malformed")),
        (b"[" * 8000, (400, "malformed")),
        (b"\xff\xfe", (400, "malformed")),
        (b'{"text": "no id"}', (400, "malformed")),
        ({"id": "1", "text": "a"}, (400, "malformed")),
        ({"text": 7}, (400, "malformed")),
        ({"text": None}, (400, "malformed")),
        ({"text": "a", "button": "1-x"}, (400, "malformed")),
        ({"text": "a", "sender": "web-other"}, (400, "malformed")),
        ({"text": ""}, (400, "empty")),
        ({"text": " \u200b\n"}, (400, "empty")),
        ({"text": "\ud800"}, (400, "empty")),
        ({"text": "a" * 1001}, (400, "too_long")),
        ({"button": "1-x"}, (400, "unknown_button")),
        ({"button": "9" * 5000}, (400, "unknown_button")),
        ({"text": "a" * 17_000}, (413, "too_large")),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(window, body, wanted):
    if isinstance(body, dict):
        body = json.dumps({"id": str(uuid.uuid4()), **body}).encode()
    answer = window.ask("POST", "messages", data=body, headers=JSON)
    assert refusal(answer) == wanted
    assert window.lines() == []


def test_a_large_body_is_refused_however_it_is_sent(window):
    parts = (b"x" * 1000 for _ in range(40))
    assert refusal(window.ask("POST", "messages", data=parts, headers=JSON)) == (413, "too_large")


def test_a_form_of_another_page_is_no_message(window):
    answer = window.ask("POST", "messages", data={"text": "a"})
    assert refusal(answer) == (400, "malformed")


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "9" * 30, "²"])
def test_what_is_no_number_is_refused(window, after):
    assert refusal(window.ask("GET", f"messages?after={after}")) == (400, "malformed")


def test_a_message_of_1000_characters_is_taken(window):
    assert window.say("milia " * 166)


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


def test_after_delete_my_data_nothing_is_left(bot):
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


def test_the_clinics_details_are_there_before_a_session(bot, content):
    answer = requests.get(f"{bot.address}/chat/config", timeout=30)
    assert "Set-Cookie" not in answer.headers
    config = answer.json()
    assert config["telephone"] == content.clinic.telephone
    assert config["telephone_link"] == "tel:+442079460123"
    assert len(config["starters"]) == 3


def test_the_window_itself_may_be_loaded_by_any_page_and_is_kept(bot):
    where = f"{bot.address}/chat/widget.js"
    answer = requests.get(where, headers={"Origin": "https://else.example"}, timeout=30)
    assert answer.content == (PROJECT / "widget" / "dist" / "widget.js").read_bytes()
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert requests.get(where, headers=tag, timeout=30).status_code == 304
    versioned = requests.get(f"{where}?v=1", timeout=30)
    assert "immutable" in versioned.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["", "nothing", "session/x", "../webhooks", "%2e%2e/x"])
def test_there_is_nothing_else(bot, path):
    request = requests.Request("GET", f"{bot.address}/chat/").prepare()
    request.url = f"{bot.address}/chat/{path}"
    with requests.Session() as http:
        assert http.send(request, timeout=30).status_code == 404


def test_a_wrong_method_is_told_the_right_ones(bot):
    for method in ("PUT", "DELETE", "PATCH"):
        answer = Window(bot.address).ask(method, "messages")
        assert refusal(answer) == (405, "method")
        assert answer.headers["Allow"] == "GET, POST"


def test_the_example_page_has_the_window_under_a_strict_policy(bot):
    answer = requests.get(f"{bot.address}/example/", timeout=30)
    assert 'src="/chat/widget.js"' in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert requests.get(f"{bot.address}/example/../config.yml", timeout=30).status_code == 404
    for path in ("nothing", "%2e%2e%2fconfig.yml", "..%2fconfig.yml"):
        assert requests.get(f"{bot.address}/example/{path}", timeout=30).status_code == 404
