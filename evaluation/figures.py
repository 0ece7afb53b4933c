"""Counts to shares, with their uncertainty."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from evaluation.judge import VERDICTS, Verdict


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share."""
    if not total:
        return 0.0, 1.0
    z, p = 1.96, hits / total
    middle = p + z * z / (2 * total)
    spread = z * sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    whole = 1 + z * z / total
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


@dataclass(frozen=True)
class Tally:
    """How often each verdict fell."""

    counts: Counter[Verdict]

    @classmethod
    def of(cls, verdicts: Iterable[Verdict]) -> "Tally":
        return cls(Counter(verdicts))

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def row(self, name: str) -> str:
        """A line of a table: name, number, then each verdict as a share with its interval."""
        return f"| {name} | {self.total} | " + " | ".join(self.share(v) for v in VERDICTS) + " |"

    def share(self, verdict: Verdict) -> str:
        low, high = wilson(self.counts[verdict], self.total)
        part = self.counts[verdict] / self.total if self.total else 0.0
        return f"{part:.1%} ({low:.1%}–{high:.1%})"


HEAD = "| {} | messages | " + " | ".join(VERDICTS) + " |\n|---|---" + "|---" * len(VERDICTS) + "|"
