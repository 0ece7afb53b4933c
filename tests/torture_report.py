"""What the torture counts, from the database, from what the team got and from what patients saw."""

import collections
import re
from datetime import UTC, datetime

from clinic.booking.store import RequestStore
from clinic.settings import PROJECT
from tests.booking import CIPHER

REPORT = PROJECT / "benchmarks" / "torture.md"
WRONG = ("losses in the store", "losses to the team", "doubles in the store")
WRONG += ("doubles to the team", "mixed up", "two references told")
WRONG += ("told sent without a reference",)


def figures(about, desk, tally, outbox, by_the_bot):
    """All figures of a run; those of WRONG list what went wrong."""
    got = {identity: body["data"]["reference"] for identity, body in desk.got}
    kills = sum(n for part, n in tally.kills.items() if not part.startswith("connections"))
    return {
        **about,
        "kills": dict(tally.kills),
        "processes killed": kills,
        **{name: tally.counts[name] for name in ("cuts", "double sends")},
        "failed deliveries": desk.failures,
        "all faults": tally.faults + desk.failures,
        **{name: tally.counts[name] for name in ("apologies", "told not saved")},
        "patients who gave up": tally.counts["patients who gave up"],
        "notes delivered by the bot while it was tortured": by_the_bot,
        "notes delivered": len(got),
        "delivered more than once": len(desk.got) - len(got),
        **compared(RequestStore(outbox.engine, CIPHER).all(), got, tally),
    }


def compared(kept, got, tally):
    """What patients saw beside what is stored and what the team has."""
    seen = {name: references for name, references in tally.seen.items() if references}
    rows = {one.reference: one.about["name"] for one in kept}
    told = [(name, reference) for name, references in seen.items() for reference in references]
    return {
        "references seen": len({reference for _, reference in told}),
        "rows": len(kept),
        "losses in the store": [r for _, r in told if r not in rows],
        "losses to the team": [r for r in rows if r not in got.values()],
        "doubles in the store": twice(rows.values()),
        "doubles to the team": twice(got.values()),
        "mixed up": [r for name, r in told if r in rows and rows[r] != name],
        "two references told": [name for name, references in seen.items() if len(references) > 1],
        "told sent without a reference": tally.false_sent,
    }


def twice(values):
    return [one for one, n in collections.Counter(values).items() if n > 1]


def write_report(found):
    """benchmarks/torture.md: the newest run on each database."""
    title = f"## {found['database']}"
    old = REPORT.read_text(encoding="utf-8") if REPORT.exists() else ""
    others = [part for part in re.split(r"(?m)^(?=## )", old)[1:] if not part.startswith(title)]
    parts = [HEAD, *sorted([f"{title}\n\n{table(found)}", *others], reverse=True)]
    REPORT.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


HEAD = """
# Torture

Requests booked through a running bot while its parts are killed (SIGKILL), mostly in the moment
of a Send or of a delivery; connections are cut, Send is sent twice at once, and the team's system
fails. In the end all parts are killed. What still waits is then delivered with the clock set ahead,
since later tries wait for hours. A row without a reference that was seen belongs to a patient who
gave up, or whose Send was still under way at the end. Written by `make torture`.
"""


def table(found):
    """The figures of one run."""
    lines = [f"{datetime.now(UTC):%d %B %Y}.", "", "| | |", "|---|---|"]
    for name, value in found.items():
        shown = len(value) if name in WRONG else value
        if isinstance(value, dict):
            shown = ", ".join(f"{part} {n}" for part, n in value.items())
        lines.append(f"| {name} | {shown} |")
    return "\n".join(lines)
