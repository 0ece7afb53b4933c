"""Carries out what the booking form wants: a reference is said only after it is stored."""

import logging
from dataclasses import replace

from clinic.answers import Reply
from clinic.booking import outcome
from clinic.booking.draft import Draft
from clinic.booking.request import AmendRequest, SendRequest
from clinic.conversation import Turn
from clinic.desk import Desk
from clinic.errors import NotSavedError
from clinic.message import Message

log = logging.getLogger(__name__)


def send_request(deed: SendRequest, turn: Turn, message: Message, desk: Desk) -> Turn:
    """Store the request; the patient hears its reference, or that it is not saved."""
    draft = turn.memory.draft or Draft()
    try:
        receipt = desk.requests.send(deed.key, deed.request)
    except NotSavedError as error:
        log.error("a booking request was not saved: %s", error)
        return _said(turn, *outcome.not_saved(draft, desk.content))
    return _said(turn, *outcome.sent(draft, receipt, desk.content))


def amend_request(deed: AmendRequest, turn: Turn, message: Message, desk: Desk) -> Turn:
    """Pass a change or a cancellation on to the team."""
    draft = turn.memory.draft or Draft()
    try:
        result = desk.requests.amend(deed)
    except NotSavedError as error:
        log.error("a change to a request was not saved: %s", error)
        return _said(turn, *outcome.not_saved(draft, desk.content))
    return _said(turn, *outcome.amended(draft, result, desk.content))


def _said(turn: Turn, reply: Reply, draft: Draft | None) -> Turn:
    return replace(turn, reply=reply, memory=replace(turn.memory, draft=draft), deed=None)
