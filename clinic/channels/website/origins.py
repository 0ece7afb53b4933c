"""From which pages the window may be used, and what browsers are told about it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from clinic.channels.website.refusals import RefusedError

SAFE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Vary": "Origin",
    "X-Content-Type-Options": "nosniff",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}
PORTS = {"http": 80, "https": 443}


def is_own(headers: Mapping[str, str], method: str, allowed: tuple[str, ...]) -> bool:
    """Whether a request comes from the server's own origin; False when from an allowed other one.
    Raises RefusedError for any other page.
    """
    origin = headers.get("origin")
    if origin is None:
        # Browsers name the origin of every POST, and of every GET to another origin that reads
        # the answer.
        if method == "POST" or headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise RefusedError("origin")
        return True
    if _is_at(origin, headers.get("host", "")):
        return True
    if origin.lower() in allowed:
        return False
    raise RefusedError("origin")


def shared_with(headers: Mapping[str, str], allowed: tuple[str, ...]) -> dict[str, str]:
    """The headers that let a page of an allowed origin read the answer."""
    origin = headers.get("origin", "")
    if origin.lower() not in allowed and not _is_at(origin, headers.get("host", "")):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
    }


def _is_at(origin: str, host: str) -> bool:
    """Whether an origin is the host that the request was sent to."""
    try:
        parts = urlsplit(origin)
        port = parts.port or PORTS.get(parts.scheme)
        there = urlsplit(f"//{host}")
        return (
            parts.scheme in PORTS
            and bool(parts.hostname)
            and (parts.hostname, port) == (there.hostname, there.port or PORTS[parts.scheme])
        )
    except ValueError:
        return False
