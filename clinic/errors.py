"""The errors of the product, one small family.

ClinicError
|-- ContentError    content/ is wrong: stop at start, show every problem
|-- SettingsError   the environment is wrong: stop at start
|-- StartError      a part cannot be started: say which and why, in one line
|-- ModelError      the encoder or a trained model is missing or not the one that was built
|-- NothingHeldError  a reference leads to nothing that is held
`-- SealError       a kept value cannot be decrypted: its key is gone from CLINIC_KEY
"""

from dataclasses import dataclass


class ClinicError(Exception):
    """Anything that the product itself raises."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a file: where (line counts from 1; 0 is the whole file) and
    what.
    """

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class ContentError(ClinicError):
    """content/ is wrong; `problems` holds everything that is, in the order of files and lines."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda p: (p.file, p.line))
        super().__init__("\n".join(str(p) for p in self.problems))


class SettingsError(ClinicError):
    """An environment variable has a value that cannot be used."""


class StartError(ClinicError):
    """A part of the bot cannot be started."""


class ModelError(ClinicError):
    """The encoder or the trained model is missing or damaged."""


class SealError(ClinicError):
    """A kept value cannot be decrypted."""


class NothingHeldError(ClinicError):
    """A reference leads to no conversation of which anything is held."""
