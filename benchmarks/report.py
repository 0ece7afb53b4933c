"""The report of a benchmark: tables and plots of one run."""

import os
import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import matplotlib

from benchmarks.doors import PATIENTS
from benchmarks.load import Measured, around
from benchmarks.spent import ENCODER, UNDERSTANDING

matplotlib.use("svg")
from matplotlib import pyplot

LENGTHS = (5, 50, 200)
OURS, STOCK = "ours", "stock Rasa"
WHAT = """\
**Stock Rasa** is Rasa 3.6.21 with its default pipeline (DIET) and policies (TED, UnexpecTED,
rules), its SQLite store and one action that says a fixed sentence, trained on the same data,
domain and rules with 4 epochs of each network (`benchmarks/stock`; epochs change what it
understands, not its speed). **Ours** does the whole work: it splits a message,
understands it, answers from `content/`, and keeps each turn sealed and durable."""


@dataclass(frozen=True)
class Report:
    """All that was measured: by name of the system; loads by the number of patients first."""

    cold: dict[str, float]
    memory: dict[str, float]
    of_rasa: dict[str, float]
    loads: dict[int, dict[str, Measured]]
    lengths: dict[str, list[float]]
    spent: dict[str, dict[str, float]]
    doors: dict[str, tuple[Measured, Measured]]

    def write(self, folder: Path) -> None:
        """report.md and the plots beside it."""
        plots = folder / "plots"
        plots.mkdir(exist_ok=True)
        save(plots / "length.svg", self._draw_lengths)
        save(plots / "spent.svg", self._draw_spent)
        blocks = [
            "# How fast the bot is",
            f"Written by `make bench` on {machine()}. Both systems run on this machine and take "
            "turns; other work on it falls on both, so the ratios count, not the milliseconds.",
            WHAT,
            self.ratios(),
            "## Start and memory",
            table(["", OURS, STOCK], self._start_rows()),
            "## Patients at once",
            "Each writes conversations of five messages, over REST. Processor time is that of both "
            "servers.",
            table(
                ["patients", "system", "p50 ms", "p95 ms", "p99 ms", "messages/s", "CPU ms each"],
                self._load_rows(),
            ),
            "## Through each door (ours)",
            f"{PATIENTS} patients at once, each message as the door's own peer sends it: a test "
            "client, the chat window, a stand-in for Meta. WhatsApp's replies come through its "
            "send queue, and the stand-in shares these cores. A booking is three messages, up to "
            "its reference.",
            table(
                ["door", "what", "p50 ms", "p95 ms", "p99 ms", "messages/s", "CPU ms each"],
                self._door_rows(),
            ),
            "## Length of the conversation",
            "Median of ten turns around the one named, one patient, ms.",
            table(["turn", OURS, STOCK], self._length_rows()),
            "![time of a turn by its number](plots/length.svg)",
            "## Where the time goes",
            "Each step by itself, median, ms.",
            table(["step", OURS, STOCK], self._spent_rows()),
            "![steps of a turn](plots/spent.svg)",
        ]
        (folder / "report.md").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")

    def ratios(self) -> str:
        """What the comparison comes to, in one line."""
        eight = self.loads[8]
        more = eight[OURS].each_second() / eight[STOCK].each_second()
        less = eight[OURS].quantile(0.5) / eight[STOCK].quantile(0.5)
        grown = {name: around(took, 200) / around(took, 5) for name, took in self.lengths.items()}
        return (
            f"With 8 patients at once: **{more:.1f} times** the messages per second at "
            f"**{less:.2f}** of the latency (p50). Turn 200 costs **{grown[OURS]:.2f} times** turn "
            f"5 (stock Rasa: {grown[STOCK]:.1f} times). Start "
            f"{self.cold[STOCK] / self.cold[OURS]:.1f} times faster, "
            f"{self.memory[OURS] / self.memory[STOCK]:.2f} of the memory. Reading a message takes "
            f"{self._reading():.1f} times what its sentence encoder alone does."
        )

    def _reading(self) -> float:
        spent = self.spent[OURS]
        return (spent[ENCODER] + spent[UNDERSTANDING]) / spent[ENCODER]

    def _start_rows(self) -> Iterable[list[str]]:
        yield ["cold start, s", *(f"{self.cold[name]:.1f}" for name in (OURS, STOCK))]
        yield ["memory of both servers, MB", *(f"{self.memory[n]:.0f}" for n in (OURS, STOCK))]
        yield ["of that, Rasa's, MB", *(f"{self.of_rasa[n]:.0f}" for n in (OURS, STOCK))]

    def _load_rows(self) -> Iterable[list[str]]:
        for patients, by_system in self.loads.items():
            for name, found in by_system.items():
                yield [str(patients), name, *_figures(found)]

    def _door_rows(self) -> Iterable[list[str]]:
        for door, (messages, bookings) in self.doors.items():
            yield [door, "messages", *_figures(messages)]
            yield [door, "bookings", *_figures(bookings)]

    def _length_rows(self) -> Iterable[list[str]]:
        for turn in LENGTHS:
            yield [
                str(turn),
                *(f"{around(self.lengths[name], turn):.0f}" for name in (OURS, STOCK)),
            ]

    def _spent_rows(self) -> Iterable[list[str]]:
        whole = {name: self.loads[1][name].quantile(0.5) for name in (OURS, STOCK)}
        for step in self.spent[OURS]:
            yield [step, *(f"{self.spent[name][step]:.1f}" for name in (OURS, STOCK))]
        yield ["**whole turn, one patient**", *(f"{whole[name]:.1f}" for name in (OURS, STOCK))]

    def _draw_lengths(self) -> None:
        for name, took in self.lengths.items():
            pyplot.plot(range(1, len(took) + 1), [1000 * t for t in took], label=name, lw=1)
        pyplot.yscale("log")
        pyplot.xlabel("turn")
        pyplot.ylabel("ms")
        pyplot.legend()

    def _draw_spent(self) -> None:
        left = dict.fromkeys((OURS, STOCK), 0.0)
        for step in [*self.spent[OURS], "Rasa, HTTP and the rest"]:
            widths = [self._width(name, step) for name in left]
            pyplot.barh(list(left), widths, left=list(left.values()), label=step)
            left = {name: left[name] + w for name, w in zip(left, widths, strict=True)}
        pyplot.xlabel("ms of one turn, one patient")
        pyplot.legend(fontsize=8)

    def _width(self, name: str, step: str) -> float:
        found = self.spent[name]
        rest = self.loads[1][name].quantile(0.5) - sum(found.values())
        return found.get(step, max(rest, 0.0))


def _figures(found: Measured) -> list[str]:
    late = [f"{found.quantile(q):.0f}" for q in (0.5, 0.95, 0.99)]
    return [*late, f"{found.each_second():.1f}", f"{found.cpu_each():.1f}"]


def machine() -> str:
    """The size of this machine."""
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    return f"{os.cpu_count()} cores, {gigabytes:.0f} GB, Python {platform.python_version()}"


def table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def save(file: Path, draw: Callable[[], None]) -> None:
    """Draw one plot into a file."""
    pyplot.figure(figsize=(8, 3.2))
    draw()
    pyplot.tight_layout()
    pyplot.savefig(file, metadata={"Date": None})
    pyplot.close()
