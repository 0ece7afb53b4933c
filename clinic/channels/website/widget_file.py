"""The built window, as it is committed."""

import hashlib
from dataclasses import dataclass

from clinic.settings import PROJECT

FILE = PROJECT / "widget" / "dist" / "widget.js"
HOUR, YEAR = 3_600, 31_536_000


@dataclass(frozen=True)
class Widget:
    """The code of the window, and the tag by which browsers know that they have it."""

    code: bytes
    tag: str

    def headers(self, versioned: bool) -> dict[str, str]:
        """A version in the address never changes; without one, browsers ask again in an hour."""
        kept = f"max-age={YEAR}, immutable" if versioned else f"max-age={HOUR}"
        return {
            "ETag": self.tag,
            "Cache-Control": f"public, {kept}",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        }


def read_widget() -> Widget | None:
    """The file; None when it was not built."""
    try:
        code = FILE.read_bytes()
    except FileNotFoundError:
        return None
    return Widget(code, f'"{hashlib.sha256(code).hexdigest()[:32]}"')
