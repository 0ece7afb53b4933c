"""python -m whatsapp_demo: a phone in the terminal, a bot of its own, and Meta's side between
them; `trial` and `turns` measure.
"""

import argparse
import sys

from whatsapp_demo.chat import chat
from whatsapp_demo.measure import trials, turns


def main() -> int:
    """Run one of the three; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m whatsapp_demo", description=__doc__)
    commands = parser.add_subparsers(metavar="COMMAND")
    trial = commands.add_parser("trial", help="random nights with dying processes")
    trial.add_argument("--nights", type=int, default=5)
    trial.add_argument("--bursts", type=int, default=10)
    trial.add_argument("--kills", type=int, default=4)
    trial.set_defaults(run=lambda o: trials(o.nights, o.bursts, o.kills))
    commands.add_parser("turns", help="messages for each turn").set_defaults(run=lambda o: turns())
    parser.set_defaults(run=lambda o: chat())
    options = parser.parse_args()
    status: int = options.run(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
