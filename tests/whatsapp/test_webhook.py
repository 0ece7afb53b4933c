"""What comes to the webhook: known, kept once and acknowledged; or refused."""

import signal

import pytest

from clinic.channels.whatsapp.payload import key_of
from tests.whatsapp.asking import count, fetch, rows
from whatsapp_demo.bot import VERIFY_TOKEN, wait_for
from whatsapp_demo.payloads import Batch, Number, Phone, sign


def test_handshake(bot):
    def shake(token, mode="subscribe"):
        words = f"hub.mode={mode}&hub.verify_token={token}&hub.challenge=1158201444"
        return fetch(f"{bot.webhook}?{words}")

    assert shake(VERIFY_TOKEN) == (200, "1158201444")
    assert [shake("other")[0], shake("")[0], shake(VERIFY_TOKEN, "x")[0]] == [403, 403, 403]
    assert fetch(bot.webhook)[0] == 403


@pytest.mark.parametrize("forged", ["", "sha256=", "sha256=" + "0" * 64, "sha1=x", "é"])
def test_what_is_forged_is_refused_and_not_kept(bot, phone, forged):
    body = Batch().message(phone, phone.text("give me the list")).body()
    before = count(bot), count(bot, "whatsapp_patients")
    headers = {"X-Hub-Signature-256": forged.encode().decode("latin-1")} if forged else {}
    assert fetch(bot.webhook, body, headers)[0] == 403
    other = {"X-Hub-Signature-256": sign(body + b" ", bot.stand_in.app_secret)}
    assert fetch(bot.webhook, body, other)[0] == 403
    assert (count(bot), count(bot, "whatsapp_patients")) == before


def test_both_app_secrets_are_accepted(bot, meta, phone):
    meta.knows(phone)
    for secret in bot.settings.whatsapp.app_secrets:
        body = Batch().message(phone, phone.text("what are milia")).body()
        headers = {"X-Hub-Signature-256": sign(body, secret)}
        assert fetch(bot.webhook, body, headers)[0] == 200
    wait_for(lambda: len(meta.texts(phone)) == 2)


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff\xfe", b"[" * 5000, b"{}", b"[]", b"1"])
def test_whatever_is_signed_is_never_a_fault_of_ours(bot, body):
    headers = {"X-Hub-Signature-256": sign(body, bot.stand_in.app_secret)}
    assert fetch(bot.webhook, body, headers)[0] in (200, 400)


def test_junk_in_a_batch_takes_no_neighbour_with_it(bot, meta, phone):
    junk = [None, 1, "x", [], {}, {"type": "text"}, {"id": 5, "from": {}, "type": "text"}]
    junk += [{"id": "a", "from": phone.wa_id, "type": "text", "text": {"body": 7}}]
    junk += [{"id": "b", "from": "\ud800", "timestamp": "-1" * 400, "type": "x"}]
    good = phone.text("does freezing hurt")
    made = Batch()
    made.add(contacts=junk, messages=[*junk, good, *junk], statuses=junk, errors=junk)
    made.changes += [{"value": one} for one in junk] + junk
    meta.knows(phone)
    # One piece of the junk can be read, and so is answered.
    meta.knows(Phone(wa_id="?", user_id="?"))
    assert meta.deliver(made.body(), times=2).result(20) == 200
    wait_for(lambda: any("minimal discomfort" in said for said in meta.texts(phone)))


def test_a_message_that_comes_five_times_is_answered_once(bot, meta, phone):
    message = phone.text("what are milia")
    assert meta.say(phone, message, times=5).result(20) == 200
    bot.ask(phone, "does freezing hurt")
    wait_for(lambda: len(meta.texts(phone)) == 2)
    kept = rows(bot, "SELECT count(*) FROM inbox WHERE message_id = :m", m=key_of(message["id"]))
    assert kept[0][0] == 1


def test_it_is_acknowledged_while_the_turn_still_waits_and_answered_afterwards(bot, meta, phone):
    actions = bot.processes["action server"]
    actions.send_signal(signal.SIGSTOP)
    try:
        assert meta.say(phone, phone.text("what are milia")).result(20) == 200
        assert meta.texts(phone) == []
    finally:
        actions.send_signal(signal.SIGCONT)
    wait_for(lambda: meta.texts(phone))


def test_what_is_for_another_number_is_left_to_its_owner(bot, meta, phone):
    before = count(bot)
    body = Batch(Number(id="999999999")).message(phone, phone.text("for the staff's phone")).body()
    assert meta.deliver(body).result(20) == 200
    assert count(bot) == before
