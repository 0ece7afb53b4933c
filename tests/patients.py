"""A patient who leaves something in every table, for the tests of privacy."""

import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import inspect, text

from clinic.channels.inbox import Inbox, Incoming
from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.kept_turns import KeptTurn, KeptTurns
from clinic.privacy import belongings
from clinic.privacy.orders import Orders, due

CIPHER = Cipher([DEVELOPMENT_KEY])
START = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)


class Clock:
    """A time that a test sets."""

    def __init__(self):
        self.time = START

    def __call__(self):
        return self.time

    def later(self, **by):
        self.time += timedelta(**by)


class Patient:
    """A conversation that leaves something in every table, as the parts of the bot would."""

    def __init__(self, engine, clock):
        self.engine, self.clock = engine, clock
        self.orders = Orders(engine, CIPHER, clock)
        self.turns = KeptTurns(engine, CIPHER, due)
        self.inbox = Inbox(engine, CIPHER, clock)
        self.name = f"web-{uuid.uuid4().hex}"
        self.n = 0

    def turn(self, slots=None, events=(), opens=False):
        """A turn as the tracker store writes it."""
        self.n += 1
        before = {"slots": slots or {}, "loop": None, "paused": False}
        self.turns.add(self.name, KeptTurn(self.n, opens, before, list(events)))
        self._at("turns", "written_at", f"n = {self.n}")

    def message(self, done=True):
        """A message through the inbox."""
        message = uuid.uuid4().hex
        self.inbox.take_in([Incoming("website", message, self.name, "I am Priya")])
        claimed = self.inbox.claim(self.name)
        if done:
            self.inbox.finish(claimed, [{"text": "Hello Priya"}])
        return claimed

    def fill(self):
        """A row in every other table that belongs to a conversation, whatever its columns are."""
        with self.engine.begin() as connection:
            for one in belongings.present(connection):
                if one.table not in ("turns", "inbox") and not one.hangs_on:
                    self._insert(connection, one)

    def _insert(self, connection, one):
        columns = inspect(connection).get_columns(one.table)
        values = {c["name"]: self._some(c) for c in columns if c.get("autoincrement") is not True}
        values["conversation"] = self.name
        values[one.time] = self.clock().timestamp() if one.seconds else self.clock()
        names = ", ".join(values)
        binds = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {one.table} ({names}) VALUES ({binds})"), values)

    def _some(self, column):
        kind = column["type"].python_type
        return {
            str: uuid.uuid4().hex[:10],
            int: uuid.uuid4().int % 10**8,
            float: 0.0,
            bool: False,
            datetime: self.clock(),
        }[kind]

    def _at(self, table, column, where):
        with self.engine.begin() as connection:
            connection.execute(
                text(f"UPDATE {table} SET {column} = :now WHERE {where} AND conversation = :name"),
                {"now": self.clock(), "name": self.name},
            )

    def rows(self):
        """table -> how many rows of any table of the database hold the conversation's id."""
        found = {}
        with self.engine.connect() as connection:
            for table in inspect(connection).get_table_names():
                every = connection.execute(text(f"SELECT * FROM {table}")).all()
                if mine := sum(self.name in map(str, row) for row in every):
                    found[table] = mine
        return found


def everything(patient):
    """Two turns, two messages, and a row in every other table."""
    patient.turn(opens=True)
    patient.message()
    patient.fill()
    patient.turn()
    patient.message()
