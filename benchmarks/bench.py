"""make bench: cold start, memory and turns of the running bot, and where understanding spends its
time.

Writes benchmarks/report.md. All figures of a report come from one run on one machine; compare them
with each other, not with another machine's.
"""

import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from rich.progress import track

from clinic.nlu.sentence_encoder import sentence_encoder
from clinic.serve import end, free_port, parts, start, wait_until_ready
from clinic.settings import Settings
from evaluation.bot import Bot
from evaluation.model_alone import trained_reader
from evaluation.sets import held

HERE = Path(__file__).parent
# Messages for each number of patients at once.
MESSAGES = 160
PATIENTS = (1, 8, 32)


def main() -> int:
    """Measure and write the report; returns 0."""
    texts = [message.ask for message in held("questions.yml")][::11][:MESSAGES]
    settings = replace(Settings.from_environment(), rasa_port=free_port(), actions_port=free_port())
    began = time.perf_counter()
    processes = [start(part, settings) for part in parts(settings)]
    try:
        for part, process in zip(parts(settings), processes, strict=True):
            wait_until_ready(part, process)
        cold = time.perf_counter() - began
        bot = Bot(f"http://127.0.0.1:{settings.rasa_port}")
        for text in texts[:20]:
            bot.text(text)
        rows = [turns(bot, texts, patients) for patients in PATIENTS]
        memory = {
            part.name: resident(p.pid) for part, p in zip(parts(settings), processes, strict=True)
        }
    finally:
        end(processes)
    write(cold, memory, rows, reading(texts))
    print("Written: benchmarks/report.md")
    return 0


def turns(bot: Bot, texts: list[str], patients: int) -> str:
    """A row of the table: messages of new patients, so many at once."""

    def one(text: str) -> float:
        began = time.perf_counter()
        bot.text(text, uuid.uuid4().hex)
        return time.perf_counter() - began

    began = time.perf_counter()
    with ThreadPoolExecutor(patients) as pool:
        name = f"{patients} at once"
        took = list(track(pool.map(one, texts), name, total=len(texts)))
    each = len(texts) / (time.perf_counter() - began)
    middle, late, last = (1000 * quantile(took, q) for q in (0.5, 0.95, 0.99))
    return f"| {patients} | {middle:.0f} | {late:.0f} | {last:.0f} | {each:.0f} |"


def reading(texts: list[str]) -> list[str]:
    """What understanding costs beside the encoder alone, for the same messages."""
    reader = trained_reader()
    encoder = sentence_encoder()
    encode = timed(lambda text: encoder.encode(text), texts)
    rank = timed(lambda text: reader.model.rank(text), texts)
    read = timed(lambda text: reader.read(text), texts)
    return [
        "| step | p50 ms | times the encoder |",
        "|---|---|---|",
        f"| the encoder alone, whole message | {encode:.2f} | 1.0 |",
        f"| ranking one text (spelling, encoder, classifiers) | {rank:.2f} | {rank / encode:.1f} |",
        f"| reading a message (split, rank it and its parts) | {read:.2f} | {read / encode:.1f} |",
    ]


def timed(step: Callable[[str], object], texts: list[str]) -> float:
    """The median time of a step over the messages (ms), after a warm-up."""
    for text in texts[:10]:
        step(text)
    took = []
    for text in texts:
        began = time.perf_counter()
        step(text)
        took.append(time.perf_counter() - began)
    return 1000 * statistics.median(took)


def quantile(values: list[float], q: float) -> float:
    return sorted(values)[min(len(values) - 1, int(q * len(values)))]


def resident(pid: int) -> float:
    """The memory that a process holds (MB)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def write(cold: float, memory: dict[str, float], rows: list[str], steps: list[str]) -> None:
    """Put the figures into benchmarks/report.md."""
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    size = f"{os.cpu_count()} cores, {gigabytes:.0f} GB"
    held_by = ", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in memory.items())
    blocks = [
        "# How fast the bot is",
        f"Written by `make bench` on {size}. Each message comes from a new patient over REST.",
        f"Cold start until both servers answer: {cold:.1f} s. Memory after the run: {held_by}.",
        "## Turns",
        "\n".join(
            [
                "| patients at once | p50 ms | p95 ms | p99 ms | messages/s |",
                "|---|---|---|---|---|",
                *rows,
            ]
        ),
        "## Understanding",
        "\n".join(steps),
    ]
    (HERE / "report.md").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
