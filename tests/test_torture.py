"""A short run of tests/torture.py: no reference is lost or doubled, and none is false."""

import os

from tests.torture import torture
from tests.torture_report import WRONG


def test_killed_parts_lose_and_double_nothing(monkeypatch):
    # The run trusts a certificate of its own; what others trust is put back afterwards.
    monkeypatch.setenv("SSL_CERT_FILE", os.environ.get("SSL_CERT_FILE", ""))
    found = torture(seed=7, patients=4, seconds=60, pace=0.4, enough=(3, 3))
    assert {name: found[name] for name in WRONG if found[name]} == {}
    assert found["references seen"] >= 3
    assert found["all kills"] >= 3
