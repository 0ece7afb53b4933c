"""What the bot counts of its turns, for Prometheus; numbers only, nothing of a patient."""

from prometheus_client import Counter, Gauge, Histogram

# What a turn came to. A turn that is urgent, unsure and names the team counts as urgent.
OUTCOMES = ("apology", "urgent", "unsure", "handed_over", "answered")
# A caller may name any channel over REST; only these are told apart.
CHANNELS = ("rest", "website", "whatsapp", "cmdline")

turns_total = Counter("clinic_turns", "Turns, by channel and outcome.", ["channel", "outcome"])
turn_seconds = Histogram(
    "clinic_turn_seconds",
    "Seconds from a message to its reply.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 9, 10),
)
turns_running = Gauge("clinic_turns_running", "Turns that are being worked on.")
inbox_age = Gauge("clinic_inbox_age_seconds", "Age of the oldest message without a reply.")
outbox_age = Gauge("clinic_outbox_age_seconds", "Age of the oldest note not yet with the team.")


def count(channel: str | None, outcome: str, seconds: float) -> None:
    """One turn is over."""
    turns_total.labels(channel if channel in CHANNELS else "other", outcome).inc()
    turn_seconds.observe(seconds)
