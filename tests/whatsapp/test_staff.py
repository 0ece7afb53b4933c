"""Staff hear of a reply that did not arrive: why, and how to reach the patient; once a day."""

from clinic.booking.notify import as_text
from clinic.booking.outbox import Outbox
from clinic.channels.whatsapp.patients import Known
from clinic.channels.whatsapp.payload import Patient
from clinic.channels.whatsapp.staff import KIND, StaffNotes
from clinic.cipher import DEVELOPMENT_KEY, Cipher

CIPHER = Cipher([DEVELOPMENT_KEY])


def test_the_team_gets_one_note_with_the_number_and_the_reason(database, caplog):
    patient = Patient("106540352242922", "GB.1", "447400123456")
    known = Known("wa-one", patient, 0.0, False, 0.0, 0.0, 0.0, True)
    for _ in range(3):
        StaffNotes(database, CIPHER).tell(known, "Meta's code 131026")
    outbox = Outbox(database, CIPHER)
    note = outbox.claim(["email"])
    assert note.kind == KIND
    assert "Contact: +447400123456" in as_text(note)
    assert "Why: Meta's code 131026" in as_text(note)
    assert outbox.claim(["email"]) is None
    assert "447400123456" not in caplog.text
