"""What the bot is known to get wrong on held-out messages may only become less.

The list holds counts, not messages: nobody should read the held-out misses while mending the bot.
"""

import yaml

from clinic.settings import PROJECT
from evaluation.judge import Judge
from evaluation.model_alone import first_reply
from evaluation.sets import held

# Two trainings on the same sentences differ in the last bits, and so in a few messages that lie
# right at a threshold: this share of a file's messages.
WOBBLE = 0.005
KNOWN = yaml.safe_load((PROJECT / "evaluation" / "known_misses.yml").read_text(encoding="utf-8"))


def test_known_misses_only_shrink(content):
    judge, wrong, wobble = Judge(content), {}, {}
    for file in KNOWN:
        messages = held(file)
        wobble[file] = WOBBLE * len(messages)
        wrong[file] = sum(
            judge.verdict(first_reply(message.ask, content), message.wants) == "wrong"
            for message in messages
            if message.wants
        )
    grown = {file: (n, KNOWN[file]) for file, n in wrong.items() if n > KNOWN[file] + wobble[file]}
    assert not grown, f"more wrong answers than known (now, known): {grown}"
    shrunk = {file: n for file, n in wrong.items() if n < 0.8 * KNOWN[file]}
    assert not shrunk, f"better now: write these into evaluation/known_misses.yml: {shrunk}"
