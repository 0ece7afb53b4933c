"""clinic.privacy: what is deleted is gone from every table, on each kind of database."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from clinic.errors import NothingHeldError
from clinic.privacy import belongings
from clinic.privacy.orders import FORGET, SETTLED, STOP
from tests.patients import Patient, everything

# Tables in which nothing of a patient can stand.
OF_NOBODY = {"alembic_version", "privacy_orders", "sqlite_sequence"}


def test_every_table_of_a_conversation_is_in_the_list(database):
    listed = {one.table for one in belongings.ALL} | OF_NOBODY
    assert set(inspect(database).get_table_names()) - listed == set()


def test_every_listed_table_is_there_with_its_columns(database):
    there = inspect(database)
    with database.connect() as connection:
        present = belongings.present(connection)
    for one in present:
        names = {column["name"] for column in there.get_columns(one.table)}
        assert {one.time, one.hangs_on[0] if one.hangs_on else "conversation"} <= names, one.table


def test_forgetting_in_the_chat_empties_every_table(patient, database):
    everything(patient)
    with database.connect() as connection:
        present = belongings.present(connection)
    assert set(patient.rows()) == {one.table for one in present if not one.hangs_on}
    # The turn in which the patient says yes: its message is claimed, its turn not yet written.
    claimed = patient.message(done=False)
    reference = patient.orders.forget(patient.name)
    assert reference.startswith("KC-")
    assert "turns" not in patient.rows()
    patient.turn()
    assert patient.inbox.finish(claimed, [{"text": f"Deleted. {reference}"}])
    assert "turns" not in patient.rows()
    patient.clock.later(minutes=11)
    assert patient.orders.settle() == 1
    assert patient.rows() == {}
    assert patient.orders.settle() == 0


def test_nobody_else_loses_anything(patient, database, clock):
    other = Patient(database, clock)
    everything(patient)
    everything(other)
    before = other.rows()
    patient.orders.forget(patient.name)
    patient.turn()
    clock.later(hours=1)
    patient.orders.settle()
    assert other.rows() == before


def test_a_patient_who_goes_on_begins_anew_and_keeps_what_is_new(patient):
    everything(patient)
    patient.orders.forget(patient.name)
    patient.turn()
    patient.clock.later(minutes=1)
    patient.turn(opens=True)
    patient.message()
    patient.clock.later(minutes=30)
    patient.orders.settle()
    assert patient.rows()["turns"] == 1
    assert patient.rows()["inbox"] == 1


def test_a_turn_that_is_never_written_does_not_keep_the_order_open(patient):
    everything(patient)
    patient.orders.forget(patient.name)
    patient.clock.later(minutes=11)
    patient.orders.settle()
    assert patient.rows() == {}


def test_an_order_waits_until_its_reply_has_arrived(patient):
    everything(patient)
    claimed = patient.message(done=False)
    patient.orders.forget(patient.name)
    patient.clock.time += SETTLED - timedelta(seconds=1)
    assert patient.orders.settle() == 0
    assert patient.inbox.finish(claimed, [])


def test_only_the_turn_that_ordered_is_not_written(patient):
    patient.turn(opens=True)
    patient.orders.stop(patient.name)
    patient.orders.tell(patient.name)
    patient.turn()
    assert patient.rows()["turns"] == 2


def test_what_is_held_is_counted(patient):
    everything(patient)
    reference, held = patient.orders.tell(patient.name)
    assert held.messages == 2
    assert patient.orders.export_by(reference)["turns"][0]["sealed"]["before"]["slots"] == {}


def test_staff_export_everything_in_clear(patient):
    everything(patient)
    reference, _ = patient.orders.tell(patient.name)
    held = patient.orders.export_by(reference)
    assert set(held) == set(patient.rows()) - {"privacy_orders"}
    assert {row["body"]["text"] for row in held["inbox"]} == {"I am Priya"}
    assert held["inbox"][0]["replies"] == [{"text": "Hello Priya"}]


def test_staff_forget_at_once(patient):
    everything(patient)
    reference, _ = patient.orders.tell(patient.name)
    assert patient.orders.forget_by(reference) > 0
    assert set(patient.rows()) == {"privacy_orders"}
    # A turn that was under way is not written either.
    patient.turn()
    assert "turns" not in patient.rows()


@pytest.mark.parametrize("reference", ["KC-000000", "", "nonsense", "' OR 1=1 --"])
def test_unknown_reference_leads_to_nothing(reference, patient):
    everything(patient)
    with pytest.raises(NothingHeldError):
        patient.orders.forget_by(reference)
    with pytest.raises(NothingHeldError):
        patient.orders.export_by(reference)
    assert patient.rows()


def test_orders_that_are_done_name_no_conversation(patient):
    reference = patient.orders.forget(patient.name)
    patient.clock.later(minutes=11)
    patient.orders.settle()
    with pytest.raises(NothingHeldError):
        patient.orders.export_by(reference)


def test_kinds_are_noted(patient):
    patient.orders.stop(patient.name)
    patient.orders.forget(patient.name)
    with patient.engine.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM privacy_orders")).scalars().all()
    assert sorted(kinds) == [FORGET, STOP]
