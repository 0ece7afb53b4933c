"""make bench-two: two Rasa processes behind nginx on PostgreSQL against one of them.

Prints the messages per second of both, in alternation. Where two processes share fewer cores than
they, nginx, PostgreSQL and the patients need, this shows the cores and not the design.
"""

import os
import statistics
import sys
from contextlib import ExitStack
from dataclasses import replace
from tempfile import TemporaryDirectory

from benchmarks.load import at_once
from benchmarks.report import machine
from benchmarks.systems import System, ours_on
from clinic.before_start import prepare_database
from clinic.serve import free_port
from evaluation.bot import own_settings
from evaluation.sets import held
from tests.databases import fresh_postgresql, postgresql_server
from tests.proxy import proxy

MESSAGES, ROUNDS, PATIENTS = 200, 3, 16


def main() -> int:
    """Measure and print; returns 0."""
    texts = [message.ask for message in held("questions.yml")][::5][:MESSAGES]
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        server = stack.enter_context(postgresql_server(stack.enter_context(TemporaryDirectory())))
        settings = replace(own_settings(folder), database=fresh_postgresql(server))
        prepare_database(settings)
        first = stack.enter_context(ours_on(settings))
        second = stack.enter_context(
            ours_on(replace(settings, rasa_port=free_port()), actions=False)
        )
        ports = {"one": [first.port], "two": [first.port, second.port]}
        both = first.processes + second.processes
        systems = []
        for name, mine in ports.items():
            folder = stack.enter_context(TemporaryDirectory())
            address = stack.enter_context(proxy(folder, mine))
            systems.append(System(name, int(address.rpartition(":")[2]), 0.0, both))
        each = {system.name: [] for system in systems}
        for _ in range(ROUNDS):
            for system in systems:
                each[system.name].append(at_once(system, PATIENTS, texts).each_second())
    one, two = (statistics.median(each[name]) for name in ("one", "two"))
    print(f"{machine()}: one process {one:.1f} messages/s, two {two:.1f}: {two / one:.2f} times")
    return 0


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main())
