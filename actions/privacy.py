"""Carries out what a patient wants done with their data."""

from dataclasses import replace

from clinic.booking.turns import on_again
from clinic.conversation import Turn
from clinic.desk import Desk
from clinic.message import Message
from clinic.privacy.orders import Orders
from clinic.privacy.wishes import FORGET, TELL, PrivacyWish, Result, said


def do_wish(deed: PrivacyWish, turn: Turn, message: Message, desk: Desk) -> Turn:
    """The turn with the reply that the deed's result gives."""
    orders = Orders(desk.database, desk.cipher)
    if deed.kind == FORGET:
        result = Result(orders.forget(message.conversation))
    elif deed.kind == TELL:
        reference, held = orders.tell(message.conversation)
        # The turn that asks is not kept yet.
        counts = {"messages": held.messages + 1, "requests": held.requests}
        result = Result(reference, counts)
    else:
        result = Result(orders.stop(message.conversation))
    memory, reply = turn.memory, said(deed, result, turn.gave_up, desk.content)
    reply = on_again(reply, memory.draft, memory.unanswered, message, desk.content)
    return replace(turn, reply=reply)
