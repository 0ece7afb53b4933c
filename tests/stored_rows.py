"""A look at every row of every table of a running bot's database."""

from sqlalchemy import inspect, text

from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.database import open_database
from clinic.errors import SealError

CIPHER = Cipher([DEVELOPMENT_KEY])


def conversations_in(address, table):
    """The conversations that have written into a table. The new one among them is a new patient's:
    times do not tell, since Meta's are whole seconds and tests follow each other faster.
    """
    engine = open_database(address)
    with engine.connect() as connection:
        found = set(
            connection.execute(text(f"SELECT DISTINCT conversation FROM {table}")).scalars()
        )
    engine.dispose()
    return found


def in_clear(value):
    """A value as its owner reads it."""
    try:
        return str(CIPHER.unseal(value)) if str(value).startswith("gAAAA") else str(value)
    except SealError:
        return str(value)


def rows_with(address, *words):
    """table -> its rows in which any of these words stands, sealed or not."""
    engine, found = open_database(address), {}
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            clear = [" ".join(map(in_clear, row)) for row in rows]
            if mine := [row for row in clear if any(word in row for word in words)]:
                found[table] = mine
    engine.dispose()
    return found
