"""What Rasa 3.6.21 gets wrong in a turn and will not be mended upstream, cured here and nowhere
else.

Each cure replaces one method of Rasa, says why, and holds for the version it was read in. They
stand in cures_of_silence.py, cures_of_time.py and cures_of_doors.py; this file applies them.
"""

from typing import Any

import rasa
from rasa.core.actions import action as rasa_action

from clinic.conversations import cures_of_doors, cures_of_silence, cures_of_time
from clinic.errors import StartError

VERSION = "3.6.21"


def apply_cures() -> None:
    """Apply all cures to Rasa's classes; raises StartError for another version of Rasa."""
    if rasa.__version__ != VERSION:
        raise StartError(
            f"rasa_cures.py was read against Rasa {VERSION}, this is {rasa.__version__}"
        )
    rasa_action.DEFAULT_REQUEST_TIMEOUT = cures_of_time.ACTION_TIMEOUT
    for owner, name, make in cures_of_silence.CURES + cures_of_time.CURES + cures_of_doors.CURES:
        _replace(owner, name, make)


def _replace(owner: Any, name: str, make: Any) -> None:
    original = getattr(owner, name)
    applied = getattr(original, "cures", ())
    if make not in applied:
        cure = make(original)
        static = isinstance(vars(owner).get(name), staticmethod)
        cure.cures = (*applied, make)
        setattr(owner, name, staticmethod(cure) if static else cure)
