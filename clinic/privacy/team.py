"""Tells the team which requests in their own systems a patient has asked to be deleted."""

import secrets
from datetime import datetime

from sqlalchemy import insert, or_, select
from sqlalchemy.engine import Connection

from clinic.booking.tables import new_note, notes
from clinic.cipher import Cipher
from clinic.privacy import belongings

KIND = "request.forgotten"


def tell_team(
    connection: Connection, conversation: str, order: str, cipher: Cipher, now: datetime
) -> int:
    """Put a note into the outbox for each reference that the team may have; returns how many. It
    holds that reference and the one of the patient's order, and belongs to no conversation: it
    outlives what it tells of.
    """
    if notes.name not in {one.table for one in belongings.present(connection)}:
        return 0
    told = _reached(connection, conversation)
    for reference in told:
        sealed = cipher.seal({"reference": reference, "asked_under": order})
        note = new_note(KIND, reference, "", secrets.token_hex(16), sealed, now)
        connection.execute(insert(notes).values(note))
    return len(told)


def _reached(connection: Connection, conversation: str) -> list[str]:
    """The references of the notes that the team has, or may have: one that was tried can have
    arrived although no answer came back.
    """
    tried = or_(notes.c.state != "waiting", notes.c.attempts > 0)
    query = select(notes.c.reference).where(notes.c.conversation == conversation, tried)
    return sorted(set(connection.execute(query).scalars()))
