"""Who is who on WhatsApp: the right person hears the answer, on both databases."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from clinic.channels.whatsapp.patients import Patients
from clinic.channels.whatsapp.payload import Change, Patient
from clinic.channels.whatsapp.queue import Queue, new_key
from clinic.channels.whatsapp.shapes import Shaped
from clinic.cipher import DEVELOPMENT_KEY, Cipher

CIPHER = Cipher([DEVELOPMENT_KEY])


@pytest.fixture
def patients(database):
    return Patients(database, CIPHER, lambda: 1000.0)


@pytest.fixture
def priya():
    """Somebody new to the database: tests share it."""
    return Patient("106540352242922", f"GB.{secrets.randbits(60)}", f"4474{secrets.randbits(26)}")


def writes(patients, patient, at=100.0):
    with patients.engine.begin() as connection:
        conversation = patients.conversation_of(connection, patient, at)
        patients.heard(connection, conversation, at)
    return conversation


def changes(patients, old, new, at=200.0, wamid=None):
    with patients.engine.begin() as connection:
        patients.change(connection, Change(wamid or secrets.token_hex(8), old, new, at))


def ids_of(patients, conversation):
    patient = patients.get(conversation).patient
    return patient.user_id, patient.wa_id


def test_the_same_patient_is_known_by_either_id(patients, priya):
    one = writes(patients, priya)
    assert one.startswith("wa-") and priya.wa_id not in one
    assert writes(patients, replace(priya, wa_id="")) == one
    assert writes(patients, replace(priya, user_id="")) == one
    assert ids_of(patients, one) == (priya.user_id, priya.wa_id)
    assert patients.contact_book.number(one) == f"+{priya.wa_id}"


def test_first_messages_that_come_at_once_are_one_conversation(patients, priya):
    def write(who):
        with patients.engine.begin() as connection:
            patients.hold(connection, [who])
            return patients.conversation_of(connection, who, 100.0)

    for n in range(5):
        new = replace(priya, user_id=f"{priya.user_id}{n}", wa_id=f"{priya.wa_id}{n}")
        with ThreadPoolExecutor(4) as together:
            assert len(set(together.map(write, [new] * 4))) == 1


def test_an_id_that_comes_later_is_added(patients, priya):
    one = writes(patients, replace(priya, user_id=""))
    assert writes(patients, priya) == one
    assert writes(patients, replace(priya, wa_id="")) == one


def test_two_numbers_of_the_clinic_are_two_conversations(patients, priya):
    assert writes(patients, priya) != writes(patients, replace(priya, number="106540352242923"))


def test_a_number_with_a_new_owner_is_a_new_conversation_and_nothing_goes_to_the_old(
    patients, priya
):
    one = writes(patients, priya)
    stranger = replace(priya, user_id=f"{priya.user_id}9")
    other = writes(patients, stranger, at=300.0)
    assert other != one
    assert ids_of(patients, one) == (priya.user_id, "")
    assert patients.contact_book.number(one) is None
    # An older message that comes late is hers, and takes nothing back.
    assert writes(patients, priya, at=150.0) == one
    assert ids_of(patients, other) == (stranger.user_id, stranger.wa_id)
    assert ids_of(patients, one) == (priya.user_id, "")


def test_a_changed_number_takes_the_conversation_along(patients, priya):
    one = writes(patients, priya)
    new = replace(priya, user_id=f"{priya.user_id}1", wa_id=f"{priya.wa_id}1")
    changes(patients, priya, new)
    assert writes(patients, new, at=300.0) == one
    assert ids_of(patients, one) == (new.user_id, new.wa_id)
    assert patients.contact_book.number(one) == f"+{new.wa_id}"
    # Whoever has the old number now is somebody else, also without a user id.
    assert writes(patients, replace(priya, user_id=""), at=400.0) != one


def test_only_metas_id_changes(patients, priya):
    one = writes(patients, replace(priya, wa_id=""))
    new = replace(priya, user_id=f"{priya.user_id}1", wa_id="")
    changes(patients, replace(priya, wa_id=""), new)
    assert writes(patients, new) == one


def test_a_change_that_comes_twice_or_late_is_heeded_once(patients, priya):
    old, new = replace(priya, user_id=""), replace(priya, user_id="", wa_id=f"{priya.wa_id}1")
    one = writes(patients, old)
    changes(patients, old, new, wamid="wamid.twice" + priya.wa_id)
    stranger = writes(patients, old, at=300.0)
    changes(patients, old, new, wamid="wamid.twice" + priya.wa_id)
    # Another id, but older than the stranger's first message.
    changes(patients, old, new, at=250.0)
    assert writes(patients, old, at=400.0) == stranger != one
    assert writes(patients, new, at=400.0) == one


def test_a_change_that_comes_after_the_first_message_from_the_new_number(patients, priya):
    one = writes(patients, priya)
    new = replace(priya, user_id=f"{priya.user_id}1", wa_id=f"{priya.wa_id}1")
    other = writes(patients, new, at=300.0)
    changes(patients, priya, new, at=200.0)
    assert writes(patients, new, at=400.0) == other
    assert ids_of(patients, one) == ("", "")


def test_a_change_of_somebody_unknown_is_nothing(patients, priya):
    changes(patients, priya, replace(priya, wa_id="1"))
    assert writes(patients, priya)


def test_ids_are_found_again_after_a_change_of_keys(patients, priya):
    one = writes(patients, priya)
    both = Patients(
        patients.engine, Cipher([Fernet.generate_key().decode(), DEVELOPMENT_KEY]), patients.now
    )
    assert writes(both, replace(priya, wa_id="")) == one
    assert writes(patients, replace(priya, user_id="")) == one


def test_no_id_can_be_read_in_the_database(patients, priya):
    writes(patients, priya)
    with patients.engine.connect() as connection:
        for table in ("whatsapp_patients", "whatsapp_ids", "contact_book"):
            kept = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert priya.wa_id not in kept and priya.user_id not in kept


def add(patients, conversation, kind="reply", source=None):
    queue = Queue(patients.engine, CIPHER, patients.now)
    message = Shaped({"type": "text", "text": {"body": "Hello."}})
    with patients.engine.begin() as connection:
        queue.add(
            connection, conversation, source or new_key(), [message], key=new_key(), kind=kind
        )


def states(patients, conversation):
    query = text("SELECT state FROM whatsapp_queue WHERE conversation = :c ORDER BY id")
    with patients.engine.connect() as connection:
        return list(connection.execute(query, {"c": conversation}).scalars())


def wishes(patients, conversation, stop, at):
    with patients.engine.begin() as connection:
        patients.wish(connection, conversation, stop, at)


def test_stop_drops_what_waits_and_start_ends_it(patients, priya):
    one = writes(patients, priya)
    add(patients, one)
    add(patients, one, kind="stop")
    wishes(patients, one, True, 100.0)
    assert states(patients, one) == ["dropped", "waiting"]
    assert patients.get(one).stopped
    wishes(patients, one, False, 101.0)
    assert not patients.get(one).stopped


def test_a_wish_that_comes_again_late_changes_nothing(patients, priya):
    one = writes(patients, priya)
    wishes(patients, one, True, 100.0)
    wishes(patients, one, False, 101.0)
    wishes(patients, one, True, 100.0)
    assert not patients.get(one).stopped
    wishes(patients, one, True, 101.0)
    assert patients.get(one).stopped, "within one second STOP wins"


def test_what_is_held_goes_on_when_the_patient_writes(patients, priya):
    one = writes(patients, priya)
    add(patients, one)
    with patients.engine.begin() as connection:
        connection.execute(
            text("UPDATE whatsapp_queue SET state = 'held' WHERE conversation = :c"), {"c": one}
        )
    writes(patients, priya, at=90.0)
    assert states(patients, one) == ["held"], "an older message opens no window"
    writes(patients, priya, at=110.0)
    assert states(patients, one) == ["waiting"]
    assert patients.get(one).heard_at == 110.0
