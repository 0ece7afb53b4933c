"""The time, always with its zone."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def utc(time: datetime) -> datetime:
    """A time from the database, with its zone: SQLite keeps none."""
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
