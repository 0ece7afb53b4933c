"""clinic.database: opened, durable, migrated; other kinds are refused."""

import pytest
from sqlalchemy import text

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


@pytest.mark.parametrize("address", ["mysql://h/d", "clinic.db", ""])
def test_another_kind_of_database_is_refused(address):
    with pytest.raises(SettingsError, match="CLINIC_DATABASE"):
        open_database(address)
