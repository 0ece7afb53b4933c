"""The sender against the stand-in of Meta's servers: retries, pace, window, STOP, tokens."""

import pytest
from sqlalchemy import text

from clinic.channels.whatsapp import sending
from clinic.channels.whatsapp.graph import of_code, outcome_of, wait_before
from clinic.channels.whatsapp.payload import Status
from clinic.channels.whatsapp.queue import LEASE
from clinic.channels.whatsapp.sending import NUMBER_PACE, PATIENT_PACE, WINDOW, ahead
from tests.whatsapp.post import Post


@pytest.fixture
def meta(post):
    """The stand-in of the queue by itself."""
    return post.meta


def test_messages_go_out_once_each_in_their_order_and_a_token_that_expired_is_left(post, meta):
    (priya, one), (tom, two) = post.patient(), post.patient()
    post.add(one, "first", "second", "third")
    post.add(two, "his")
    assert post.run(lambda: post.states(one) == ["sent"] * 3 and post.states(two) == ["sent"])
    assert meta.texts(priya) == ["first", "second", "third"]
    assert meta.texts(tom) == ["his"]
    assert 190 in meta.refused
    assert post.graph.tokens[0] in meta.tokens
    assert not post.run(lambda: len(meta.texts(priya)) > 3, most=0.3)


@pytest.mark.parametrize("fault", [131000, 131016, 131056, 131057, 130429, 80007, 4, "garbage"])
def test_what_may_help_is_tried_again_and_nothing_overtakes(post, meta, fault, monkeypatch):
    monkeypatch.setattr(sending, "wait_before", lambda tries, code: 0.05)
    priya, one = post.patient()
    meta.faults.extend([fault, fault])
    post.add(one, "first", "second")
    assert post.run(lambda: post.states(one) == ["sent", "sent"])
    assert meta.texts(priya) == ["first", "second"]
    assert post.told == []


@pytest.mark.parametrize("fault", [131026, 131051, 131008, 131009, 368, 131031, 131050, 100])
def test_what_cannot_help_is_never_tried_again_and_staff_hear_of_it(post, meta, fault):
    priya, one = post.patient()
    meta.faults.append(fault)
    post.add(one, "first", "second")
    assert post.run(lambda: post.states(one) == ["failed", "sent"])
    assert meta.texts(priya) == ["second"]
    assert [word for word in post.told if str(fault) in word] == post.told != []


def test_without_a_valid_token_everything_waits(post, meta):
    priya, one = post.patient()
    tokens, meta.tokens = meta.tokens, {"tomorrow's"}
    try:
        post.add(one, "first")
        assert post.run(lambda: meta.refused.count(190) >= 2)
        assert not post.run(lambda: meta.texts(priya), most=0.5)
        assert post.states(one) == ["waiting"]
    finally:
        meta.tokens = tokens
    # Some minutes later the same tokens work again.
    post.clock.ahead += sending.TOKEN_PAUSE + 1
    assert post.run(lambda: meta.texts(priya) == ["first"])


@pytest.mark.parametrize("told", ["by the clock", "by Meta"])
def test_window_closed_a_template_once_and_the_answer_when_the_patient_writes(post, meta, told):
    priya, one = post.patient()
    if told == "by the clock":
        post.clock.ahead += WINDOW + 1
    else:
        meta.faults.extend([131047, 131047])
    post.add(one, "too late", "this too")
    assert post.run(lambda: post.states(one) == ["held", "held", "sent"])
    assert meta.texts(priya) == ["[template answer_ready]"]
    with post.queue.engine.begin() as connection:
        post.patients.heard(connection, one, post.clock())
    assert post.run(lambda: len(meta.texts(priya)) == 3)
    assert meta.texts(priya)[1:] == ["too late", "this too"]


def test_window_closed_without_a_template_staff_are_told(database, meta):
    post = Post(database, meta, template=None)
    priya, one = post.patient()
    post.clock.ahead += WINDOW + 1
    post.add(one, "too late")
    assert post.run(lambda: post.states(one) == ["held"] and post.told)
    assert "24 hours" in post.told[0]
    assert meta.texts(priya) == []


def test_after_stop_nothing_is_sent_but_the_answer_to_it(post, meta):
    priya, one = post.patient()
    with post.queue.engine.begin() as connection:
        post.patients.wish(connection, one, True, post.clock())
    post.add(one, "an answer")
    post.add(one, "You wrote STOP.", kind="stop")
    assert post.run(lambda: post.states(one) == ["dropped", "sent"])
    assert meta.texts(priya) == ["You wrote STOP."]


def test_a_patient_whose_ids_are_gone_gets_nothing(post, meta):
    _, one = post.patient()
    post.add(one, "an answer")
    with post.queue.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM whatsapp_patients WHERE conversation = :c"), {"c": one}
        )
    assert post.run(lambda: post.states(one) == ["dropped"])


def test_an_answer_that_is_lost_on_the_way_is_not_sent_again_when_a_status_tells(post, meta):
    priya, one = post.patient()
    meta.faults.append("lost")
    post.add(one, "once")
    assert post.run(lambda: meta.texts(priya) == ["once"])
    assert post.states(one) == ["waiting"]
    sent = next(message for message in meta.sent if message.to == priya.wa_id)
    row = sent.message["biz_opaque_callback_data"]
    with post.queue.engine.begin() as connection:
        for _ in range(2):
            told = Status(sent.wamid, "delivered", post.clock(), row=row)
            post.queue.status(connection, told)
    assert post.states(one) == ["sent"]
    post.clock.ahead += 10 * LEASE
    assert not post.run(lambda: len(meta.texts(priya)) > 1, most=0.3)


def test_what_a_dead_process_was_sending_waits_for_a_status_then_goes_again(post, meta):
    priya, one = post.patient()
    post.add(one, "held by the dead", "next")
    assert len(post.queue.claim()) == 1
    assert not post.run(lambda: meta.texts(priya), most=0.3)
    post.clock.ahead += LEASE + 1
    assert post.run(lambda: meta.texts(priya) == ["held by the dead", "next"])


@pytest.mark.parametrize(("code", "ends"), [(131026, "failed"), (131047, "held"), (131000, "sent")])
def test_a_status_that_says_failed_is_decided_by_its_code(post, meta, code, ends):
    priya, one = post.patient()
    post.add(one, "once")
    assert post.run(lambda: post.states(one) == ["sent"])
    wamid = next(message.wamid for message in meta.sent if message.to == priya.wa_id)
    with post.queue.engine.begin() as connection:
        for _ in range(2):
            post.queue.status(connection, Status(wamid, "failed", post.clock(), code))
    assert post.states(one) == ["waiting"]
    assert post.run(lambda: post.states(one)[0] == ends)
    assert meta.texts(priya).count("once") == (2 if ends == "sent" else 1)


def test_pace_of_one_patient_never_breaks_metas_limit(post, meta):
    priya, one = post.patient()
    most = PATIENT_PACE[1]
    post.clock.hold()
    post.add(one, *(f"n{n}" for n in range(most + 2)))
    assert post.run(lambda: len(meta.texts(priya)) == most)
    assert not post.run(lambda: len(meta.texts(priya)) > most, most=0.5)
    post.clock.ahead += PATIENT_PACE[0] + 0.01
    assert post.run(lambda: len(meta.texts(priya)) == most + 1)
    assert 131056 not in meta.refused


def test_pace_is_a_bucket_that_fills_again():
    paced, waits = 0.0, []
    for _ in range(NUMBER_PACE[1] + 2):
        waits.append(ahead(paced, 0.0, *NUMBER_PACE))
        paced = max(paced, 0.0) + NUMBER_PACE[0]
    assert waits[NUMBER_PACE[1] - 1] < 1e-9
    assert waits[NUMBER_PACE[1]] == pytest.approx(NUMBER_PACE[0])
    assert NUMBER_PACE[1] + 1 / NUMBER_PACE[0] <= 2 * 80


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (200, '{"messages": [{"id": "wamid.1"}]}', "sent"),
        (200, "{}", "sent"),
        (200, "[]", "sent"),
        (400, "", "again"),
        (500, '{"error": {"code": 1}}', "again"),
        (400, '{"error": {"code": 1, "is_transient": true}}', "again"),
        (400, '{"error": {"code": "x"}}', "again"),
        (400, '{"error": []}', "again"),
        (400, '{"error": {"code": 131009}}', "never"),
        (401, '{"error": {"code": 190}}', "token"),
        (400, '{"error": {"code": 131047}}', "closed"),
    ],
)
def test_every_answer_means_something(status, answer, kind):
    assert outcome_of(status, answer).kind == kind


def test_waits_grow_and_end():
    waits = [wait_before(tries, None) for tries in range(1, 40)]
    assert waits[:4] == [1, 2, 4, 8] and waits == sorted(waits) and waits[-1] == 900
    assert wait_before(1, 131056) == 6
    assert of_code(131056).kind == "again"
