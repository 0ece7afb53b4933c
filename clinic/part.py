"""Runs a Python module as a part of the bot, with private logs: python -m clinic.part rasa run."""

import runpy
import sys

from clinic.logs import install

if __name__ == "__main__":
    install()
    # The module sees the command line as if Python had been started with it.
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
