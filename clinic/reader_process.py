"""The reader in a process of its own: while it reads one patient's message, the Rasa server answers
others.

Python runs on one processor at a time in each process, and reading is half the work of a turn.
"""

import asyncio
import json
import logging
import socket
import subprocess
import sys
import time
from collections import deque
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from clinic.errors import ReaderError

log = logging.getLogger(__name__)

# Seconds without any reading after which the process is taken for hanging, and while it loads.
HANGS, LOADING = 3.0, 60.0
# Seconds between looks whether it hangs.
LOOK = 0.5
# A process that died is started again for the same message so often.
TRIES = 2
# Letters of one reading: it holds the message several times.
LONGEST = 1_000_000
WORKER = "clinic.nlu.reader_worker"

# What was read of the message that is being parsed.
given: ContextVar[dict[str, Any] | None] = ContextVar("given", default=None)


class ReaderProcess:
    """Reads messages with a trained model, in order; started anew when it dies."""

    def __init__(self, model: Path) -> None:
        self.model = model
        self.worker = _Worker(model)

    async def read(self, text: str) -> dict[str, Any]:
        """The reading of a message as a mapping (clinic.nlu.reading); raises ReaderError when the
        process died of it.
        """
        for _ in range(TRIES):
            if not self.worker.usable():
                self.worker.end()
                self.worker = _Worker(self.model)
            try:
                return await self.worker.read(text)
            except ConnectionError:
                log.error("the reader's process ended while it read a message")
        raise ReaderError("the reader's process ended at each try to read a message")


class _Worker:
    """A started process and who waits for it: readings come in the order of the texts."""

    def __init__(self, model: Path) -> None:
        self.socket, other = socket.socketpair()
        command = [sys.executable, "-m", "clinic.part", WORKER, str(model), str(other.fileno())]
        with other:
            self.process = subprocess.Popen(
                command, pass_fds=[other.fileno()], stdin=subprocess.DEVNULL
            )
        self.waiting: deque[asyncio.Future[dict[str, Any]]] = deque()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.opened: asyncio.Future[asyncio.StreamWriter] | None = None
        self.quiet_since = time.monotonic()
        self.patience = LOADING

    def usable(self) -> bool:
        """Whether it lives, and belongs to this event loop or to none yet."""
        mine = self.loop in (None, asyncio.get_running_loop())
        return mine and self.process.poll() is None

    async def read(self, text: str) -> dict[str, Any]:
        """Raises ConnectionError when the process ends, or has to be ended because it hangs."""
        if self.opened is None:
            self.loop = asyncio.get_running_loop()
            self.opened = asyncio.ensure_future(self._open())
        writer = await asyncio.shield(self.opened)
        if not self.waiting:
            self.quiet_since = time.monotonic()
        reading: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.waiting.append(reading)
        writer.write(json.dumps(text).encode() + b"\n")
        while not (await asyncio.wait({reading}, timeout=LOOK))[0]:
            if time.monotonic() - self.quiet_since > self.patience:
                self.end()
        return reading.result()

    def end(self) -> None:
        """End the process; who waits hears of it."""
        self.process.kill()
        self.process.wait()
        if self.opened is None:
            self.socket.close()

    async def _open(self) -> asyncio.StreamWriter:
        lines, writer = await asyncio.open_unix_connection(sock=self.socket, limit=LONGEST)
        self.hearing = asyncio.ensure_future(self._hear(lines, writer))
        return writer

    async def _hear(self, lines: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await lines.readline():
                self.quiet_since, self.patience = time.monotonic(), HANGS
                reading = self.waiting.popleft()
                if not reading.done():
                    reading.set_result(json.loads(line))
        except ConnectionError:
            pass  # Who waits is told below.
        finally:
            writer.close()
            self.process.kill()
            self.process.wait()
            for reading in self.waiting:
                if not reading.done():
                    reading.set_exception(ConnectionError("the reader's process ended"))


_begun: ReaderProcess | None = None


def begin(model: Path) -> None:
    """From now on the messages of this process are read by another one, which loads at once."""
    global _begun
    _begun = ReaderProcess(model)


def reader_process() -> ReaderProcess | None:
    """The process that reads for this one, if any does."""
    return _begun
