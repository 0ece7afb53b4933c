"""make soak: a steady load for an hour (or MINUTES), and whether memory or waiting grows.

Writes benchmarks/soak.md and its plot. Patients come at a steady pace, each writes five messages;
one of them stays all the time, so that a long conversation is in it.
"""

import statistics
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from matplotlib import pyplot

from benchmarks.load import TURNS, Patient
from benchmarks.report import machine, save, table
from benchmarks.systems import System, ours
from evaluation.sets import held

HERE = Path(__file__).parent
# Messages each second, and seconds that one point of the plot stands for.
PACE, EVERY = 5.0, 30.0
PATIENTS = 4


@dataclass(frozen=True)
class Point:
    """What was seen in a stretch of time: its end (minutes), memory (MB), latency (ms)."""

    minutes: float
    memory: float
    p50: float
    p95: float


def main(minutes: float) -> int:
    """Load the bot, and write the report; returns 0."""
    texts = [message.ask for message in held("questions.yml")][::3]
    with ours() as system:
        points, messages = _load(system, texts, minutes)
    _write(points, messages)
    print("Written: benchmarks/soak.md")
    return 0


def _load(system: System, texts: list[str], minutes: float) -> tuple[list[Point], int]:
    began, points, messages = time.monotonic(), [], 0
    with ThreadPoolExecutor(PATIENTS) as pool:
        while time.monotonic() - began < minutes * 60:
            until = time.monotonic() + EVERY
            stays = [pool.submit(_stay, system, texts, n, until) for n in range(PATIENTS)]
            took = [each for stay in stays for each in stay.result()]
            took.sort()
            points.append(
                Point(
                    (time.monotonic() - began) / 60,
                    system.memory(),
                    1000 * statistics.median(took),
                    1000 * took[int(0.95 * len(took))],
                )
            )
            messages += len(took)
    return points, messages


def _stay(system: System, texts: list[str], n: int, until: float) -> list[float]:
    """One of the patients, until the time is over; the first one's conversation never ends."""
    patient, took, who = Patient(system.port), [], "web-stays"
    while time.monotonic() < until:
        if n and len(took) % TURNS == 0:
            who = uuid.uuid4().hex
        took.append(patient.say(texts[len(took) % len(texts)], who))
        time.sleep(max(0.0, PATIENTS / PACE - took[-1]))
    return took


def _write(points: list[Point], messages: int) -> None:
    save(HERE / "plots" / "soak.svg", lambda: _draw(points))
    third = max(1, len(points) // 3)
    parts = {"first third": points[:third], "last third": points[-third:]}
    rows = [[name, *_middle(found)] for name, found in parts.items()]
    blocks = [
        "# A steady load",
        f"Written by `make soak` on {machine()}: {messages} messages in {points[-1].minutes:.0f} "
        f"minutes, {PACE:.0f} each second from {PATIENTS} patients at once, over REST. Not one was "
        "without an answer.",
        table(["", "memory MB", "p50 ms", "p95 ms"], rows),
        "![memory and latency over time](plots/soak.svg)",
    ]
    (HERE / "soak.md").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _middle(points: list[Point]) -> list[str]:
    return [f"{statistics.median(getattr(p, k) for p in points):.0f}" for k in VALUES]


VALUES = ("memory", "p50", "p95")


def _draw(points: list[Point]) -> None:
    minutes = [point.minutes for point in points]
    memory = [point.memory for point in points]
    pyplot.plot(minutes, memory, color="tab:grey", label="memory, MB")
    # Below the edge, or a memory that does not grow cannot be seen.
    pyplot.ylim(0, 1.2 * max(memory))
    pyplot.xlabel("minutes")
    pyplot.ylabel("MB")
    pyplot.legend(loc="upper left")
    pyplot.twinx()
    pyplot.plot(minutes, [point.p50 for point in points], label="p50, ms")
    pyplot.plot(minutes, [point.p95 for point in points], label="p95, ms")
    pyplot.ylim(bottom=0)
    pyplot.ylabel("ms")
    pyplot.legend(loc="upper right")


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
