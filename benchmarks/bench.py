"""make bench: ours and stock Rasa side by side, in one run: start, memory, patients at once,
length of the conversation, where the time goes; and ours through each of its doors.

Writes benchmarks/report.md and benchmarks/plots. The two take turns all the time, so that whatever
else the machine does falls on both. Compare the columns of one run, not two runs.
"""

import os
import sys
from pathlib import Path

from rich.progress import track

from benchmarks.doors import doors
from benchmarks.load import Measured, at_once, by_length
from benchmarks.report import Report
from benchmarks.spent import steps
from benchmarks.systems import STOCK_MODEL, System, ours, stock
from evaluation.sets import held

# Messages of one round for each number of patients, and rounds.
MESSAGES, ROUNDS = 160, 4
PATIENTS = (1, 8, 32)
TURNS = 200


def main() -> int:
    """Measure and write the report; returns 0, or 1 when stock Rasa is not trained."""
    if not STOCK_MODEL.exists():
        print("models/stock.tar.gz is missing: make bench trains it", file=sys.stderr)
        return 1
    texts = [message.ask for message in held("questions.yml")][::7]
    with stock() as theirs, ours() as mine:
        systems = [mine, theirs]
        for system in systems:
            at_once(system, 2, texts[:10])
        ports = {mine.name: _actions_port(mine), theirs.name: _actions_port(theirs)}
        spent = {name: steps(name.split()[0], port) for name, port in ports.items()}
        loads = {n: _rounds(systems, n, texts) for n in PATIENTS}
        lengths = by_length(systems, texts, TURNS)
        memory = {system.name: system.memory() for system in systems}
        of_rasa = {system.name: system.memory_of_rasa() for system in systems}
    report = Report(
        cold={system.name: system.cold for system in systems},
        memory=memory,
        of_rasa=of_rasa,
        loads=loads,
        lengths=lengths,
        spent=spent,
        doors=doors(texts[:MESSAGES]),
    )
    report.write(Path(__file__).parent)
    print(report.ratios())
    return 0


def _rounds(systems: list[System], patients: int, texts: list[str]) -> dict[str, Measured]:
    """The systems in alternation, several rounds."""
    found = {system.name: Measured() for system in systems}
    name = f"{patients} at once"
    for n in track(range(ROUNDS), name):
        mine = texts[n * 13 :][:MESSAGES] * (1 if patients < 32 else 2)
        for system in systems:
            found[system.name].add(at_once(system, patients, mine))
    return found


def _actions_port(system: System) -> int:
    """The port at the end of the action server's command."""
    arguments = [str(part) for part in system.processes[0].args]
    return int(arguments[arguments.index("--port") + 1])


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main())
