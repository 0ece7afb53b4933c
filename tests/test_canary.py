"""Canaries: made-up private words go through every failure; no output of any part holds them."""

import http.server
import json
import re
import threading
import uuid
from dataclasses import replace
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, inspect, text

from clinic.serve import end, status_of
from evaluation.window import Window
from tests.canary import (
    ADDRESS,
    CANARIES,
    EMAIL,
    ID,
    MESSAGES,
    MODES,
    NAME,
    NUMBER,
    PHONE,
    SECRETS,
    STORY,
    TOKENS,
    VERIFY_TOKEN,
    Broken,
    Parts,
)
from whatsapp_demo.bot import wait_for
from whatsapp_demo.graph import StandIn
from whatsapp_demo.payloads import Batch, sign


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with StandIn(tokens={TOKENS[1]}, app_secret=SECRETS[1]) as meta:
        parts_ = Parts(tmp_path_factory.mktemp("canary"), meta)
        for part in (parts_.actions, parts_.rasa, parts_.delivery):
            parts_.start(part)
        yield parts_
        end(list(parts_.running.values()))


@pytest.fixture(autouse=True)
def silent(running):
    """After each failure: nothing private in all that was written until now."""
    yield
    found = sorted({match[0] for match in CANARIES.finditer(running.output())})
    assert found == []
    assert running.secret not in running.output()


def sentence(reply):
    return re.search(r"\w+ \w+", reply)


def test_conversation(running):
    for message in MESSAGES:
        assert sentence(running.bot.text(message, ID)), message
    assert "rasa" in running.output()


def test_conversation_on_whatsapp(running):
    running.meta.faults.append("hang")
    other = replace(PHONE, wa_id=f"{PHONE.wa_id}1", user_id=f"{PHONE.user_id}1")
    running.meta.say(other, other.text(f"the answer to me hangs, {STORY}"))
    wait_for(lambda: not running.meta.faults)
    assert all(map(sentence, running.whatsapp(*MESSAGES[:-1])))
    assert "START" in running.whatsapp("STOP", NAME)[1]


def test_whatsapp_deliveries_that_are_refused(running):
    port, path = running.settings.rasa_port, "/whatsapp"
    for token in (VERIFY_TOKEN, f"{VERIFY_TOKEN}-other"):
        for mode in ("subscribe", NAME):
            shake = f"hub.mode={quote(mode)}&hub.verify_token={token}&hub.challenge={ID}"
            status_of(f"http://127.0.0.1:{port}{path}?{shake}")
    good = Batch().message(PHONE, PHONE.text(STORY)).body().decode()
    junk = {"id": "wamid.1", "from": {"name": NAME}, "type": STORY}
    unread = Batch().add(contacts=[NAME], messages=[junk, STORY], statuses=[junk]).body().decode()
    for body in (f"{{broken {NAME}", f'"{STORY}"', unread):
        head = {"X-Hub-Signature-256": sign(body.encode(), SECRETS[0])}
        assert running.post(port, path, body, **head) in (200, 400)
    for signature in ("", f"sha256={SECRETS[0]}", sign(good.encode(), f"{SECRETS[0]}-other")):
        assert running.post(port, path, good, **{"X-Hub-Signature-256": signature}) == 403


def test_meta_that_fails(running):
    meta = running.meta
    meta.faults.extend([131000, "garbage"])
    assert sentence(running.whatsapp(f"again and again, {STORY}")[0])
    # Not to be sent at all: the team gets a note with the number.
    meta.faults.append(131026)
    meta.say(PHONE, PHONE.text(STORY)).result(20)
    wait_for(lambda: not meta.faults)


def test_window(running):
    window = Window(running.bot.address)
    window.open()
    for message in MESSAGES:
        assert sentence(window.say(message)[-1]["text"]), message
    window.post("feedback", {"reply": 2, "helpful": NAME})
    message, key = {"id": str(uuid.uuid4()), "text": STORY}, {"Authorization": f"Bearer {STORY}"}
    bodies = (NAME, [NUMBER], {**message, "id": EMAIL}, {**message, "button": NAME}, {STORY: 1})
    for body in (*bodies, {**message, "text": [STORY]}, {**message, "text": STORY * 99}):
        assert window.post("messages", body).status_code >= 400
    for path in (f"messages?after={quote(NAME)}", f"transcript?{ID}", f"{ID}/nowhere", "messages"):
        window.ask("GET", path)
        window.ask("GET", path, headers={**key, "Origin": f"https://{ID}.example"})
    window.ask("POST", "messages", data=f"{{broken {NAME}", headers={"Cookie": f"clinic_chat={ID}"})
    # Who holds the token is the patient.
    token = window.http.cookies["clinic_chat"]
    assert window.post("forget").ok
    assert token not in running.output()


def test_bodies_that_are_no_messages(running):
    door = "/webhooks/rest/webhook"
    for body in (
        f"{{broken {NAME}",
        json.dumps([NAME, NUMBER]),
        json.dumps(STORY),
        json.dumps({"sender": {"name": NAME}, "message": {"text": STORY}}),
        json.dumps({"sender": ID, "message": STORY, "metadata": NAME, "input_channel": ADDRESS}),
        "null",
        "",
    ):
        assert running.post(running.settings.rasa_port, door, body)
        assert running.post(running.settings.rasa_port, f"{door}?who={ID}", body, "text/plain")
    running.post(running.settings.rasa_port, f"/nowhere/{ID}", STORY)


def test_action_calls_that_fail(running):
    message = {"text": STORY, "intent": {"name": NAME}, "questions": [{"text": NAME}]}
    good = {"sender_id": ID, "slots": {}, "latest_message": message, "events": []}
    bad_slots = {**good, "slots": {"turns_since_named": NUMBER, "draft": {"name": NAME}}}
    for call in (
        {"next_action": "action_answer_question", "tracker": good, "domain": {}},
        {"next_action": "action_answer_question", "tracker": bad_slots, "domain": {}},
        {"next_action": f"action_{ID}", "tracker": good, "domain": {}},
        {"next_action": "action_answer_question", "tracker": NAME},
        {"next_action": [STORY]},
        NAME,
        [NUMBER],
    ):
        assert running.post(running.settings.actions_port, "/webhook", json.dumps(call))
    running.post(running.settings.actions_port, "/webhook", f"{{{NAME}")


def test_deleted_data_are_gone_from_the_tables(running):
    sender = f"delete-{uuid.uuid4().hex}"
    running.bot.text(f"does it hurt? {STORY}", sender)
    asked = running.bot.text("delete my data", sender)
    assert "cannot be undone" in asked
    told = running.bot.text("Yes, delete it", sender)
    assert re.search(r"Your reference: KC-[0-9A-Z]{6}", told)
    engine = create_engine(running.settings.database, future=True)
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names()) - {"privacy_orders"}
        for table in tables:
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert not any(sender in str(row) for row in rows), table
    # The conversation begins anew.
    assert sentence(running.bot.text("and peels?", sender))


@pytest.mark.parametrize("mode", MODES)
def test_action_server_that_gives_back_what_it_was_sent(running, mode):
    if running.actions in running.running:
        running.stop(running.actions)
        assert sentence(running.bot.text(f"nobody is there, {NAME}", ID))
    Broken.mode = mode
    address = ("127.0.0.1", running.settings.actions_port)
    server = http.server.ThreadingHTTPServer(address, Broken)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert sentence(running.bot.text(f"my name is {NAME}, {NUMBER}", ID))
        assert sentence(running.whatsapp(f"my name is {NAME}, {NUMBER}")[0])
    finally:
        server.shutdown()
        server.server_close()


def test_access_tokens_that_expired(running):
    """After it, nothing is sent to Meta for some minutes."""
    meta, before = running.meta, len(running.meta.refused)
    meta.tokens = set()
    meta.say(PHONE, PHONE.text(f"nobody may answer, {NAME}")).result(20)
    wait_for(lambda: meta.refused[before:].count(190) >= len(TOKENS))
    wait_for(lambda: "refuses every access token" in running.output())


def test_database_that_is_broken(running):
    """Runs last: nothing is kept any more."""
    running.start(running.actions)
    file = running.folder / "clinic.sqlite3"
    for leftover in running.folder.glob("clinic.sqlite3-*"):
        leftover.unlink()
    file.write_bytes(f"{NAME} {NUMBER}".encode() * 1000)
    for message in (f"hello, {NAME}", "delete my data", "Yes, delete it", f"my story: {STORY}"):
        assert sentence(running.bot.text(message, ID))
    for n in range(3):
        other = replace(PHONE, wa_id=f"{PHONE.wa_id}{n}", user_id=f"{PHONE.user_id}{n}")
        body = Batch().message(other, other.text(f"{n} {STORY}")).body().decode()
        head = {"X-Hub-Signature-256": sign(body.encode(), SECRETS[0])}
        # What SQLite still has in its memory may take it.
        assert running.post(running.settings.rasa_port, "/whatsapp", body, **head) in (200, 503)
