"""A message as it came: its words, where from and when, and a random key for what it may begin."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Message:
    """What a turn knows beside the questions that were understood. `key` is fresh for each message;
    `number` is the telephone number that the patient writes from, where the channel knows it.
    """

    text: str = ""
    conversation: str = ""
    channel: str = ""
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    key: str = ""
    number: str = ""
