"""After STOP: an urgent message is not left without a word, whatever fails."""

import asyncio
from types import SimpleNamespace

import pytest
from rasa.core.channels.channel import UserMessage

from clinic.channels.turns import Collected
from clinic.channels.whatsapp.patients import Known
from clinic.channels.whatsapp.payload import Patient
from clinic.channels.whatsapp.turn import Turn

NOW = 1000.0
# Told a moment ago that STOP holds.
STOPPED = Known("wa-one", Patient("1", "GB.1", "44"), NOW, True, 900.0, NOW - 5, 0.0, True)
CARD = {"text": "Call 999 now.", "show": {"kind": "urgent"}}


def said(content, reads, replies):
    """What a patient who wrote STOP hears, where Rasa reads and replies so."""

    async def read(text):
        if isinstance(reads, Exception):
            raise reads
        return {"intent": {"name": reads}}

    async def rasa(message):
        for reply in replies:
            await message.output_channel.send_response("wa-one", reply)

    patients = SimpleNamespace(get=lambda conversation: STOPPED, keep=lambda *a, **values: None)
    queue = SimpleNamespace(now=lambda: NOW)
    turn = Turn(patients, queue, None, content, rasa, read)
    about = {"kind": "text", "sent_at": NOW, "wamid": "wamid.1"}
    message = UserMessage("my throat is closing", Collected(), "wa-one", metadata=about)
    asyncio.run(turn.handle(message))
    return [reply["text"] for reply in message.output_channel.replies]


@pytest.mark.parametrize(
    ("reads", "replies", "wanted"),
    [
        ("urgent_sign", [CARD, {"text": "Where were we?"}], CARD["text"]),
        ("urgent_sign", [{"text": "Sorry."}], "paused"),
        ("urgent_sign", [], "paused"),
        (RuntimeError(), [CARD], CARD["text"]),
        (RuntimeError(), [], "paused"),
        ("pain", [{"text": "It hurts little."}], "-"),
        (None, [CARD], "-"),
    ],
)
def test_card_or_else_the_numbers_to_ring(content, reads, replies, wanted):
    paused = content.fill(content.whatsapp.paused)
    assert said(content, reads, replies) == [paused if wanted == "paused" else wanted]
