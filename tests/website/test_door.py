"""Who and what is let in at /chat, over real HTTP: the real Rasa server."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import requests

from clinic.channels.website.sessions import Session, Signer
from clinic.cipher import DEVELOPMENT_KEY, new_key
from clinic.settings import PROJECT
from evaluation.window import Window
from tests.website.asking import ROUTES, SITE, refusal

JSON = {"Content-Type": "application/json"}


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


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "9" * 30, "²", ""])
def test_what_is_no_number_is_refused(window, after):
    assert refusal(window.ask("GET", f"messages?after={after}")) == (400, "malformed")


def test_a_message_of_1000_characters_is_taken(window):
    assert window.say("milia " * 166)


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
    for method in ("PUT", "DELETE", "PATCH", "TRACE"):
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
