"""Rasa's default pipeline, trained on the same sentences in the same run: what ours is measured
against.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.progress import track

from clinic.memory import UNSURE
from clinic.serve import QUIET
from clinic.settings import PROJECT
from evaluation.sets import Held

# The pipeline that `rasa init` writes (Rasa 3.6.21), without its response selector and synonyms,
# for which there is no data here.
STOCK = """
recipe: default.v1
assistant_id: stock
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: {epochs}
    constrain_similarities: true
    entity_recognition: false
  - name: FallbackClassifier
    threshold: 0.3
    ambiguity_threshold: 0.1
"""
# Its own default; BASELINE_EPOCHS sets fewer where nobody can wait, and the report says how many.
EPOCHS = 100


@dataclass(frozen=True)
class Baseline:
    """How the stock pipeline fares: shares of messages, seconds of training, epochs."""

    first: float
    right: float
    wrong: float
    messages: int
    trained_in: float
    epochs: int


def baseline(messages: list[Held]) -> Baseline:
    """Train the stock pipeline and put messages of one topic each to it."""
    epochs = int(os.environ.get("BASELINE_EPOCHS") or EPOCHS)
    with tempfile.TemporaryDirectory() as folder:
        started = time.monotonic()
        _train(Path(folder), epochs)
        took = time.monotonic() - started
        parse = _parser(next(Path(folder).glob("models/*.tar.gz")))
        parsed = [(m.wants[0], parse(m.ask)) for m in track(messages, "Stock Rasa")]
    first = [_first(found) == wanted for wanted, found in parsed]
    named = [(wanted, str(found["intent"]["name"])) for wanted, found in parsed]
    right = sum(wanted == name for wanted, name in named)
    unsure = sum(name == UNSURE for _, name in named)
    n = len(parsed)
    return Baseline(sum(first) / n, right / n, (n - right - unsure) / n, n, took, epochs)


def _train(folder: Path, epochs: int) -> None:
    (folder / "config.yml").write_text(STOCK.format(epochs=epochs), encoding="utf-8")
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    stock = {"version": domain["version"], "intents": domain["intents"]}
    (folder / "domain.yml").write_text(yaml.safe_dump(stock), encoding="utf-8")
    shutil.copy(PROJECT / "data" / "nlu.yml", folder / "nlu.yml")
    print(f"Training Rasa's default pipeline, {epochs} epochs (this takes long) ...", flush=True)
    command = [sys.executable, "-m", "rasa", "train", "nlu", "--nlu", "nlu.yml"]
    subprocess.run(
        [*command, "--domain", "domain.yml"], cwd=folder, env={**os.environ, **QUIET}, check=True
    )


def _parser(model: Path) -> Callable[[str], dict[str, Any]]:
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    return lambda text: asyncio.run(agent.parse_message(text))


def _first(found: dict[str, Any]) -> str:
    """The likeliest topic, whether or not the pipeline believes it."""
    names = [one["name"] for one in found["intent_ranking"]]
    return next((str(name) for name in names if name != UNSURE), UNSURE)
