"""Encrypts what patients write and say of themselves before it is kept."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from clinic.errors import SealError, SettingsError

# Known to everybody, so that a bot on a developer's machine starts with one command. Production
# refuses it.
DEVELOPMENT_KEY = "ZGV2ZWxvcG1lbnQta2V5LW5vdC1mb3ItcGF0aWVudHM="


class Cipher:
    """Encrypts with the first key, reads with any of them: so keys are changed without a pause."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Keys as `Fernet.generate_key` makes them; raises SettingsError for any other."""
        self.keys = [key.encode() for key in keys]
        try:
            self.fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SettingsError(
                "CLINIC_KEY holds no key: make one with `python -m clinic key`; several are parted "
                "by commas, the newest first"
            ) from None

    def seal(self, value: Any) -> str:
        """A value that JSON can hold, encrypted, as text."""
        return self.fernet.encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()

    def unseal(self, sealed: str) -> Any:
        """The value again; raises SealError when none of the keys sealed it."""
        try:
            return json.loads(self.fernet.decrypt(sealed.encode()))
        except InvalidToken:
            raise SealError(
                "a kept value was encrypted with a key that CLINIC_KEY no longer holds"
            ) from None

    def prints(self, value: str) -> list[str]:
        """What stands for a value where it must be found again without being readable: one keyed
        hash for each key, that of the newest first.
        """
        return [
            hmac.new(key, f"print:{value}".encode(), hashlib.sha256).hexdigest()
            for key in self.keys
        ]


def new_key() -> str:
    """A fresh random key for CLINIC_KEY."""
    return Fernet.generate_key().decode()


def new_webhook_secret() -> str:
    """A fresh random secret, in the form of Standard Webhooks."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
