"""Fixtures and words of the tests in which a patient books."""

import pytest

from tests.booking import Patient
from tests.databases import opened


@pytest.fixture
def database(tmp_path):
    with opened(f"sqlite:///{tmp_path}/clinic.sqlite3") as engine:
        yield engine


@pytest.fixture
def patient(content, database):
    return Patient(content, database)


def line(patient, name):
    return patient.content.fill(patient.content.booking.lines[name]).partition("{")[0]


def question(patient, name):
    return patient.content.fill(patient.content.booking.questions[name])


def reference_in(reply):
    assert reply.show and reply.show["kind"] == "reference", reply.text
    assert reply.show["reference"] in reply.text
    return reply.show["reference"]
