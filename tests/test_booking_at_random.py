"""Patients who type anything in any order: the form always answers, and keeps what it promises."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.booking import ADDRESS, NUMBER, Patient, emptied
from tests.databases import opened

# What is typed, with the topic that clinic.nlu may name for it.
TYPED = [
    ("I would like an appointment", "booking"),
    ("A consultation", "consultation"),
    ("call me back please", "person"),
    ("can I talk to somebody", "person"),
    ("cancel my appointment", "booking_change"),
    ("change my request KC-7F4Q2M", "booking_change"),
    ("actually make it friday", "booking_change"),
    ("I want to complain, nobody rang me back all week", "complaint"),
    ("how much is it?", "price"),
    ("does it hurt?", "pain"),
    ("what happens to my data?", "privacy"),
    ("yes", "agreement"),
    ("no", "refusal"),
    ("no", "nlu_fallback"),
    ("that is all", "goodbye"),
    ("Priya Shah", "nlu_fallback"),
    ("I'm Tom, 07400 654321, mornings please", "out_of_scope"),
    (NUMBER, "nlu_fallback"),
    (ADDRESS, "nlu_fallback"),
    ("priya@gmial.com", "nlu_fallback"),
    ("I don't want to give my number", "privacy"),
    ("e-mail me instead", "nlu_fallback"),
    ("weds mornings", "out_of_scope"),
    ("yesterday", "nlu_fallback"),
    ("i'm 16", "children"),
    ("I am 34", "nlu_fallback"),
    ("I have no reference", "nlu_fallback"),
    ("back", "nlu_fallback"),
    ("change name", "nlu_fallback"),
    ("Change something", "nlu_fallback"),
    ("never mind", "refusal"),
    ("cancel", "refusal"),
    ("Cancel my request", "booking_change"),
    ("Send", "agreement"),
    ("Send", "nlu_fallback"),
    ("my tongue is swelling", "urgent_sign"),
    ("asdf", "nlu_fallback"),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    with opened(f"sqlite:///{tmp_path_factory.mktemp('random')}/clinic.sqlite3") as engine:
        yield engine


def test_form_answers_whatever_is_typed(content, engine):
    """Patient.reads looks at each reply: nothing below a check page, nothing told without a row."""

    @settings(max_examples=150)
    @given(st.lists(st.sampled_from(TYPED), max_size=14))
    def any_order(typed):
        patient = Patient(content, emptied(engine), conversation=uuid.uuid4().hex)
        for text, topic in [("I would like an appointment", "booking"), *typed]:
            asking = patient.draft.asking if patient.draft else ""
            before = len(patient.kept())
            assert patient.types(text, topic).text.strip()
            agreed = (
                asking == "check" and text in ("Send", "yes") or (asking, text) == ("part", "Send")
            )
            assert agreed or len(patient.kept()) == before, "stored without agreement"

    any_order()
