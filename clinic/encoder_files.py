"""The committed files of the sentence encoder, checked by their hashes."""

import hashlib
from pathlib import Path

from clinic.errors import ModelError
from clinic.settings import PROJECT

FOLDER = PROJECT / "encoder"


def check_hashes(folder: Path) -> None:
    """Compare the files with SHA256SUMS; raises ModelError with the file that differs."""
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        wanted, name = line.split()
        file = folder / name
        if not file.exists():
            raise ModelError(f"encoder/{name} is missing: git checkout encoder/{name}")
        if hashlib.sha256(file.read_bytes()).hexdigest() != wanted:
            raise ModelError(
                f"encoder/{name} is not the file that was built: git checkout encoder/{name}"
            )
