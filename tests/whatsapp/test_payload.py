"""Reading deliveries: every part, each by itself; pywa as the independent reader and signer."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pywa import WhatsApp, utils
from pywa.types import CallbackButton, CallbackSelection, Message, MessageStatus, PhoneNumberChange

from clinic.channels.whatsapp.payload import Change, Patient, Status, key_of, read
from clinic.channels.whatsapp.signature import is_genuine, is_verify_token
from tests.whatsapp.junk import JUNK, payload_with
from whatsapp_demo.payloads import Batch, Number, Phone, changed_number, new_wamid, sign, status

NUMBER = Number()
PRIYA = Phone()
OLD = Phone(has_user_id=False)
HIDDEN = Phone(wa_id="447400123457", user_id="GB.2", hides_number=True)
MEDIA = {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}
# kind as Meta names it, what is inside -> what we read
KINDS = [
    ("audio", {**MEDIA, "voice": True}, "audio"),
    ("image", MEDIA, "image"),
    ("video", MEDIA, "video"),
    ("document", {**MEDIA, "filename": "letter.pdf"}, "document"),
    ("sticker", MEDIA, "sticker"),
    ("location", {"latitude": 51.5, "longitude": -0.1}, "location"),
    ("contacts", [{"name": {"formatted_name": "A"}}], "contacts"),
    ("reaction", {"message_id": "wamid.x", "emoji": "👍"}, "reaction"),
    ("reaction", {"message_id": "wamid.x"}, "reaction"),
    ("order", {"catalog_id": "1", "product_items": []}, "order"),
    ("revoke", {"original_message_id": "wamid.x"}, "revoke"),
    ("unsupported", {"type": "poll_creation"}, "unsupported"),
    ("something_new", {"a": 1}, "unsupported"),
    ("text", {"body": " "}, "unsupported"),
    ("text", {}, "unsupported"),
    ("interactive", {"type": "nfm_reply", "nfm_reply": {"name": "flow"}}, "unsupported"),
]


def read_body(body, numbers=(NUMBER.id,), now=None):
    return read(json.loads(body), numbers, time.time() if now is None else now)


def batch(*messages):
    made = Batch(NUMBER)
    for phone, message in messages:
        made.message(phone, message)
    return made.body()


def test_every_message_of_every_entry_and_change_is_read_the_oldest_first():
    written = [(PRIYA, "fourth"), (OLD, "third"), (HIDDEN, "second"), (PRIYA, "first")]
    body = batch(*((p, p.text(words, at=1000 - n)) for n, (p, words) in enumerate(written)))
    assert len(json.loads(body)["entry"]) > 1
    found = read_body(body).messages
    assert [one.text for one in found] == ["first", "second", "third", "fourth"]
    assert [one.patient for one in found] == [
        Patient(NUMBER.id, PRIYA.user_id, PRIYA.wa_id),
        Patient(NUMBER.id, "GB.2", ""),
        Patient(NUMBER.id, "", OLD.wa_id),
        Patient(NUMBER.id, PRIYA.user_id, PRIYA.wa_id),
    ]


def test_several_messages_of_several_people_in_one_change():
    made = Batch(NUMBER).add(
        contacts=[PRIYA.contact, HIDDEN.contact],
        messages=[HIDDEN.text("mine", at=1), PRIYA.text("hers", at=2)],
    )
    assert [(one.text, one.patient.user_id) for one in read_body(made.body()).messages] == [
        ("mine", HIDDEN.user_id),
        ("hers", PRIYA.user_id),
    ]


def test_a_contact_of_somebody_else_lends_no_id():
    stranger = Phone(wa_id="447400123499", user_id="GB.9")
    made = Batch(NUMBER).add(contacts=[stranger.contact], messages=[OLD.text("hello")])
    assert read_body(made.body()).messages[0].patient == Patient(NUMBER.id, "", OLD.wa_id)


@pytest.mark.parametrize(("kind", "inside", "read_as"), KINDS)
def test_every_kind_is_read(kind, inside, read_as):
    found = read_body(batch((PRIYA, PRIYA.writes(kind, inside)))).messages
    assert [one.kind for one in found] == [read_as]


def test_words_of_a_caption_a_button_a_row_and_an_edit():
    edit = {"original_message_id": "wamid.x", "message": {"type": "text", "text": {"body": "e"}}}
    row = {"id": "key.1", "title": "How long does…", "description": "How long does it take?"}
    found = read_body(
        batch(
            (PRIYA, PRIYA.writes("image", {**MEDIA, "caption": "a"}, at=1)),
            (PRIYA, PRIYA.writes("button", {"text": "b", "payload": "p"}, at=2)),
            (PRIYA, PRIYA.taps({"id": "key.0", "title": "c"})),
            (PRIYA, PRIYA.taps(row)),
            (PRIYA, PRIYA.writes("edit", edit, at=0)),
        )
    ).messages
    assert [(one.kind, one.text, one.choice) for one in found] == [
        ("text", "e", ""),
        ("image", "a", ""),
        ("text", "b", ""),
        ("text", "c", "key.0"),
        ("text", "How long does it take?", "key.1"),
    ]


def test_statuses_and_their_errors():
    made = Batch(NUMBER)
    made.add(contacts=[PRIYA.contact], statuses=[status("wamid.1", PRIYA, "sent", "row")])
    made.add(contacts=[PRIYA.contact], statuses=[status("wamid.1", PRIYA, "failed", code=131047)])
    found = [(s.wamid, s.status, s.code, s.row) for s in read_body(made.body()).statuses]
    assert found == [("wamid.1", "sent", None, "row"), ("wamid.1", "failed", 131047, "")]


def test_a_changed_number_is_a_change_and_no_message():
    new = Phone(wa_id="447400123458", user_id="GB.3")
    found = read_body(batch((PRIYA, changed_number(PRIYA, new))))
    assert found.messages == []
    [change] = found.changes
    assert isinstance(change, Change)
    assert (change.old.user_id, change.old.wa_id) == (PRIYA.user_id, PRIYA.wa_id)
    assert (change.new.user_id, change.new.wa_id) == (new.user_id, new.wa_id)


def test_another_number_a_group_and_other_fields_are_not_ours():
    other = Batch(Number(id="999999")).message(PRIYA, PRIYA.text("to staff")).body()
    group = batch((PRIYA, {**PRIYA.text("to all"), "group_id": "g"}))
    templates = {"entry": [{"changes": [{"field": "message_template_status_update", "value": {}}]}]}
    for body in (other, group, json.dumps(templates)):
        found = read_body(body)
        assert (found.messages, found.statuses, found.changes, found.unread) == ([], [], [], 0)


def test_a_message_without_an_id_is_still_one_message():
    message = PRIYA.text("no id")
    del message["id"]
    [one], [again] = (read_body(batch((PRIYA, message))).messages for _ in range(2))
    assert one.key == again.key


def test_ids_are_kept_as_a_hash():
    wamid = new_wamid(PRIYA.wa_id)
    assert key_of(wamid) != wamid
    assert len(key_of(wamid)) == 40


def test_nobody_writes_in_the_future():
    assert read_body(batch((PRIYA, PRIYA.text("x", at=2**40))), now=5.0).messages[0].sent_at == 5.0


# Whatever stands beside it: a message that can be read is read.


@given(st.lists(JUNK, max_size=4), st.lists(JUNK, max_size=4), JUNK, JUNK)
def test_no_neighbour_is_lost_whatever_stands_in_the_batch(before, after, contacts, statuses):
    good = PRIYA.text("does it hurt?")
    payload = payload_with(good, before, after, contacts, statuses)
    found = read(json.loads(json.dumps(payload)), [NUMBER.id], time.time())
    assert good["id"] in [one.wamid for one in found.messages]


@given(JUNK)
def test_nothing_raises(payload):
    read(payload, [NUMBER.id], 0.0)


# pywa, which was written by others, agrees.


@pytest.fixture
def pywa():
    return WhatsApp(
        phone_id=NUMBER.id,
        token="token",
        server=None,
        verify_token="words",
        app_secret="secret",
        filter_updates=False,
    )


@given(st.binary(max_size=300), st.text(min_size=1, max_size=20), st.text(max_size=70))
def test_pywa_and_we_accept_the_same_signatures(body, secret, other):
    good = sign(body, secret)
    assert utils.webhook_updates_validator(secret, body, good)
    assert is_genuine(body, good, ["another", secret])
    assert not is_genuine(body + b" ", good, [secret])
    assert not is_genuine(body, other, [secret])
    assert not is_genuine(body, None, [secret])
    assert not is_genuine(body, good, [])


def test_verify_token_is_the_whole_of_it():
    assert is_verify_token("words", "words")
    assert not any(is_verify_token(one, "words") for one in (None, "", "word", "words ", "\ud800"))


def heard_by(pywa, kind, register):
    heard = []
    getattr(pywa, register)()(lambda _, update: heard.append(update))
    return heard


def test_pywa_reads_our_stand_ins_payloads_as_we_do(pywa):
    messages = heard_by(pywa, Message, "on_message")
    buttons = heard_by(pywa, CallbackButton, "on_callback_button")
    rows = heard_by(pywa, CallbackSelection, "on_callback_selection")
    changes = heard_by(pywa, PhoneNumberChange, "on_phone_number_change")
    statuses = heard_by(pywa, MessageStatus, "on_message_status")
    row = {"id": "k.1", "title": "Healing", "description": "How long?"}
    sent = [
        batch((PRIYA, PRIYA.text("does it hurt?"))),
        batch((PRIYA, PRIYA.writes("image", {**MEDIA, "caption": "mine"}))),
        batch((HIDDEN, HIDDEN.taps({"id": "k.0", "title": "Price"}))),
        batch((PRIYA, PRIYA.taps(row))),
        batch((PRIYA, changed_number(PRIYA, Phone(wa_id="447400123458", user_id="GB.3")))),
        Batch(NUMBER)
        .add(contacts=[PRIYA.contact], statuses=[status("wamid.1", PRIYA, "failed", "r", 131026)])
        .body(),
    ]
    for body in sent:
        pywa.webhook_update_handler(body)
    ours = [read_body(body) for body in sent]
    assert [(m.id, m.from_user.bsuid, m.from_user.wa_id) for m in messages] == [
        (one.wamid, one.patient.user_id, one.patient.wa_id)
        for found in ours[:2]
        for one in found.messages
    ]
    assert [(messages[0].text, messages[1].caption)] == [("does it hurt?", "mine")]
    assert [(one.data, one.title, one.from_user.wa_id) for one in buttons] == [
        ("k.0", "Price", None)
    ]
    assert [(one.data, one.description) for one in rows] == [("k.1", "How long?")]
    assert [(one.old_wa_id, one.new_wa_id, one.new_user_id) for one in changes] == [
        (one.old.wa_id, one.new.wa_id, one.new.user_id) for one in ours[4].changes
    ]
    [told] = statuses
    [kept] = ours[5].statuses
    assert isinstance(kept, Status)
    assert (told.id, told.status.value, told.error.code, told.tracker) == (
        kept.wamid,
        kept.status,
        kept.code,
        kept.row,
    )
