"""The parts of the website channel: tokens, origins, limits, buttons, on both databases."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrate_limiter import Rate
from sqlalchemy import text

from clinic.channels.website import limits
from clinic.channels.website.limits import Limit, sender
from clinic.channels.website.lines import Lines
from clinic.channels.website.origins import is_own, shared_with
from clinic.channels.website.refusals import SENTENCE, STATUS, RefusedError
from clinic.channels.website.sessions import Session, Sessions, Signer
from clinic.cipher import DEVELOPMENT_KEY, Cipher, new_key

NOW = datetime(2026, 11, 25, 14, tzinfo=UTC)
SESSION = Session("0123456789abcdef" * 2)
LATER = NOW + timedelta(hours=24)
HOST = {"host": "chat.clinic.example"}
ALLOWED = ("https://www.clinic.example",)


def test_a_token_leads_to_its_session_until_its_time_is_over():
    signer = Signer([DEVELOPMENT_KEY])
    token = signer.sign(SESSION, LATER)
    assert signer.read(token, NOW) == SESSION
    assert signer.read(token, LATER) is None


def test_a_token_of_an_old_key_is_read_as_long_as_the_key_is_kept():
    old, new = new_key(), new_key()
    token = Signer([old]).sign(SESSION, LATER)
    assert Signer([new, old]).read(token, NOW) == SESSION
    assert Signer([new]).read(token, NOW) is None
    assert Signer([old]).read(Signer([new, old]).sign(SESSION, LATER), NOW) is None


@given(st.integers(0, 200), st.characters())
def test_a_token_that_differs_in_one_letter_opens_nothing(place, letter):
    token = Signer([DEVELOPMENT_KEY]).sign(SESSION, LATER)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    found = Signer([DEVELOPMENT_KEY]).read(changed, NOW)
    assert found is None or changed == token


@given(st.text())
def test_whatever_is_no_token_opens_nothing(token):
    assert Signer([DEVELOPMENT_KEY]).read(token, NOW) is None


def test_no_name_of_a_session_tells_its_secret_number():
    assert SESSION.number not in SESSION.conversation + SESSION.name
    assert SESSION.conversation[4:] != SESSION.name
    assert SESSION.name not in SESSION.conversation


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({"origin": "https://chat.clinic.example"}, True),
        ({"origin": "https://chat.clinic.example:443"}, True),
        ({"origin": "https://chat.clinic.example:8443"}, None),
        ({"origin": "https://www.clinic.example"}, False),
        ({"origin": "https://WWW.clinic.example"}, False),
        ({"origin": "http://www.clinic.example"}, None),
        ({"origin": "https://www.clinic.example.evil.example"}, None),
        ({"origin": "https://evil.example"}, None),
        ({"origin": "null"}, None),
        ({"origin": ""}, None),
        ({"origin": "https://[::1"}, None),
        ({"origin": "https://x:99999999"}, None),
        ({}, None),
    ],
)
def test_only_named_pages_may_post(headers, own):
    headers = HOST | headers
    if own is not None:
        assert is_own(headers, "POST", ALLOWED) is own
        assert shared_with(headers, ALLOWED)["Access-Control-Allow-Origin"] == headers["origin"]
    else:
        with pytest.raises(RefusedError, match="origin"):
            is_own(headers, "POST", ALLOWED)
        assert shared_with(headers, ALLOWED) == {}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_cannot_make_a_browser_read(site):
    with pytest.raises(RefusedError, match="origin"):
        is_own(HOST | {"sec-fetch-site": site}, "GET", ALLOWED)
    assert is_own(HOST | {"sec-fetch-site": "same-origin"}, "GET", ALLOWED)
    assert is_own(HOST, "GET", ALLOWED)


@pytest.mark.parametrize(
    ("forwarded", "proxies", "wanted"),
    [
        ("203.0.113.9", 0, "127.0.0.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", 1, "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9, 10.0.0.1", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "127.0.0.1"),
        ("nonsense", 1, "127.0.0.1"),
        ("", 1, "127.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:ffff::1]", 1, "2001:db8:1:2::/64"),
    ],
)
def test_an_address_is_believed_only_as_far_as_our_proxies_wrote_it(forwarded, proxies, wanted):
    assert sender("127.0.0.1", forwarded, proxies) == wanted


def test_a_limit_says_when_to_come_again_and_then_lets_in():
    clock = [0]
    limit = Limit((Rate(3, 10_000), Rate(4, 60_000)), lambda: clock[0])
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 0]
    assert limit.wait("a") == 10
    assert limit.wait("b") == 0
    clock[0] = 9_500
    assert limit.wait("a") == 1
    clock[0] = 10_500
    assert limit.wait("a") == 0
    assert limit.wait("a") == 50
    clock[0] = 60_500
    assert limit.wait("a") == 0


def test_buckets_of_those_who_are_gone_are_thrown_away(monkeypatch):
    monkeypatch.setattr(limits, "TIDY", 10)
    clock = [0]
    limit = Limit((Rate(3, 1_000),), lambda: clock[0])
    for n in range(200):
        clock[0] += 500
        limit.wait(str(n))
    assert len(limit.buckets) < 30


@given(st.lists(st.integers(0, 4_000), max_size=60))
def test_never_more_than_the_limit_in_any_while(pauses):
    clock, let_in = [0], []
    limit = Limit((Rate(5, 10_000),), lambda: clock[0])
    for pause in pauses:
        clock[0] += pause
        if limit.wait("a") == 0:
            let_in.append(clock[0])
    for first, sixth in zip(let_in, let_in[5:], strict=False):
        assert sixth - first >= 10_000


def test_every_refusal_has_a_sentence(content):
    for code in STATUS:
        assert getattr(content.window, SENTENCE.get(code, code))


@pytest.fixture
def rooms(database):
    """Two sessions, and their lines."""
    sessions = Sessions(database, lambda: NOW)
    lines = Lines(database, Cipher([DEVELOPMENT_KEY]), lambda: NOW)
    return lines, sessions.begin(), sessions.begin()


def say(lines, session, *said, role="bot", message=None):
    with lines.engine.begin() as connection:
        lines.add(connection, session.conversation, role, message or str(uuid.uuid4()), said)


def test_lines_are_numbered_for_each_session(rooms):
    lines, one, other = rooms
    say(lines, one, {"text": "a"}, {"text": "b"})
    say(lines, other, {"text": "x"})
    say(lines, one, {"text": "c"})
    found = lines.after(one.conversation, 0)
    assert [(line["n"], line["text"]) for line in found] == [(1, "a"), (2, "b"), (3, "c")]
    assert [line["text"] for line in lines.after(one.conversation, 2)] == ["c"]
    assert [line["n"] for line in lines.after(other.conversation, 0)] == [1]
    assert found[0]["time"] == "2026-11-25T14:00:00+00:00"


def test_a_button_leads_to_its_words_in_its_own_session_alone(rooms):
    lines, one, other = rooms
    said = {"text": "Choose", "buttons": [{"title": "Change name", "payload": "I want another"}]}
    say(lines, one, said)
    say(lines, other, said)
    (line,) = lines.after(one.conversation, 0)
    (button,) = line["buttons"]
    assert set(button) == {"id", "title"}
    assert "another" not in str(line)
    assert lines.words(one.conversation, button["id"]) == "I want another"
    assert lines.words(other.conversation, button["id"]) is None
    for forged in ("", "1", "1-", "2-x", "-1", "9" * 40, "1-" + "A" * 12, "²-x", "I want another"):
        assert lines.words(one.conversation, forged) is None


def test_a_change_on_the_check_page_is_a_button(rooms):
    lines, one, _ = rooms
    row = {"label": "Name", "value": "Priya", "change": "Change name"}
    fixed = {"label": "Consent", "value": "yes"}
    say(lines, one, {"text": "Check", "show": {"kind": "check", "rows": [row, fixed]}})
    (line,) = lines.after(one.conversation, 0)
    changed, kept = line["show"]["rows"]
    assert changed["change"]["title"] == "Change name"
    assert lines.words(one.conversation, changed["change"]["id"]) == "Change name"
    assert kept["change"] is None


def test_what_is_kept_cannot_be_read(rooms):
    lines, one, _ = rooms
    say(lines, one, {"text": "Thank you, Priya", "buttons": []}, role="bot")
    with lines.engine.connect() as connection:
        assert "Priya" not in str(connection.execute(text("SELECT * FROM website_lines")).all())


def test_a_session_that_was_restarted_or_deleted_is_over(database):
    sessions = Sessions(database, lambda: NOW)
    first = sessions.begin()
    assert sessions.ended(first.conversation) is None
    second = sessions.restart(first)
    assert sessions.ended(first.conversation) == "restarted"
    assert sessions.ended(second.conversation) is None
    assert sessions.ended(SESSION.conversation) == "forgotten"


def test_nothing_is_added_to_a_session_that_is_gone(database):
    lines = Lines(database, Cipher([DEVELOPMENT_KEY]), lambda: NOW)
    say(lines, SESSION, {"text": "too late"})
    assert lines.after(SESSION.conversation, 0) == []
