"""What a turn wants done with the database; the action carries it out and says what came of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Deed:
    """Something to be carried out. clinic.conversation names it and stays pure; actions/deeds.py
    knows how each kind is done.
    """
