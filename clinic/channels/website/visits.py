"""One request to the window's channel: who asks, what was sent, checked before it is used."""

import json
import re
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, Extra, StrictBool, StrictInt, StrictStr, ValidationError, validator
from sanic.request import Request

from clinic.channels.website.refusals import RefusedError
from clinic.channels.website.sessions import Session

# Bytes of a body, and characters of a message.
LARGEST, LONGEST = 16 * 1024, 1_000
COOKIE = "clinic_chat"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Body(BaseModel):
    """What all bodies have in common: nothing in them that is not known."""

    class Config:
        extra = Extra.forbid


class Nothing(Body):
    """An empty body."""


class Message(Body):
    """Words that the patient typed, or a button that was tapped."""

    id: StrictStr
    text: StrictStr | None
    button: StrictStr | None

    @validator("id")
    def _is_an_id(cls, given: str) -> str:
        if not UUID.fullmatch(given):
            raise ValueError("is no UUID in small letters")
        return given


class Feedback(Body):
    """Whether a reply was helpful."""

    reply: StrictInt
    helpful: StrictBool

    @validator("reply")
    def _is_a_line(cls, reply: int) -> int:
        if not 0 < reply < 10**9:
            raise ValueError("is no line's number")
        return reply


Kind = TypeVar("Kind", bound=Body)


@dataclass(frozen=True)
class Visit:
    """A request that was let in."""

    request: Request
    is_own: bool
    sender: str
    found: Session | None
    sent: bytes

    @property
    def session(self) -> Session:
        """Raises RefusedError when the request named none that goes on."""
        if self.found is None:
            raise RefusedError("no_session")
        return self.found

    def body(self, kind: type[Kind]) -> Kind:
        """What was sent; raises RefusedError when it is something else."""
        if self.request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise RefusedError("malformed")
        try:
            return kind.parse_obj(json.loads(self.sent or b"{}"))
        except (ValueError, RecursionError, ValidationError):
            raise RefusedError("malformed") from None

    def number(self, name: str, header: str = "") -> int:
        """A line's number from the address, or from a header that browsers send by themselves."""
        asked = self.request.get_args(keep_blank_values=True).get(name, "0")
        value = str(self.request.headers.get(header) or asked)
        if not (value.isascii() and value.isdecimal() and len(value) < 10):
            raise RefusedError("malformed")
        return int(value)


async def read_body(request: Request) -> bytes:
    """The body, as far as it may be long; raises RefusedError for a longer one."""
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST:
        raise RefusedError("too_large")
    sent, stream = b"", request.stream
    if stream is None:
        return sent
    async for part in stream:
        sent += part
        if len(sent) > LARGEST:
            raise RefusedError("too_large")
    return sent


def token_of(request: Request, is_own: bool) -> str:
    """The token that a request carries: in a header, or in the cookie of our own origin."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return str(token.strip())
    return str(request.cookies.get(COOKIE, "")) if is_own else ""
