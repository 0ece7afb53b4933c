"""The parts of the tortured bot, and who kills them: each part has a killer of its own, who waits
until the part is up, mostly for the moment in which it does what must not be lost.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text

from clinic.serve import free_port
from clinic.settings import PROJECT
from tests.team import SECRET, Desk

PARTS = {"action server": "rasa_sdk", "Rasa server": "rasa run", "delivery": "clinic deliver"}
# Longest pause (seconds) between a part that is up and its death. Rasa takes longest to come back.
PAUSES = {"action server": 4.0, "delivery": 3.0, "Rasa server": 240.0, "database": 90.0}
PAUSES |= {"connections of the database": 15.0}


class RandomDesk(Desk):
    """A team's system that fails a quarter of the deliveries, before or after it has them, until it
    is `well`; `came` is set at each delivery.
    """

    def __init__(self, seed):
        super().__init__()
        self.chance, self.failures, self.well = random.Random(seed), 0, False
        self.came, self.answers = threading.Event(), self

    # As a list of answers: never empty, and the next one is drawn.
    def __bool__(self):
        return True

    def pop(self, _):
        self.came.set()
        if self.well or self.chance.random() > 0.25:
            return 200
        self.failures += 1
        return self.chance.choice([500, "cut before", "cut after"])


class Parts:
    """The parts of a running bot: a process each, which another one takes the place of."""

    def __init__(self, serving, ports):
        self.serving, self.ports = psutil.Process(serving.pid), ports

    def process(self, name):
        """The process that is a part now, or None."""
        for child in self.serving.children():
            try:
                if PARTS[name] in " ".join(child.cmdline()):
                    return child
            except psutil.Error:
                continue
        return None

    def is_up(self, name):
        if name not in self.ports:
            return self.process(name) is not None
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.ports[name])) == 0

    def wait_until_up(self, seconds, names=("Rasa server", "action server")):
        until = time.monotonic() + seconds
        while time.monotonic() < until and not all(self.is_up(name) for name in names):
            time.sleep(0.1)

    def kill_all(self):
        """All at once and for good, the one that would start them again first."""
        self.serving.suspend()
        for process in [*self.serving.children(recursive=True), self.serving]:
            process.kill()


@contextmanager
def serving(folder, database, desk):
    """`python -m clinic serve` on a database; yields its parts, which are killed in the end."""
    ports = {"Rasa server": free_port(), "action server": free_port()}
    variables = {
        "CLINIC_RASA_PORT": str(ports["Rasa server"]),
        "CLINIC_ACTIONS_PORT": str(ports["action server"]),
        "CLINIC_DATABASE": database,
        "CLINIC_TEAM_WEBHOOK": desk.address,
        "CLINIC_TEAM_WEBHOOK_SECRET": SECRET,
        "CLINIC_TEAM_WEBHOOK_PRIVATE": "yes",
        "SSL_CERT_FILE": desk.trusted(Path(folder)),
    }
    with open(f"{folder}/log", "wb") as log:
        command = [sys.executable, "-m", "clinic", "serve"]
        environment = {**os.environ, **variables}
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
    parts = Parts(process, ports)
    try:
        until = time.monotonic() + 240
        while b"Ready in" not in Path(f"{folder}/log").read_bytes():
            assert process.poll() is None and time.monotonic() < until, "the bot did not start"
            time.sleep(0.1)
        yield parts
    finally:
        parts.kill_all()
        process.wait()


class Killer(threading.Thread):
    """Kills one part again and again; what it draws is seeded, the moment is the machine's."""

    def __init__(self, name, parts, tally, chance, stop, moment=None, pace=1.0):
        super().__init__(daemon=True)
        self.part, self.parts, self.tally = name, parts, tally
        self.chance, self.stop, self.moment = chance, stop, moment
        self.pause = PAUSES[name] * pace

    def run(self):
        while not self.stop.is_set():
            if self.part in PARTS:
                self.parts.wait_until_up(60, {"Rasa server", self.part})
            self.stop.wait(self.chance.uniform(0.1, self.pause))
            if self.moment and self.chance.random() < 0.7:
                self.moment.clear()
                self.moment.wait(5)
                self.stop.wait(self.chance.uniform(0, 0.12))
            if not self.stop.is_set() and self.strike():
                self.tally.killed(self.part)

    def strike(self):
        process = self.parts.process(self.part)
        try:
            return bool(process) and (process.kill() or True)
        except psutil.Error:
            return False


class DatabaseKiller(Killer):
    """Cuts all connections of PostgreSQL, or kills the process behind one: it then recovers."""

    def __init__(self, name, address, *rest, **more):
        super().__init__(name, *rest, **more)
        self.address = address

    def strike(self):
        engine = create_engine(self.address, future=True, isolation_level="AUTOCOMMIT")
        ends = "pg_terminate_backend(pid)" if self.part.startswith("connections") else "pid"
        others = "datname = current_database() AND pid != pg_backend_pid()"
        try:
            with engine.connect() as connection:
                wanted = f"SELECT {ends} FROM pg_stat_activity WHERE {others}"
                found = list(connection.execute(text(wanted)).scalars())
            if self.part == "database" and found:
                os.kill(self.chance.choice(found), signal.SIGKILL)
            return bool(found)
        except Exception:
            # It is still on its way up.
            return False
        finally:
            engine.dispose()
