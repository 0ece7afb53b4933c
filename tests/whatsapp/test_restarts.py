"""Whatever Meta's servers and dying processes do: each message handled once, answered once, in
order; `make whatsapp-trial` runs many such nights.
"""

from whatsapp_demo.trial import PARTS, Trial


def test_doubles_batches_overtaking_and_killed_processes_lose_and_double_nothing(bot):
    figures = Trial(bot, seed=7).run(bursts=4, kills=len(PARTS))
    assert figures.kills == len(PARTS) and figures.messages >= 12
    assert figures.is_perfect, figures.line()
