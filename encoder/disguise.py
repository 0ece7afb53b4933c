"""A training sentence as another patient might have typed it: slips of the finger, another word for
milia, a story before the question, a word after it.
"""

import random
import re
from pathlib import Path

HERE = Path(__file__).parent
OTHER_NAMES = [
    "these white bumps",
    "milk spots",
    "the little white lumps",
    "them",
    "these things",
    "those bumps",
    "oil seeds",
]
SAID_BEFORE = (HERE / "said_before.txt").read_text(encoding="utf-8").splitlines()
SAID_AFTER = (HERE / "said_after.txt").read_text(encoding="utf-8").splitlines()
# A story before these would change what is asked ("I have bumps. What are they?" is diagnosis), or
# nobody tells one.
ALONE = {
    "definition", "diagnosis", "out_of_scope", "greeting", "thanks", "goodbye", "agreement",
    "refusal", "repeat", "abuse", "bot_identity", "abilities", "crisis", "harm_by_others",
    "urgent_sign", "complaint",
}  # fmt: skip
# Longer sentences are stories already.
LONG = 140


def disguise(text: str, topic: str, chance: random.Random) -> str:
    """The sentence as another patient might have typed it; sometimes as it is."""
    text = damage(text, chance)
    roll = chance.random()
    if topic in ALONE or topic.startswith("sign ") or len(text) >= LONG or roll >= 0.20:
        return text
    if roll < 0.14:
        before = chance.choice(SAID_BEFORE)
        join = chance.choice([". ", ", ", " ", ". ", " and ", "\n", "... ", " so "])
        if chance.random() < 0.3:
            before = chance.choice(SAID_BEFORE) + chance.choice([". ", ", ", " "]) + before
        return before + join + text
    return text.rstrip("?!. ") + chance.choice(["? ", " ", ". ", ", "]) + chance.choice(SAID_AFTER)


def damage(text: str, chance: random.Random) -> str:
    """The same words, a little damaged."""
    roll = chance.random()
    if roll < 0.45:
        return text
    if roll < 0.60:
        return re.sub(r"[^\w\s]", "", text)
    if roll < 0.72:
        return re.sub(r"\bmilia\b", chance.choice(OTHER_NAMES), text)
    if roll < 0.80:
        return " ".join(word for word in text.split() if chance.random() > 0.12) or text
    at = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i - 1].isalpha()]
    for i in chance.sample(at, min(len(at), 1 + len(at) // 25)):
        swapped = text[:i] + text[i + 1] + text[i] + text[i + 2 :]
        doubled, dropped = text[:i] + text[i] + text[i:], text[:i] + text[i + 1 :]
        text = chance.choice([swapped, doubled[: len(text)], dropped.ljust(len(text))])
    return text.strip()
