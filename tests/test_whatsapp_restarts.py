"""Whatever Meta's servers and dying processes do: each message handled once, answered once, in
order; `make whatsapp-trial` runs many such nights.
"""

from whatsapp_demo.bot import whatsapp_bot
from whatsapp_demo.graph import StandIn
from whatsapp_demo.trial import Trial


def test_doubles_batches_overtaking_and_killed_processes_lose_and_double_nothing():
    with StandIn() as meta, whatsapp_bot(meta) as bot:
        figures = Trial(bot, seed=7).run(bursts=4, kills=2)
    assert figures.kills == 2 and figures.messages >= 12
    assert figures.is_perfect, figures.line()
