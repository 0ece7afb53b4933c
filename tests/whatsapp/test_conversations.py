"""Patients on WhatsApp, over real HTTP: the real bot before the stand-in of Meta's servers."""

import json
import re
import secrets
import time

import pytest

from clinic.channels.whatsapp.payload import key_of
from tests.whatsapp.asking import rows, send
from whatsapp_demo.bot import wait_for
from whatsapp_demo.payloads import Batch, Phone, changed_number

MEDIA = {"id": "1", "mime_type": "image/jpeg", "sha256": "x"}
CANARY = "zebra crossing by the harbour"


def test_a_question_is_answered_in_one_message_and_marked_as_read(bot, meta, phone, content):
    first = bot.ask(phone, "hello")
    assert content.clinic.privacy_page in first
    answer = bot.ask(phone, "does freezing hurt")
    assert "minimal discomfort" in answer and content.clinic.privacy_page not in answer
    assert [choice["title"] for choice in meta.sent[-1].choices][0] == "Healing time"
    wait_for(lambda: len([m for m in meta.marks if key_of(m["message_id"])]) >= 2)
    assert meta.marks[-1]["typing_indicator"] == {"type": "text"}


def test_the_first_reply_says_who_answers_once(bot, phone, content):
    first = content.fill(content.conversation.introduction)
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


def write_all(bot, phone, *words):
    """Messages that are a second apart, each after the turn of the one before; what was said."""
    began = time.time() - 100
    unfinished = (
        "SELECT 1 FROM inbox WHERE state <> 'done' UNION ALL "
        "SELECT 1 FROM whatsapp_queue WHERE state IN ('waiting', 'sending')"
    )
    for n, one in enumerate(words):
        assert bot.stand_in.say(phone, phone.text(one, at=began + n)).result(20) == 200
        wait_for(lambda: not rows(bot, unfinished))
    return bot.stand_in.texts(phone)


def test_stop_and_start(bot, meta, phone, content):
    asked = ("what are milia", "Stop.", "does freezing hurt", "hello?", "START", "and peels?")
    said = write_all(bot, phone, *asked)
    words = content.whatsapp
    assert said[2:4] == [content.fill(one) for one in (words.paused, words.started)]
    assert said[1].startswith(content.fill(words.stopped))
    assert re.search(r"Your reference: KC-\w{6}$", said[1])
    assert len(said) == 5


URGENT = "my lips are swelling up and i cant breathe"


def test_after_stop_an_urgent_message_gets_its_card_alone(bot, meta, phone, content):
    asked = ("what are milia", "STOP", "hello?", URGENT, "is that all?", URGENT)
    said = write_all(bot, phone, *asked)
    assert said[2] == content.fill(content.whatsapp.paused)
    assert [one[:9] for one in said[3:]] == ["*Call 999"] * 2
    caption = {**MEDIA, "caption": URGENT}
    assert send(bot, phone, "image", caption).startswith("*Call 999")


def test_after_stop_nothing_else_is_done_that_a_patient_says(bot, meta, phone):
    said = write_all(bot, phone, "delete my data", "STOP", "Yes, delete it", "START", "hello")
    assert "cannot be undone" in said[0]
    assert len(said) == 5 and "deleted" not in said[-1]


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


def test_each_number_of_the_clinic_is_a_conversation_and_answers_by_itself(bot, meta, phone):
    assert "discomfort" in bot.ask(phone, "does freezing hurt")
    body = Batch(meta.second_number).message(phone, phone.text("what are milia")).body()
    assert meta.deliver(body).result(20) == 200
    wait_for(lambda: len(meta.texts(phone)) == 2)
    assert "peel" in bot.ask(phone, "and peels?")
    mine = [one for one in meta.sent if one.to == phone.wa_id]
    first, second = meta.number.id, meta.second_number.id
    assert [one.number for one in mine] == [first, second, first]


def test_booking_offers_the_number_in_use(bot, meta, phone):
    for words in ("can i book a consultation", "yes I am 18", "Priya Shah"):
        bot.ask(phone, words)
    choice = next(one for one in meta.sent[-1].choices if one["title"] == "Use this number")
    meta.say(phone, phone.taps(choice, meta.sent[-1].wamid))
    wait_for(lambda: len(meta.texts(phone)) == 4)
    assert "number" not in meta.texts(phone)[3].lower()


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
