"""The draft of a request: what the form has been told so far. Kept in one slot."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Draft:
    """What was told, as it was typed; `asking` is the field that the form waits for, `check` at the
    check page, `sent` when the team has it.
    """

    kind: str = ""
    asking: str = ""
