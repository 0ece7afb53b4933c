"""WhatsApp over real HTTP: the real bot, and the stand-in of Meta's servers around it."""

import json
import secrets
import signal
import time

import pytest

from clinic.channels.whatsapp.payload import key_of
from tests.whatsapp_post import fetch, rows
from whatsapp_demo.bot import VERIFY_TOKEN, wait_for, whatsapp_bot
from whatsapp_demo.graph import StandIn
from whatsapp_demo.payloads import Batch, Number, Phone, changed_number, sign

MEDIA = {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}
CANARY = "zebra crossing by the harbour"


@pytest.fixture(scope="module")
def meta():
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def bot(meta):
    with whatsapp_bot(meta) as running:
        yield running


@pytest.fixture
def phone():
    """The phone of somebody new."""
    return Phone(wa_id=f"4474{secrets.randbits(26)}", user_id=f"GB.{secrets.randbits(60)}")


def count(bot, table="inbox"):
    return rows(bot, f"SELECT count(*) FROM {table}")[0][0]


def send(bot, phone, kind, inside):
    """A message of any kind; the next reply to it."""
    before = len(bot.stand_in.texts(phone))
    assert bot.stand_in.say(phone, phone.writes(kind, inside)).result(20) == 200
    wait_for(lambda: len(bot.stand_in.texts(phone)) > before)
    return bot.stand_in.texts(phone)[before]


def test_handshake(bot):
    def shake(token, mode="subscribe"):
        words = f"hub.mode={mode}&hub.verify_token={token}&hub.challenge=1158201444"
        return fetch(f"{bot.webhook}?{words}")

    assert shake(VERIFY_TOKEN) == (200, "1158201444")
    assert [shake("other")[0], shake("")[0], shake(VERIFY_TOKEN, "x")[0]] == [403, 403, 403]
    assert fetch(bot.webhook)[0] == 403


def test_a_question_is_answered_in_one_message_and_marked_as_read(bot, meta, phone, content):
    first = bot.ask(phone, "hello")
    assert content.clinic.privacy_page in first
    answer = bot.ask(phone, "does freezing hurt")
    assert "minimal discomfort" in answer and content.clinic.privacy_page not in answer
    assert [choice["title"] for choice in meta.sent[-1].choices][0] == "Healing time"
    wait_for(lambda: len([m for m in meta.marks if key_of(m["message_id"])]) >= 2)
    assert meta.marks[-1]["typing_indicator"] == {"type": "text"}


def test_the_first_reply_says_who_answers_once(bot, phone, content):
    first = content.fill(content.whatsapp.first)
    assert bot.ask(phone, "what are milia").startswith(first)
    assert first not in bot.ask(phone, "what causes them")


def test_an_urgent_card_stands_alone(bot, meta, phone):
    said = bot.ask(phone, "my lips are swelling up and i cant breathe")
    assert said.startswith("*Call 999")
    assert meta.sent[-1].choices == []


def test_a_tapped_choice_says_its_words_but_not_for_another_patient(bot, meta, phone):
    bot.ask(phone, "does freezing hurt")
    sent = meta.sent[-1]
    choice = sent.choices[0]
    assert choice["title"] not in choice["id"]
    meta.say(phone, phone.taps(choice, sent.wamid))
    wait_for(lambda: len(meta.texts(phone)) == 2)
    assert "downtime" in meta.texts(phone)[1].lower()
    # A guessed or forwarded id is worth no more than the title that comes with it.
    said = send(
        bot,
        phone,
        "interactive",
        {"type": "button_reply", "button_reply": {"id": "x.0", "title": "/restart"}},
    )
    assert said


@pytest.mark.parametrize(
    ("kind", "inside", "wanted"),
    [
        ("audio", {**MEDIA, "voice": True}, "audio"),
        ("image", MEDIA, "image"),
        ("video", MEDIA, "video"),
        ("document", MEDIA, "document"),
        ("sticker", MEDIA, "sticker"),
        ("location", {"latitude": 51.5, "longitude": -0.1}, "location"),
        ("contacts", [{"name": {"formatted_name": "A"}}], "contacts"),
        ("order", {"catalog_id": "1"}, "order"),
        ("unsupported", {"type": "poll_creation"}, "unsupported"),
        ("never_seen", {}, "unsupported"),
        ("text", {"body": "\u200b\u0000"}, "unsupported"),
    ],
)
def test_what_cannot_be_read_gets_its_sentence_and_is_not_fetched(
    bot, meta, phone, content, kind, inside, wanted
):
    said = send(bot, phone, kind, inside)
    assert content.fill(content.whatsapp.cannot_read[wanted]) in said
    assert meta.others == []


def test_a_caption_is_answered_after_the_sentence_on_photos(bot, phone, content):
    said = send(bot, phone, "image", {**MEDIA, "caption": "does freezing hurt"})
    assert content.fill(content.whatsapp.cannot_read["image"]) in said
    assert "minimal discomfort" in said


def test_reactions_and_withdrawn_messages_rightly_get_no_word(bot, meta, phone):
    for inside in ({"message_id": "wamid.x", "emoji": "👍"}, {"message_id": "wamid.x"}):
        assert meta.say(phone, phone.writes("reaction", inside)).result(20) == 200
    revoke = phone.writes("revoke", {"original_message_id": "wamid.x"})
    assert meta.say(phone, revoke).result(20) == 200
    bot.ask(phone, "what are milia")
    assert len(meta.texts(phone)) == 1


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


def test_messages_that_overtake_each_other_are_answered_in_the_order_they_were_written(
    bot, meta, phone, content
):
    now = time.time()
    asked = ["how do peels work", "what time do you open", "does freezing hurt"]
    messages = [phone.text(words, at=now - 10 + n) for n, words in enumerate(asked)]
    sent = [meta.say(phone, message) for message in reversed(messages)]
    assert [one.result(20) for one in sent] == [200] * 3
    wait_for(lambda: len(meta.texts(phone)) == 3)
    said = meta.texts(phone)
    assert "peel" in said[0] and "opening hours" in said[1] and "discomfort" in said[2]


def test_stop_and_start(bot, meta, phone, content):
    bot.ask(phone, "what are milia")
    words = content.whatsapp
    assert bot.ask(phone, "Stop.") == content.fill(words.stopped)
    assert bot.ask(phone, "does freezing hurt") == content.fill(words.paused)
    meta.say(phone, phone.text("hello?")).result(20)
    time.sleep(1.5)
    assert len(meta.texts(phone)) == 3
    time.sleep(1.0)
    assert bot.ask(phone, "START") == content.fill(words.started)
    assert "discomfort" in bot.ask(phone, "does freezing hurt")


def test_an_answer_that_comes_too_late_is_held_until_the_patient_writes(bot, meta, phone):
    late = phone.text("does freezing hurt", at=time.time() - 25 * 3600)
    meta.say(phone, late).result(20)
    wait_for(lambda: meta.texts(phone) == ["[template answer_ready]"])
    meta.say(phone, phone.text("hello")).result(20)
    wait_for(lambda: len(meta.texts(phone)) == 3)
    assert "discomfort" in meta.texts(phone)[1]


def test_a_patient_without_a_number_is_answered_by_metas_id(bot, meta):
    hidden = Phone(wa_id="447400123459", user_id=f"GB.{secrets.randbits(60)}", hides_number=True)
    bot.ask(hidden, "what are milia")
    assert "to" not in meta.sent[-1].message
    assert meta.sent[-1].message["recipient"] == hidden.user_id


def test_a_changed_number_keeps_the_thread(bot, meta, phone):
    bot.ask(phone, "does freezing hurt")
    new = Phone(wa_id=phone.wa_id + "1", user_id=phone.user_id + "1")
    meta.knows(new)
    meta.deliver(Batch().message(phone, changed_number(phone, new)).body()).result(20)
    assert "peel" in bot.ask(new, "and peels?")


def test_what_is_for_another_number_is_left_to_its_owner(bot, meta, phone):
    before = count(bot)
    body = Batch(Number(id="999999999")).message(phone, phone.text("for the staff's phone")).body()
    assert meta.deliver(body).result(20) == 200
    assert count(bot) == before


def test_commands_are_words(bot, phone):
    assert "discomfort" in bot.ask(phone, "does freezing hurt")
    bot.ask(phone, "/restart")
    assert "peel" in bot.ask(phone, "and peels?")


def test_a_person_and_the_data_are_one_message_away(bot, phone, content):
    bot.ask(phone, "what are milia")
    assert content.clinic.telephone in bot.ask(phone, "can I talk to a real person please")
    assert bot.ask(phone, "what data do you hold about me")


def test_nothing_of_a_patient_and_no_secret_is_readable_in_the_database(bot, meta, phone):
    bot.ask(phone, f"what are milia {CANARY}")
    known = [phone.wa_id, phone.user_id, CANARY, *bot.settings.whatsapp.tokens]
    known += bot.settings.whatsapp.app_secrets
    tables = ["inbox", "contact_book", *(f"whatsapp_{t}" for t in ("ids", "queue", "patients"))]
    kept = json.dumps([[str(row) for row in rows(bot, f"SELECT * FROM {t}")] for t in tables])
    assert [one for one in known if one in kept] == []


def test_everything_we_sent_was_in_order(bot, meta):
    """The last test: Meta's published limits held for every message of the others."""
    wait_for(lambda: count(bot) and not rows(bot, "SELECT 1 FROM inbox WHERE state <> 'done'"))
    # The one who wrote the junk has no phone that Meta knows.
    assert meta.refused in ([], [131047])
    sent = {message.message["biz_opaque_callback_data"] for message in meta.sent}
    assert len(sent) == len(meta.sent)
