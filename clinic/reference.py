"""The reference that a patient is given: short, easy to read out, hard to guess."""

import re
import secrets

# Crockford's base 32: no I, L, O or U, so nothing is misread or spells a word.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "KC"
# 32 ** 6 is a thousand million: two of a clinic's requests rarely draw the same one, and the
# store draws again when they do.
LENGTH = 6
_MISREAD = str.maketrans("ILO", "110")
_WRITTEN = re.compile(rf"\b{PREFIX}[\s-]*([0-9A-Z]{{{LENGTH}}})\b", re.IGNORECASE)


def new_reference() -> str:
    """A new random reference, such as KC-7F4Q2M."""
    return f"{PREFIX}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"


def find_reference(text: str) -> str | None:
    """The first reference in a text, as it was given: case, spaces and misread letters mended."""
    found = _WRITTEN.search(text)
    return f"{PREFIX}-{found[1].upper().translate(_MISREAD)}" if found else None
