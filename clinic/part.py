"""Runs a Python module as a part of the bot, with private logs: python -m clinic.part rasa run."""

import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

from clinic.before_start import MODEL
from clinic.logs import install
from clinic.reader_process import begin

RASA, ITS_MODEL = "rasa", "--model"
# Seconds after which a thread that waits for Python gets it: one that has just written a turn waits
# so long while the database's lock is still its own.
SWITCH = 0.001


def read_apart(command: Sequence[str]) -> None:
    """Start the process that reads for a Rasa server; it loads while Rasa does."""
    if command[0] == RASA:
        model = dict(zip(command, command[1:], strict=False)).get(ITS_MODEL, str(MODEL))
        begin(Path(model))


if __name__ == "__main__":
    install()
    sys.setswitchinterval(SWITCH)
    # The module sees the command line as if Python had been started with it.
    sys.argv = sys.argv[1:]
    read_apart(sys.argv)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
