"""clinic.privacy.retention: what is old goes, what is live stays."""

from datetime import timedelta

from clinic.privacy import belongings
from clinic.privacy.retention import Periods, Retention
from tests.patients import CIPHER, everything

PERIODS = Periods(timedelta(days=30), timedelta(hours=24), timedelta(days=90))


def purge(patient):
    return Retention(patient.engine, CIPHER, PERIODS, patient.clock).purge()


def test_what_is_young_stays(patient):
    everything(patient)
    before = patient.rows()
    patient.clock.later(hours=23)
    purge(patient)
    assert patient.rows() == before


def test_what_is_old_goes(patient):
    everything(patient)
    patient.clock.later(days=31)
    purge(patient)
    requests = {one.table for one in belongings.ALL if one.kept == "requests"}
    assert set(patient.rows()) - requests == set()
    patient.clock.later(days=60)
    purge(patient)
    assert patient.rows() == {}


def test_a_live_session_loses_nothing(patient):
    patient.turn(opens=True)
    patient.fill()
    patient.clock.later(days=29)
    patient.turn()
    patient.clock.later(days=2)
    patient.turn()
    before = patient.rows()
    patient.clock.later(hours=23)
    purge(patient)
    assert patient.rows() == before


def test_of_a_patient_who_comes_back_the_old_sessions_go(patient):
    patient.turn(opens=True)
    patient.turn()
    patient.clock.later(days=31)
    patient.turn(opens=True)
    patient.clock.later(hours=1)
    purge(patient)
    assert patient.rows()["turns"] == 1


def test_what_was_typed_into_the_form_goes_after_a_day(patient):
    slot = {"event": "slot", "name": "draft", "value": {"name": "Priya"}}
    patient.turn(opens=True)
    patient.turn(events=[slot])
    patient.turn(slots={"draft": {"name": "Priya"}})
    patient.turn(events=[{**slot, "value": None}])
    patient.message()
    patient.clock.later(hours=25)
    assert purge(patient)["drafts"] == 2
    assert patient.rows()["turns"] == 2
    reference, _ = patient.orders.tell(patient.name)
    held = patient.orders.export_by(reference)
    assert "Priya" not in str(held)


def test_purge_can_be_repeated(patient):
    everything(patient)
    patient.clock.later(days=31)
    purge(patient)
    assert not any(count for name, count in purge(patient).items())
