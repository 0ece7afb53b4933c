"""The clinic's database: SQLite in a file by default, PostgreSQL by one setting."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import MetaData, Table, create_engine, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import QueuePool

from clinic.errors import SettingsError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
# Seconds that a statement waits for another writer, and that reaching the server may take: a
# patient waits 8 s at most for an action, so this must stay well below.
BUSY, CONNECT = 4, 3
# Connections of one process: kept, more when many are at work, and seconds to wait for one.
POOL = {"pool_size": 10, "max_overflow": 10, "pool_timeout": CONNECT}
# Marks a connection that writes.
WRITES = "writes"
# The number of the lock that a migration holds; any that nothing else uses.
MIGRATING = 7_401_230
# Every table of the product; clinic/migrations makes them.
metadata = MetaData()


def open_database(address: str) -> Engine:
    """The engine for an SQLAlchemy address (`sqlite:////folder/file`, `postgresql://...`); opens no
    connection. Raises SettingsError for another kind of database.
    """
    kind = _kind(address)
    if kind == "sqlite":
        # Open connections are kept: opening one costs more than a turn's reading and writing.
        engine = create_engine(
            address,
            future=True,
            poolclass=QueuePool,
            **POOL,
            connect_args={"timeout": BUSY, "check_same_thread": False},
        )
        event.listen(engine, "connect", _durable)
        writers = Writers()
        event.listen(engine, "begin", writers.begin)
        event.listen(engine.pool, "checkin", writers.end)
        return engine
    options = f"-c statement_timeout={BUSY * 1000} -c lock_timeout={BUSY * 1000}"
    return create_engine(
        address,
        future=True,
        pool_pre_ping=True,
        **POOL,
        connect_args={"connect_timeout": CONNECT, "options": options},
    )


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest form; does nothing when they have it. Raises sqlalchemy's
    errors when the database cannot be used.
    """
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        if engine.dialect.name == "postgresql":
            _wait_for_migrations(connection)
        # Each part of the product has a line of migrations of its own: a branch with its name.
        command.upgrade(config, "heads")
        connection.commit()


def _wait_for_migrations(connection: Connection) -> None:
    """Several bots that start at the same moment wait for the first one's migration."""
    for line in (
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL lock_timeout = 0",
        f"SELECT pg_advisory_xact_lock({MIGRATING})",
    ):
        connection.exec_driver_sql(line)


def one_at_a_time(connection: Connection, name: str) -> None:
    """Until the transaction ends, others who ask for the same name wait. SQLite lets one write at a
    time anyway.
    """
    if connection.dialect.name == "postgresql":
        number = func.hashtextextended(name, 0)
        connection.execute(select(func.pg_advisory_xact_lock(number)))


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row; False where its key is there already, whoever else inserts at this moment."""
    result = connection.execute(_insert(connection)(table).values(values).on_conflict_do_nothing())
    return bool(result.rowcount)


def put(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or give the row of the same primary key these values."""
    key = [column.name for column in table.primary_key]
    rest = {name: value for name, value in values.items() if name not in key}
    insert = _insert(connection)(table).values(values)
    connection.execute(insert.on_conflict_do_update(index_elements=key, set_=rest))


def _insert(connection: Connection) -> Any:
    return {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name].insert


def _kind(address: str) -> str:
    try:
        kind = str(make_url(address).get_backend_name())
    except ArgumentError:
        kind = ""
    if kind not in ("sqlite", "postgresql"):
        raise SettingsError(
            "CLINIC_DATABASE is no address of a database: set it to sqlite:////folder/file or "
            "postgresql://name:password@host/database"
        )
    return kind


def _durable(connection: Any, record: Any) -> None:
    """What SQLite needs so that what was committed survives a power cut, and readers never wait."""
    # SQLAlchemy begins the transaction itself (_begin); the driver would begin it too late.
    connection.isolation_level = None
    for line in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {line}")


class Writers:
    """Those in this process who write to an SQLite file, one after the other. SQLite itself lets
    the others look again after up to 100 ms, in no order.
    """

    def __init__(self) -> None:
        self.turn = threading.Lock()

    def begin(self, connection: Connection) -> None:
        """Take the write lock at once: two that read and then write would otherwise fail at the
        end. A connection with the option `reads_only` takes none, and so never waits. Raises
        OperationalError after BUSY seconds.
        """
        if connection.get_execution_options().get("reads_only"):
            connection.exec_driver_sql("BEGIN")
            return
        kept = connection.connection.record_info
        if not kept.get(WRITES):
            if not self.turn.acquire(timeout=BUSY):
                raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("others write"))
            kept[WRITES] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def end(self, _: Any, record: Any) -> None:
        """The connection is given back: the next one may write."""
        if record.record_info.pop(WRITES, False):
            self.turn.release()
