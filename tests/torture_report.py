"""What the torture counts, from the database, from what the team got and from what patients saw."""

import collections
from datetime import UTC, datetime

from clinic.booking.store import RequestStore
from clinic.settings import PROJECT
from tests.booking import CIPHER

REPORT = PROJECT / "benchmarks" / "torture.md"


def figures(folder, desk, tally, outbox, took, seed):
    """Count, from the database, from what the team got, and from what patients saw."""
    kept = RequestStore(outbox.engine, CIPHER).all()
    of_name = collections.Counter(one.about["name"] for one in kept)
    rows = {one.reference: one for one in kept}
    got = {identity: body["data"]["reference"] for identity, body in desk.got}
    seen = tally.seen
    return {
        "seed": seed,
        "seconds": round(took),
        "kills": dict(tally.kills),
        "cuts": tally.cuts,
        "double sends": tally.doubles_sent,
        "failed deliveries": desk.failures,
        "faults": tally.faults + desk.failures,
        "apologies": tally.apologies,
        "told not saved": tally.not_saved,
        "references seen": len(seen),
        "rows": len(kept),
        "notes delivered": len(got),
        "delivered more than once": len(desk.got) - len(got),
        "losses in the store": [r for r in seen.values() if r not in rows],
        "losses to the team": [r for r in rows if r not in got.values()],
        "doubles in the store": [name for name, n in of_name.items() if n > 1],
        "doubles to the team": [r for r, n in collections.Counter(got.values()).items() if n > 1],
        "mixed up": [n for n, r in seen.items() if r in rows and rows[r].about["name"] != n],
        "told sent without a reference": tally.false_sent,
    }


WRONG = ("losses in the store", "losses to the team", "doubles in the store")
WRONG += ("doubles to the team", "mixed up", "told sent without a reference")


def write_report(found):
    """benchmarks/torture.md"""
    lines = [
        "# Torture",
        "",
        "Requests booked through a running bot (SQLite) while its parts are killed (SIGKILL),",
        "connections are cut, Send is sent twice at once and the team's system fails. The hours",
        "that later tries wait are skipped by a clock set ahead; each try carries the same id.",
        "Written by",
        f"`make torture` on {datetime.now(UTC):%d %B %Y}.",
        "",
        "| | |",
        "|---|---|",
    ]
    for name, value in found.items():
        shown = len(value) if name in WRONG else value
        if isinstance(value, dict):
            shown = ", ".join(f"{part} {n}" for part, n in value.items())
        lines.append(f"| {name} | {shown} |")
    REPORT.write_text("\n".join(lines) + "\n", encoding="utf-8")
