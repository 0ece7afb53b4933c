"""Measures WhatsApp: what random nights do to it, how many messages a turn costs, how soon a
delivery is acknowledged.
"""

import time
from collections import Counter
from collections.abc import Sequence

import yaml

from clinic.settings import PROJECT
from whatsapp_demo.bot import WhatsAppBot, wait_for, whatsapp_bot
from whatsapp_demo.graph import StandIn
from whatsapp_demo.payloads import Phone
from whatsapp_demo.trial import WORDS, Trial

# A rush: so many messages, of so many patients, one each so many seconds.
MESSAGES, PATIENTS, EVERY = 400, 80, 0.05


def trials(nights: int, bursts: int, kills: int) -> int:
    """Several trials on one bot; status 1 when one of them is not perfect."""
    perfect = 0
    with StandIn() as meta, whatsapp_bot(meta) as bot:
        for seed in range(1, nights + 1):
            figures = Trial(bot, seed).run(bursts, kills)
            perfect += figures.is_perfect
            print(f"night {seed}: {figures.line()}", flush=True)
        print(f"deliveries acknowledged: {spread(meta.waits)}")
    print(f"{perfect} of {nights} nights lost nothing, doubled nothing and kept the order")
    return 0 if perfect == nights else 1


def turns() -> int:
    """Every conversation of tests/conversations.yml and evaluation/dialogues.yml, over WhatsApp."""
    shapes: Counter[str] = Counter()
    asked = 0
    with StandIn() as meta, whatsapp_bot(meta) as bot:
        for file in ("tests/conversations.yml", "evaluation/dialogues.yml"):
            found = yaml.safe_load((PROJECT / file).read_text(encoding="utf-8"))
            for n, one in enumerate(found):
                phone = Phone(wa_id=f"4474001{n:05}", user_id=f"GB.{len(file)}{n:05}")
                for turn in one["turns"]:
                    bot.ask(phone, turn["patient"])
                    asked += 1
        for sent in meta.sent:
            shapes[sent.message.get("interactive", sent.message)["type"]] += 1
        texts = [sent.text for sent in meta.sent]
        rush(bot)
    said = shapes.total()
    print(f"{asked} turns, {said} messages: {said / asked:.3f} messages for each turn")
    print("  ".join(f"{shape} {n}" for shape, n in shapes.most_common()))
    longest = max(map(len, texts))
    print(f"longest text {longest} characters; refused by the limits {len(meta.refused)}")
    return 0


def rush(bot: WhatsAppBot) -> None:
    """Many patients write in a short time; prints how soon each delivery was acknowledged, and how
    soon each message answered.
    """
    meta = bot.stand_in
    phones = [Phone(wa_id=f"4474009{n:05}", user_id=f"GB.9{n:05}") for n in range(PATIENTS)]
    written: dict[str, list[float]] = {phone.wa_id: [] for phone in phones}
    meta.waits.clear()
    for n in range(MESSAGES):
        phone = phones[n % PATIENTS]
        written[phone.wa_id].append(time.time())
        meta.say(phone, phone.text(WORDS[n % len(WORDS)]))
        time.sleep(EVERY)
    wait_for(lambda: sum(one.to in written for one in list(meta.sent)) >= MESSAGES, 120)
    answered = [
        one.at - began
        for wa_id, times in written.items()
        for began, one in zip(times, [s for s in meta.sent if s.to == wa_id], strict=True)
    ]
    print(f"a rush of {MESSAGES} messages in {MESSAGES * EVERY:.0f} s")
    print(f"deliveries acknowledged: {spread(meta.waits)}")
    print(f"messages answered: {spread(answered)}")


def spread(seconds: Sequence[float]) -> str:
    """The middle one, the slowest in a hundred and the slowest of all."""
    ordered = sorted(seconds)
    p50, p99 = (ordered[int(len(ordered) * share)] for share in (0.5, 0.99))
    return (
        f"{len(ordered)}, p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, "
        f"slowest {ordered[-1] * 1000:.0f} ms"
    )
