"""The held-out messages of this folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
CHOOSING, REPORTING = "choosing", "reporting"


@dataclass(frozen=True)
class Held:
    """One held-out message: its words, the topics it wants in order, its sort, and its use."""

    ask: str
    wants: tuple[str, ...]
    sort: str
    use: str

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics wanted, without the treatment named."""
        return tuple(label.partition("/")[0] for label in self.wants)


@dataclass(frozen=True)
class Step:
    """One turn of a held-out dialogue: what is typed, what the reply must and must not answer."""

    patient: str
    wants: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True)
class Dialogue:
    """A held-out conversation, named by the human situation; every other one serves to choose."""

    name: str
    steps: tuple[Step, ...]
    use: str


def held(file: str) -> list[Held]:
    """The messages of questions.yml, out_of_scope.yml or urgent.yml."""
    return [
        Held(
            row["ask"],
            tuple(row["wants"]),
            row.get("register") or row.get("group") or row["sign"],
            row["use"],
        )
        for row in _rows(file)
    ]


def dialogues() -> list[Dialogue]:
    """The conversations of dialogues.yml."""
    rows = enumerate(_rows("dialogues.yml"))
    return [
        Dialogue(row["name"], tuple(map(_step, row["turns"])), REPORTING if n % 2 else CHOOSING)
        for n, row in rows
    ]


def _step(turn: dict[str, Any]) -> Step:
    return Step(turn["patient"], tuple(turn["wants"]), tuple(turn.get("never", ())))


def _rows(file: str) -> list[Any]:
    rows: list[Any] = yaml.load((HERE / file).read_text(encoding="utf-8"), yaml.CSafeLoader)
    return rows
