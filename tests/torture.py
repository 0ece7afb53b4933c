"""Books hundreds of requests through a running bot while its parts are killed at random, cut off
and sent to twice; then counts what was lost, doubled or never reached the team.

`make torture` runs it at length and writes benchmarks/torture.md; tests/test_torture.py is short.
"""

import argparse
import os
import random
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from clinic.booking.notify import Webhook
from clinic.booking.outbox import Outbox
from clinic.database import open_database
from clinic.errors import DeliveryError
from tests.booking import CIPHER
from tests.databases import fresh_postgresql, postgresql_server
from tests.team import SECRET
from tests.torture_parts import DatabaseKiller, Killer, RandomDesk, serving
from tests.torture_patients import Someone, Tally
from tests.torture_report import REPORT, WRONG, figures, write_report


def torture(seed, patients, seconds, pace=1.0, postgresql=False, enough=None):
    """Run it for so long, or until there are `enough` kills and references; returns the figures.
    All that is random comes from the seed, but not the timing.
    """
    tally, stop = Tally(), threading.Event()
    kind = "PostgreSQL" if postgresql else "SQLite"
    with (
        TemporaryDirectory() as folder,
        RandomDesk(seed) as desk,
        database(folder, postgresql) as address,
    ):
        with serving(folder, address, desk) as parts:
            began = time.monotonic()
            threads = [
                *killers(parts, tally, desk, stop, seed, pace),
                *(database_killers(address, parts, tally, stop, seed) if postgresql else []),
                *people(parts, tally, stop, seed, patients),
            ]
            for thread in threads:
                thread.start()
            while time.monotonic() - began < seconds and not tally.has(enough):
                time.sleep(0.1)
            stop.set()
            for thread in threads:
                thread.join()
            took = time.monotonic() - began
        # All is dead now. What is in the database must be enough.
        outbox = Outbox(open_database(address), CIPHER)
        by_the_bot = len({identity for identity, _ in desk.got})
        drained(outbox, desk, folder)
        about = {"database": kind, "seed": seed, "seconds": round(took)}
        found = figures(about, desk, tally, outbox, by_the_bot)
        outbox.engine.dispose()
        return found


@contextmanager
def database(folder, postgresql):
    """The address of an empty database."""
    if not postgresql:
        yield f"sqlite:///{folder}/clinic.sqlite3"
        return
    # A folder of its own: PostgreSQL runs as another account where the torture runs as root.
    with TemporaryDirectory() as its_own, postgresql_server(its_own) as server:
        yield fresh_postgresql(server)


def killers(parts, tally, desk, stop, seed, pace):
    """One for each part; the action server is struck around a Send, the delivery around a note."""
    moments = {"action server": tally.sending, "delivery": desk.came, "Rasa server": None}
    return [
        Killer(name, parts, tally, random.Random(f"{seed} {name}"), stop, moment, pace)
        for name, moment in moments.items()
    ]


def database_killers(address, parts, tally, stop, seed):
    return [
        DatabaseKiller(name, address, parts, tally, random.Random(f"{seed} {name}"), stop)
        for name in ("connections of the database", "database")
    ]


def people(parts, tally, stop, seed, patients):
    """So many patients at once; who is done makes room for the next one."""
    numbers = iter(random.Random(seed).sample(range(100_000, 999_999), 20_000))
    lock = threading.Lock()

    def keep_booking(chance):
        while not stop.is_set():
            with lock:
                number = next(numbers)
            Someone(parts, number, chance, tally).books(stop)

    return [
        threading.Thread(target=keep_booking, args=(random.Random(f"{seed} patient {n}"),))
        for n in range(patients)
    ]


def drained(outbox, desk, folder):
    """Bring what still waits. Later tries wait for minutes and hours: the clock is set ahead."""
    desk.well, os.environ["SSL_CERT_FILE"] = True, desk.trusted(Path(folder))
    days = 0
    while outbox.figures().waiting and days < 40:
        days += 2
        bring(Outbox(outbox.engine, CIPHER, partial(in_days, days)), desk.address)


def in_days(days):
    return datetime.now(UTC) + timedelta(days=days)


def bring(outbox, address):
    """One try for each note that is due."""
    webhook = Webhook(address, SECRET, private=True)
    while note := outbox.claim(("webhook",)):
        try:
            webhook.send(note)
        except DeliveryError as failure:
            outbox.failed(note, str(failure), ("webhook",))
        else:
            outbox.done(note)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patients", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=26)
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    options = parser.parse_args()
    found = torture(
        options.seed, options.patients, options.minutes * 60, postgresql=options.postgresql
    )
    write_report(found)
    sys.stdout.write(REPORT.read_text(encoding="utf-8"))
    return int(any(found[name] for name in WRONG))


if __name__ == "__main__":
    sys.exit(main())
