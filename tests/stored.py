"""Fixtures of the store and the outbox on SQLite and on a real PostgreSQL; a clock to set."""

import pytest

from tests.booking import Clock, emptied, stores
from tests.databases import fresh_postgresql, opened

WAYS = ("webhook", "email")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engine(request, tmp_path_factory):
    folder = str(tmp_path_factory.mktemp("store"))
    if request.param == "sqlite":
        with opened(f"sqlite:///{folder}/clinic.sqlite3") as engine:
            yield engine
    else:
        with opened(fresh_postgresql(request.getfixturevalue("postgresql"))) as engine:
            yield engine


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(engine, clock):
    return stores(emptied(engine), clock)[0]


@pytest.fixture
def outbox(engine, clock):
    return stores(engine, clock)[1]


def claim(outbox, ways=WAYS):
    note = outbox.claim(ways)
    assert note
    return note
