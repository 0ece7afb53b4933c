"""Carries out what a turn wants done with the database; the patient hears what came of it."""

from collections.abc import Callable
from typing import Any

from actions.booking import amend_request, send_request
from actions.privacy import do_wish
from clinic.booking.request import AmendRequest, SendRequest
from clinic.conversation import Turn
from clinic.deeds import Deed
from clinic.desk import Desk
from clinic.message import Message
from clinic.privacy.wishes import PrivacyWish

# Each kind of deed, and the function that carries it out: it returns the turn that the result
# gives. It runs in a thread of its own, so it may wait for the database.
CARRY_OUT: dict[type[Deed], Callable[[Any, Turn, Message, Desk], Turn]] = {
    SendRequest: send_request,
    AmendRequest: amend_request,
    PrivacyWish: do_wish,
}


def carried_out(turn: Turn, message: Message, desk: Desk) -> Turn:
    """The turn with its deed done; a turn without one as it is."""
    return CARRY_OUT[type(turn.deed)](turn.deed, turn, message, desk) if turn.deed else turn
