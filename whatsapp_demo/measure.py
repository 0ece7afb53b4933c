"""Measures WhatsApp: what random nights do to it, and how many messages a turn costs."""

from collections import Counter

import yaml

from clinic.settings import PROJECT
from whatsapp_demo.bot import whatsapp_bot
from whatsapp_demo.graph import StandIn
from whatsapp_demo.payloads import Phone
from whatsapp_demo.trial import Trial


def trials(nights: int, bursts: int, kills: int) -> int:
    """Several trials on one bot; status 1 when one of them is not perfect."""
    perfect = 0
    with StandIn() as meta, whatsapp_bot(meta) as bot:
        for seed in range(1, nights + 1):
            figures = Trial(bot, seed).run(bursts, kills)
            perfect += figures.is_perfect
            print(f"night {seed}: {figures.line()}", flush=True)
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
    said = shapes.total()
    print(f"{asked} turns, {said} messages: {said / asked:.3f} messages for each turn")
    print("  ".join(f"{shape} {n}" for shape, n in shapes.most_common()))
    longest = max(len(sent.text) for sent in meta.sent)
    print(f"longest text {longest} characters; refused by the limits {len(meta.refused)}")
    return 0
