"""Adds to a message the telephone number that its patient writes from."""

import logging
from dataclasses import replace

from clinic.contact_book import ContactBook
from clinic.desk import Desk
from clinic.message import Message

log = logging.getLogger(__name__)

# The channels that know the number.
KNOWS_NUMBERS = ("whatsapp",)


def with_number(message: Message, desk: Desk) -> Message:
    """The message with the number in use; without one where it is not known or cannot be read."""
    if message.channel not in KNOWS_NUMBERS:
        return message
    try:
        number = ContactBook(desk.database, desk.cipher).number(message.conversation)
    except Exception as error:
        # The patient can still type it.
        log.error("the number in use cannot be read: %s", type(error).__name__)
        number = None
    return replace(message, number=number or "")
