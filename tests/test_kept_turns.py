"""clinic.kept_turns: written once, in order, sealed, bounded, forgotten when that was ordered."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.database import migrate, open_database
from clinic.kept_turns import KeptTurn, KeptTurns


@pytest.fixture
def engine(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/clinic.sqlite3")
    migrate(engine)
    return engine


@pytest.fixture
def kept(engine):
    return KeptTurns(engine, Cipher([DEVELOPMENT_KEY]))


def turn(n, opens=False, words="does it hurt"):
    return KeptTurn(n, opens, {"slots": {"topic": "pain"}}, [{"event": "user", "text": words}])


def test_last_turns_of_the_session_come_back_oldest_first(kept):
    for n in range(1, 9):
        kept.add("web-ann", turn(n, opens=n in (1, 6)))
    assert [t.n for t in kept.latest("web-ann", 2)] == [7, 8]
    assert [t.n for t in kept.latest("web-ann", 50)] == [6, 7, 8]
    assert [t.n for t in kept.all("web-ann")] == list(range(1, 9))
    assert kept.latest("web-ann", 1) == [turn(8)]
    assert kept.latest("web-ben", 50) == []


def test_a_turn_is_written_once(kept):
    kept.add("web-ann", turn(1))
    with pytest.raises(IntegrityError):
        kept.add("web-ann", turn(1, words="from another process"))
    assert kept.all("web-ann") == [turn(1)]


def test_a_try_again_after_a_lost_connection_finds_what_the_first_wrote(kept):
    row = {"conversation": "web-ann", "n": 1, "opens_session": True, "sealed": "sealed"}
    with kept.engine.begin() as connection:
        connection.execute(text("INSERT INTO turns VALUES ('web-ann', 1, 1, '2026', 'sealed')"))
    kept._write_again(row)
    with pytest.raises(IntegrityError):
        kept._write_again({**row, "sealed": "another"})


def test_nothing_a_patient_wrote_is_readable_in_the_database(kept, engine):
    kept.add("web-ann", turn(1, words="my eyelid is sore"))
    with engine.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM turns")).all())
    assert "eyelid" not in rows
    assert "pain" not in rows


def test_order_to_forget_deletes_instead_of_writing(engine):
    ordered = set()
    kept = KeptTurns(engine, Cipher([DEVELOPMENT_KEY]), lambda _, who: who in ordered)
    for who in ("web-ann", "web-ben"):
        kept.add(who, turn(1))
    ordered.add("web-ann")
    kept.add("web-ann", turn(2))
    assert kept.all("web-ann") == []
    assert kept.conversations() == ["web-ben"]
