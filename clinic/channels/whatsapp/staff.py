"""Tells staff of a reply that did not reach a patient: a line in the log, a note to the team."""

import logging
from datetime import timedelta

from sqlalchemy.engine import Engine

from clinic.booking.tables import new_note, notes
from clinic.channels.whatsapp.patients import Known
from clinic.cipher import Cipher
from clinic.clock import utc_now
from clinic.database import insert_new
from clinic.reference import new_reference

log = logging.getLogger(__name__)

KIND = "whatsapp.undelivered"
# An e-mail each is enough when many replies to one patient fail.
ONCE_IN = timedelta(days=1)


class StaffNotes:
    """Notes in the outbox that carries booking requests, one a day for each patient."""

    def __init__(self, engine: Engine, cipher: Cipher) -> None:
        self.engine, self.cipher = engine, cipher

    def tell(self, known: Known, why: str) -> None:
        """Why a reply did not arrive, and how the patient can be reached."""
        log.error("a WhatsApp reply did not reach its patient; the team gets a note")
        now = utc_now()
        contact = f"+{known.patient.wa_id}" if known.patient.wa_id else ""
        reference = new_reference()
        about = {"reference": reference, "channel": "whatsapp", "contact": contact, "why": why}
        key = f"wa:{known.conversation}:{int(now.timestamp() // ONCE_IN.total_seconds())}"
        sealed = self.cipher.seal(about)
        note = new_note(KIND, reference, known.conversation, key, sealed, now)
        with self.engine.begin() as connection:
            insert_new(connection, notes, note)
