"""Whatever Meta's servers, dying processes and a database that is down do: each message handled
once, answered once, in order; `make whatsapp-trial` runs many such nights.
"""

import time

from tests.whatsapp.asking import fetch, rows
from whatsapp_demo.bot import wait_for
from whatsapp_demo.payloads import Batch, sign
from whatsapp_demo.trial import PARTS, Trial


def test_doubles_batches_overtaking_and_killed_processes_lose_and_double_nothing(bot, meta):
    """Two Rasa servers on one PostgreSQL get the deliveries in turn."""
    with bot.second_rasa_server():
        figures = Trial(bot, seed=7).run(bursts=4, kills=len(PARTS))
    assert figures.kills == len(PARTS) and figures.messages >= 12
    assert figures.is_perfect, figures.line()


def test_database_that_is_down_makes_meta_deliver_again_and_loses_nothing(bot, server, meta, phone):
    now = time.time() - 10
    before = phone.text("does freezing hurt", at=now)
    assert meta.say(phone, before).result(20) == 200
    # Acknowledged, and mostly not yet answered.
    server.stop()
    try:
        meanwhile = phone.text("and peels?", at=now + 1)
        body = Batch().message(phone, meanwhile).body()
        head = {"X-Hub-Signature-256": sign(body, meta.app_secret)}
        assert fetch(bot.webhook, body, head)[0] == 503
        delivery = meta.deliver(body, times=2)
        time.sleep(1.0)
        assert not delivery.done()
    finally:
        server.start()
    assert delivery.result(30) == 200
    wait_for(lambda: len(meta.texts(phone)) == 2, 60)
    said = meta.texts(phone)
    assert "minimal discomfort" in said[0] and "peel" in said[1]
    waiting = "SELECT 1 FROM whatsapp_queue WHERE state IN ('waiting', 'sending')"
    wait_for(lambda: not rows(bot, waiting))
    assert len(meta.texts(phone)) == 2
