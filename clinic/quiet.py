"""Passes on what a part writes to standard error, without the warnings meant for its developers.

Rasa's libraries warn of each other's deprecations, and switch such warnings on again where
PYTHONWARNINGS has switched them off.
"""

import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator

WARNING = re.compile(
    rb"\.py:\d+: \w*Warning: |^WARNING:tensorflow|TF-TRT Warning|^Implementing implicit namespace"
)


def without_warnings(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Leave out each warning, and the indented line of source code that Python prints below it."""
    warned = False
    for line in lines:
        if WARNING.search(line):
            warned = True
        elif not (warned and line.startswith(b"  ")):
            warned = False
            yield line


def pass_on(process: "subprocess.Popen[bytes]") -> None:
    """Print the rest of a process's standard error, from a thread of its own."""

    def copy() -> None:
        assert process.stderr is not None
        for line in without_warnings(process.stderr):
            sys.stderr.write(line.decode(errors="replace"))
            sys.stderr.flush()

    threading.Thread(target=copy, daemon=True).start()
