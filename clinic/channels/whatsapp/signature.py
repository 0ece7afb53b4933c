"""Whether Meta's servers sent a body: the signature over its raw bytes, and the handshake."""

import hashlib
import hmac
from collections.abc import Sequence


def is_genuine(body: bytes, signature: str | None, secrets: Sequence[str]) -> bool:
    """Whether one of the app secrets signed a body; each is tried, so that a secret can be changed
    without a lost message. The time that it takes tells nothing of the secrets.
    """
    given = (signature or "").encode("utf-8", "surrogatepass")
    wanted = [f"sha256={_signed(body, secret)}".encode() for secret in secrets]
    genuine = False
    for one in wanted:
        genuine |= hmac.compare_digest(given, one)
    return genuine


def is_verify_token(given: str | None, wanted: str) -> bool:
    """Whether the handshake names the words that the clinic gave to Meta."""
    return hmac.compare_digest((given or "").encode("utf-8", "surrogatepass"), wanted.encode())


def _signed(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
