"""clinic.booking.notify: a real https server and a real mail server take, refuse and delay."""

import email
import email.policy
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from clinic.booking import notify
from clinic.booking.notify import LARGEST, Mail, Webhook, message, payload
from clinic.booking.outbox import Note
from clinic.errors import DeliveryError
from tests.booking import NOON
from tests.team import SECRET, Desk, Postbox

ABOUT = {
    "kind": "consultation",
    "name": "Priya",
    "contact": "07400 123456",
    "stored": "+447400123456",
    "times": "Fridays",
    "adult": True,
    "questions": ["how much is it?"],
    "consent": {"version": "2026-11", "at": NOON.isoformat(), "text": "You agree."},
}


def note(kind="request.created", **about):
    return Note("note_1", "KC-7F4Q2M", kind, "webhook", 0, NOON, "claim", {**ABOUT, **about})


@pytest.fixture
def team(tmp_path, monkeypatch):
    with Desk() as desk:
        monkeypatch.setenv("SSL_CERT_FILE", desk.trusted(tmp_path))
        yield desk


@pytest.fixture
def post():
    with Postbox() as postbox:
        yield postbox


def webhook(desk, private=True):
    return Webhook(desk.address, SECRET, private)


# The webhook.


def test_webhook_is_signed_and_holds_the_request(team):
    webhook(team).send(note())
    [(identity, body)] = team.got
    assert identity == "note_1"
    assert body["type"] == "request.created"
    assert body["data"]["reference"] == "KC-7F4Q2M"
    assert body["data"]["questions"] == ["how much is it?"]
    assert set(body) == {"type", "timestamp", "schema", "data"}


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 500, 503])
def test_status_other_than_success_is_a_failure(team, status):
    team.answers.append(status)
    with pytest.raises(DeliveryError, match=f"status {status}") as failed:
        webhook(team).send(note())
    assert not failed.value.gone
    # A redirect is not followed.
    assert len(team.got) == 1


def test_gone_is_gone(team):
    team.answers.append(410)
    with pytest.raises(DeliveryError) as failed:
        webhook(team).send(note())
    assert failed.value.gone


@pytest.mark.parametrize("how", ["cut before", "cut after"])
def test_connection_that_is_cut_is_a_failure(team, how):
    team.answers.append(how)
    with pytest.raises(DeliveryError):
        webhook(team).send(note())


def test_slow_server_is_given_up(team, monkeypatch):
    monkeypatch.setattr(notify, "TIMEOUT", 1)
    team.answers.append("slow")
    with pytest.raises(DeliveryError, match="TimeoutError"):
        webhook(team).send(note())


def test_certificate_of_somebody_else_is_refused(team, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(DeliveryError, match="Certificate"):
        webhook(team).send(note())
    assert team.got == []


def test_certificate_for_another_name_is_refused(tmp_path, monkeypatch):
    with Desk(host="elsewhere.example") as desk:
        monkeypatch.setenv("SSL_CERT_FILE", desk.trusted(tmp_path))
        with pytest.raises(DeliveryError, match="Certificate"):
            webhook(desk).send(note())


@pytest.mark.parametrize(
    "address", ["https://localhost:1", "https://127.0.0.1:1", "https://[::1]:1", "https://10.0.0.1"]
)
def test_private_address_needs_the_setting(address):
    with pytest.raises(DeliveryError, match="private"):
        Webhook(address, SECRET).send(note())


def test_body_stays_small(team):
    long = [{"at": "", "wish": "x" * 1000} for _ in range(40)]
    assert len(payload(note(changes=long), datetime.now(UTC)).encode()) <= LARGEST


# The e-mail.


def mail(postbox):
    return Mail(postbox.address, "desk@karmaclinic.co.uk", "bot@karmaclinic.co.uk")


def taken(postbox):
    [envelope] = postbox.got
    return email.message_from_bytes(envelope.content, policy=email.policy.default)


def test_mail_has_the_reference_alone_as_its_subject(post):
    mail(post).send(note())
    got = taken(post)
    assert got["Subject"] == "KC-7F4Q2M"
    assert got["Message-ID"] == "<note_1@karmaclinic.co.uk>"
    headers = " ".join(f"{name} {value}" for name, value in got.items())
    assert "Priya" not in headers
    assert "Contact: 07400 123456" in got.get_content()
    assert "18 or over: yes" in got.get_content()


def test_mail_has_the_same_id_at_each_try(post):
    for _ in range(2):
        mail(post).send(note())
    first, second = (email.message_from_bytes(one.content) for one in post.got)
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize(
    "answer", ["550 no such desk", "451 greylisted, come back later", "554 no", "452 full"]
)
def test_mail_that_is_not_taken_is_a_failure(post, answer):
    post.answers.append(answer)
    with pytest.raises(DeliveryError, match=answer[:3]):
        mail(post).send(note())


def test_greylisted_mail_is_taken_at_the_next_try(post):
    post.answers.append("451 greylisted, come back later")
    with pytest.raises(DeliveryError):
        mail(post).send(note())
    mail(post).send(note())
    assert len(post.got) == 1


def test_slow_mail_server_is_given_up(post, monkeypatch):
    monkeypatch.setattr(notify, "TIMEOUT", 0.2)
    post.answers.append("slow")
    with pytest.raises(DeliveryError, match="TimeoutError|Disconnected"):
        mail(post).send(note())


def test_no_mail_server_is_a_failure():
    with pytest.raises(DeliveryError):
        Mail("smtp://127.0.0.1:1", "a@b.uk", "c@d.uk").send(note())


def test_password_is_never_sent_in_the_clear_to_another_machine(post):
    address = post.address.replace("127.0.0.1", "127.0.0.2")
    with pytest.raises(DeliveryError):
        Mail(address, "a@b.uk", "c@d.uk").send(note())


NASTY = "Priya\r\nBcc: all@example.com\r\n\r\nX: y"


def test_patient_writes_no_header(post):
    mail(post).send(note(name=NASTY, times=NASTY, questions=[NASTY]))
    got = taken(post)
    assert got["Bcc"] is None
    assert got["X"] is None
    assert "Name: Priya Bcc: all@example.com X: y" in got.get_content()
    assert post.got[0].rcpt_tos == ["desk@karmaclinic.co.uk"]


def test_confirmed_time_carries_a_calendar_entry_without_the_name():
    at = "2026-12-04T10:30:00+00:00"
    got = message(note("request.confirmed", confirmed_for=at), "bot@a.uk", "desk@a.uk")
    [entry] = list(got.iter_attachments())
    assert entry.get_filename() == "KC-7F4Q2M.ics"
    text = entry.get_content()
    text = text if isinstance(text, str) else text.decode()
    [event] = Calendar.from_ical(text).walk("VEVENT")
    assert event["SUMMARY"] == "KC-7F4Q2M: consultation"
    assert event["DTSTART"].dt.isoformat() == at
    assert "Priya" not in text


def test_request_that_is_not_confirmed_has_no_calendar_entry():
    assert list(message(note(), "bot@a.uk", "desk@a.uk").iter_attachments()) == []
