"""The send queue keeps each message once, in order, sealed, on both databases."""

from sqlalchemy import text

from clinic.channels.whatsapp.payload import Status, key_of
from clinic.channels.whatsapp.queue import new_key
from clinic.channels.whatsapp.shapes import Labels, shape
from whatsapp_demo.payloads import new_wamid


def test_an_answer_is_kept_once(post):
    _, one = post.patient()
    messages = shape([{"text": "A."}], Labels({}, "Choose"), "k")
    for key in (new_key(), new_key()):
        with post.queue.engine.begin() as connection:
            post.queue.add(connection, one, f"source of {one}", messages, key=key)
    assert post.states(one) == ["waiting"]


def test_of_two_senders_one_gets_each_row(post):
    _, one = post.patient()
    post.add(one, "a")
    assert [len(post.queue.claim()), len(post.queue.claim())] == [1, 0]


def test_statuses_are_kept_once_each_by_id_and_status(post):
    wamid = new_wamid("447400123456")
    with post.queue.engine.begin() as connection:
        for what in ("sent", "read", "sent", "delivered", "read"):
            post.queue.status(connection, Status(wamid, what, post.clock()))
        kept = connection.execute(
            text("SELECT status FROM whatsapp_statuses WHERE message = :m"), {"m": key_of(wamid)}
        )
        assert sorted(kept.scalars()) == ["delivered", "read", "sent"]


def test_choices_mean_the_words_for_the_patient_they_were_offered_to_alone(post):
    (_, one), (_, two) = post.patient(), post.patient()
    post.add(one, "A.")
    with post.queue.engine.connect() as connection:
        query = text("SELECT key FROM whatsapp_queue WHERE conversation = :c")
        key = connection.execute(query, {"c": one}).scalar()
    assert post.queue.words_of(one, f"{key}.0") == "What does it cost?"
    for conversation, choice in [
        (two, f"{key}.0"),
        (one, f"{key}.1"),
        (one, f"{key}.-1"),
        (one, f"{key}.²"),
        (one, f"{key}."),
        (one, key),
        (one, ""),
        (one, ".0"),
    ]:
        assert post.queue.words_of(conversation, choice) is None


def test_words_are_sealed_in_the_queue(post):
    _, one = post.patient()
    post.add(one, "something a patient may read")
    with post.queue.engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM whatsapp_queue")).all())
    assert "something a patient" not in kept and "cost" not in kept
