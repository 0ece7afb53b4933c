"""clinic.database: opened, durable, migrated; other kinds are refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from clinic import database
from clinic.database import migrate, open_database
from clinic.errors import SettingsError


def test_sqlite_is_made_with_its_folder_and_keeps_what_was_committed(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/new/clinic.sqlite3")
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2


def test_reader_does_not_wait_for_a_writer(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/clinic.sqlite3")
    migrate(engine)
    with engine.begin(), engine.connect().execution_options(reads_only=True) as reader:
        assert reader.execute(text("SELECT 1")).scalar() == 1


def test_those_who_write_at_once_wait_for_each_other_and_none_is_lost(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/clinic.sqlite3")
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counted (n INTEGER)"))

    def count(n):
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO counted VALUES (:n)"), {"n": n})
            if n % 3 == 0:
                raise ZeroDivisionError

    with ThreadPoolExecutor(20) as pool:
        ends = [pool.submit(count, n).exception() for n in range(60)]
    assert [type(end) for end in ends if end] == [ZeroDivisionError] * 20
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM counted")).scalar() == 40


def test_who_waits_too_long_to_write_hears_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY", 0.1)
    engine = open_database(f"sqlite:///{tmp_path}/clinic.sqlite3")
    migrate(engine)
    with engine.begin(), pytest.raises(OperationalError, match="others write"), engine.begin():
        pass
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


@pytest.mark.parametrize("address", ["mysql://h/d", "clinic.db", ""])
def test_another_kind_of_database_is_refused(address):
    with pytest.raises(SettingsError, match="CLINIC_DATABASE"):
        open_database(address)
