"""A short run of tests/torture.py: no reference is lost or doubled, and none is false."""

import os

from tests.torture import torture
from tests.torture_patients import Tally
from tests.torture_report import WRONG, compared


def test_killed_parts_lose_and_double_nothing(monkeypatch):
    # The run trusts a certificate of its own; what others trust is put back afterwards.
    monkeypatch.setenv("SSL_CERT_FILE", os.environ.get("SSL_CERT_FILE", ""))
    found = torture(seed=7, patients=4, seconds=60, pace=0.4, enough=(3, 3))
    assert {name: found[name] for name in WRONG if found[name]} == {}
    assert found["references seen"] >= 3
    assert found["processes killed"] >= 3


def test_what_goes_wrong_is_counted():
    tally = Tally()
    tally.heard("Ann", "is saved\nYour reference is KC-000001.")
    tally.heard("Ann", "Your reference is KC-000002.")
    tally.heard("Ben", "Your reference is KC-000003.")
    tally.heard("Cat", "Your request is saved.")
    kept = [Kept("KC-000001", "Ann"), Kept("KC-000002", "Ann"), Kept("KC-000004", "Dan")]
    found = compared(kept, {"1": "KC-000001", "2": "KC-000001", "3": "KC-000004"}, tally)
    assert {name: found[name] for name in WRONG} == {
        "losses in the store": ["KC-000003"],
        "losses to the team": ["KC-000002"],
        "doubles in the store": ["Ann"],
        "doubles to the team": ["KC-000001"],
        "mixed up": [],
        "two references told": ["Ann"],
        "told sent without a reference": ["Your request is saved."],
    }


class Kept:
    """A stored request, as far as it is counted."""

    def __init__(self, reference, name):
        self.reference, self.about = reference, {"name": name}
