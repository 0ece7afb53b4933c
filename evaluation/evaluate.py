"""make evaluate: talk to the whole bot over REST, judge what comes back, write
evaluation/report.md.

`make evaluate BASELINE=1` also trains and measures Rasa's default pipeline (long).
`make evaluate SHOW=1` also prints what went wrong in the choosing part; nobody looks at the
reporting part's messages.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from rich.progress import track

from clinic.desk import desk
from evaluation.baseline import baseline
from evaluation.bot import Bot, running_bot
from evaluation.judge import Judge
from evaluation.model_alone import alone, one_topic
from evaluation.report import Judged, Talked, write
from evaluation.sets import CHOOSING, Held, dialogues, held

# Patients who write at the same time.
AT_ONCE = 4


def main() -> int:
    """Evaluate and write the report; returns 0."""
    judge = Judge(desk().content)
    with running_bot() as bot:
        questions = ask_all(bot, judge, held("questions.yml"), "Questions")
        outside = ask_all(bot, judge, held("out_of_scope.yml"), "Out of scope")
        urgent = ask_all(bot, judge, held("urgent.yml"), "Urgent signs")
        talks = talk_all(bot, judge)
    stock = baseline(one_topic()) if os.environ.get("BASELINE") else None
    write(questions, outside, urgent, talks, alone(), stock, judge)
    if os.environ.get("SHOW"):
        print(*_misses([*questions, *outside], talks, judge), sep="\n")
    print("Written: evaluation/report.md")
    return 0


def ask_all(bot: Bot, judge: Judge, messages: list[Held], name: str) -> list[Judged]:
    """Ask each message as a patient nobody knows."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        texts = pool.map(bot.text, [message.ask for message in messages])
        pairs = zip(messages, track(texts, name, total=len(messages)), strict=True)
        return [Judged(m, text, judge.verdict(text, m.wants)) for m, text in pairs]


def talk_all(bot: Bot, judge: Judge) -> list[Talked]:
    """Hold each dialogue, judge each turn."""
    turns = []
    for number, dialogue in enumerate(track(dialogues(), "Dialogues")):
        for step in dialogue.steps:
            text = bot.text(step.patient, f"dialogue-{number}")
            turns.append(Talked(dialogue, step, text, judge.fits(text, step)))
    return turns


def _misses(judged: list[Judged], talks: list[Talked], judge: Judge) -> Iterator[str]:
    for one in judged:
        if one.verdict != "right" and one.message.use == CHOOSING:
            yield _line(one.message.wants, one.text, one.message.ask, judge)
    for talk in talks:
        if not talk.fits and talk.dialogue.use == CHOOSING:
            line = _line(talk.step.wants, talk.text, talk.step.patient, judge)
            yield f"{talk.dialogue.name}: {line}"


def _line(wants: tuple[str, ...], text: str, message: str, judge: Judge) -> str:
    got = ", ".join(judge.topics_in(text)) or text.splitlines()[0][:40]
    return f"{'+'.join(wants):24} {got:40} {message[:150]}"


if __name__ == "__main__":
    sys.exit(main())
