"""Says once who answers, what it can and cannot do, and where privacy is explained. Pure."""

from dataclasses import replace

from clinic.content import Content
from clinic.conversation import Turn
from clinic.memory import Memory

# The window says it before the patient writes, and WhatsApp once to a patient, not once in each of
# their conversations.
SAY_IT_THEMSELVES = ("website", "whatsapp")


def introduced(turn: Turn, memory: Memory, channel: str, content: Content) -> Turn:
    """A turn that says it where it was not said before; `memory` is what was kept until this turn.
    An urgent card stands alone, and the next reply says it.
    """
    knows = memory.introduced or channel in SAY_IT_THEMSELVES
    if not knows and (turn.reply.show or {}).get("kind") == "urgent":
        return turn
    words = "" if knows else before(turn.reply.text, content)
    text = f"{words}\n\n{turn.reply.text}" if words else turn.reply.text
    kept = replace(turn.memory, introduced=True)
    return replace(turn, reply=replace(turn.reply, text=text), memory=kept)


def before(said: str, content: Content) -> str:
    """What stands before a first reply; nothing where that says it itself."""
    own = content.fill(content.conversation.service["greeting"])
    return "" if own in said else content.fill(content.conversation.introduction)
