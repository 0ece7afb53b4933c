"""The two systems that are compared, ours and Rasa as it comes, each with its own database."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from clinic import serve
from clinic.before_start import prepare_database
from clinic.quiet import pass_on
from clinic.serve import Part, end, environment, parts, start, wait_until_ready
from clinic.settings import PROJECT, Settings
from evaluation.bot import own_settings

# Seconds that a start may take: stock Rasa needs minutes on a busy machine.
LONGEST_START = 900
STOCK = Path("benchmarks/stock")
STOCK_MODEL = Path("models/stock.tar.gz")


@dataclass(frozen=True)
class System:
    """Running servers: a name, the port of the Rasa server, how long the start took, and their
    processes.
    """

    name: str
    port: int
    cold: float
    processes: list["subprocess.Popen[bytes]"]

    def cpu(self) -> float:
        """Seconds of processor time that its processes have used."""
        return sum(sum(each.cpu_times()[:2]) for p in self.processes for each in _and_below(p))

    def memory(self) -> float:
        """Resident memory of its processes (MB)."""
        return sum(map(_resident, self.processes))

    def memory_of_rasa(self) -> float:
        """Resident memory of its Rasa server (MB)."""
        return _resident(self.processes[-1])


def _resident(process: "subprocess.Popen[bytes]") -> float:
    return float(sum(each.memory_info().rss for each in _and_below(process)) / 1e6)


def _and_below(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """A process and those that it started: our Rasa server has one that reads."""
    mine = psutil.Process(process.pid)
    return [mine, *mine.children(recursive=True)]


@contextmanager
def ours() -> Iterator[System]:
    """The product, on a SQLite file."""
    with TemporaryDirectory() as folder:
        settings = own_settings(folder)
        prepare_database(settings)
        yield from _run("ours", parts(settings)[:2], settings)


@contextmanager
def ours_on(settings: Settings, actions: bool = True) -> Iterator[System]:
    """The product with given settings; without `actions` it uses an action server that runs."""
    yield from _run("ours", parts(settings)[0 if actions else 1 : 2], settings)


@contextmanager
def stock() -> Iterator[System]:
    """Rasa's default pipeline, policies and SQLite store, and one trivial action."""
    with TemporaryDirectory() as folder:
        settings = own_settings(folder)
        os.environ["STOCK_DATABASE"] = f"{folder}/stock.sqlite3"
        os.environ["STOCK_ACTIONS_PORT"] = str(settings.actions_port)
        yield from _run("stock Rasa", _stock_parts(settings), settings, plain=True)


def _stock_parts(settings: Settings) -> list[Part]:
    mine = parts(settings)[:2]
    actions = ("rasa_sdk", "--actions", "benchmarks.stock.actions", "--port")
    rasa = ("rasa", "run", "--interface", "127.0.0.1", "--port", str(settings.rasa_port))
    files = ("--endpoints", f"{STOCK}/endpoints.yml", "--credentials", f"{STOCK}/credentials.yml")
    python = (sys.executable, "-m")
    return [
        replace(mine[0], command=(*python, *actions, str(settings.actions_port), "--quiet")),
        replace(mine[1], command=(*python, *rasa, "--model", str(STOCK_MODEL), "--quiet", *files)),
    ]


def _run(name: str, mine: list[Part], settings: Settings, plain: bool = False) -> Iterator[System]:
    serve.START_LIMIT = LONGEST_START
    began = time.perf_counter()
    processes = [_start_plain(part, settings) if plain else start(part, settings) for part in mine]
    try:
        for part, process in zip(mine, processes, strict=True):
            wait_until_ready(part, process)
        yield System(name, settings.rasa_port, time.perf_counter() - began, processes)
    finally:
        end(processes)


def _start_plain(part: Part, settings: Settings) -> "subprocess.Popen[bytes]":
    """Without what `clinic.serve` sets for ours, such as one thread for small products."""
    process = subprocess.Popen(
        part.command,
        cwd=PROJECT,
        env=environment(settings),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    pass_on(process)
    return process
