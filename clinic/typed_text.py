"""Makes plain text of what a patient typed: never a command to Rasa, never a control character."""

import re
import unicodedata
from typing import Any

# WhatsApp carries no longer message. All of it is looked through for urgent signs; the topics are
# read from its beginning alone (clinic/nlu/reading.py).
LONGEST = 4_096
# Rasa takes what begins with "/" for a topic with its slots. The others look alike, or begin a
# command elsewhere.
SLASHES = "/／⁄∕⧸⟋╱〳\\＼∖⧵⟍╲〵﹨@＠﹫"
# Joins letters of some scripts, and the parts of an emoji.
JOINERS = "\u200c\u200d"
# How Rasa marks what did not come from a patient.
_EXTERNAL = re.compile(r"^(external)(?:\s*[:：﹕︓])+\s*", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def plain_text(typed: Any) -> str:
    """The words of a message, whatever was sent: no text at all becomes an empty one."""
    if not isinstance(typed, str):
        return ""
    # Cut twice: what a long message costs here must not depend on who sends it.
    text = "".join(map(_kept, typed[: 4 * LONGEST]))
    text = _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
    return _no_command(text)[:LONGEST].strip()


def _kept(letter: str) -> str:
    """A character, or what takes its place: nothing for what is invisible or no character."""
    if letter in "\n\r\u2028\u2029\x0b\x0c\x85":
        return "\n"
    if letter in JOINERS or letter == "\t":
        return letter
    kind = unicodedata.category(letter)
    return "" if kind in ("Cc", "Cf", "Cs") else letter


def _no_command(text: str) -> str:
    """A text without what would make it a command, as often as that stands before it."""
    while True:
        words = text.lstrip(SLASHES + JOINERS + " \n")
        words = _EXTERNAL.sub(r"\1 ", words)
        if words == text:
            return text
        text = words
