"""The errors of the product, one small family.

ClinicError
|-- ContentError    content/ is wrong: stop at start, show every problem
|-- SettingsError   the environment is wrong: stop at start
|-- StartError      a part cannot be started: say which and why, in one line
|-- ModelError      the encoder or a trained model is missing or not the one that was built
|-- NothingHeldError  a reference leads to nothing that is held
|-- SealError       a kept value cannot be decrypted: its key is gone from CLINIC_KEY
|-- RefusedError    a request breaks a rule: the patient can mend it
|-- NotSavedError   the database took no request: the patient is told so
`-- DeliveryError   a note did not reach the team: it is tried again
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


class ReaderError(ClinicError):
    """A message could not be read."""


class SealError(ClinicError):
    """A kept value cannot be decrypted."""


class NothingHeldError(ClinicError):
    """A reference leads to no conversation of which anything is held."""


class RefusedError(ClinicError):
    """A request breaks a rule; `field` is the one to ask again."""

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__(f"the field {field} of a request is not right")


class NotSavedError(ClinicError):
    """The database did not take a request, a change or a note."""


class DeliveryError(ClinicError):
    """A note did not reach the team; `gone` when the address will never take one again."""

    def __init__(self, why: str, gone: bool = False) -> None:
        self.gone = gone
        super().__init__(why)
