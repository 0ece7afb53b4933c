"""What is sent to the window bit by bit: the replies to a message, and whatever comes later."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

# Seconds that a message's own stream waits for its replies; they come by the events after that.
REPLY_LIMIT = 30
# Seconds between looks at the database, for what another process wrote.
LOOK = 3
# Seconds between signs of life, and until a stream of events is to be asked for anew.
SIGN_OF_LIFE, EVENTS_LIMIT = 15, 600

Line = dict[str, Any]


class Bells:
    """Wakes the streams of a conversation when something has come for it."""

    def __init__(self) -> None:
        self.bells: dict[str, list[asyncio.Event]] = {}
        self.ending = False

    @contextmanager
    def listening(self, conversation: str) -> Iterator[asyncio.Event]:
        """A bell that rings for one conversation."""
        bell = asyncio.Event()
        self.bells.setdefault(conversation, []).append(bell)
        try:
            yield bell
        finally:
            self.bells[conversation].remove(bell)
            if not self.bells[conversation]:
                del self.bells[conversation]

    def ring(self, conversation: str) -> None:
        """Wake all streams of a conversation."""
        for bell in self.bells.get(conversation, []):
            bell.set()

    def listeners(self, conversation: str) -> int:
        """How many streams wait for a conversation."""
        return len(self.bells.get(conversation, []))

    def end(self) -> None:
        """Let every stream end, because the server does."""
        self.ending = True
        for conversation in self.bells:
            self.ring(conversation)


async def wait(bell: asyncio.Event, seconds: float) -> None:
    """Wait for a bell, for so long at most."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(bell.wait(), seconds)
    bell.clear()


async def replies(
    bells: Bells, conversation: str, stored: Line, look: Callable[[], list[Line] | None]
) -> AsyncIterator[str]:
    """The acknowledgement, then the replies to one message. `look` gives them when the turn has
    ended, else None.
    """
    yield as_json_line(stored)
    until = time.monotonic() + REPLY_LIMIT
    with bells.listening(conversation) as bell:
        while (lines := await asyncio.to_thread(look)) is None:
            left = until - time.monotonic()
            if left <= 0 or bells.ending:
                yield as_json_line({"event": "later"})
                return
            await wait(bell, min(left, LOOK))
    for line in lines:
        yield as_json_line({"event": "reply", "line": line})
    yield as_json_line({"event": "done"})


@dataclass(frozen=True)
class Seen:
    """A look at a conversation: why it has ended, its new lines, whether a reply is still due."""

    ended: str | None
    lines: list[Line]
    working: bool


async def events(
    bells: Bells, conversation: str, session: str, last: int, n: int, look: Callable[[int], Seen]
) -> AsyncIterator[str]:
    """Server-sent events: every line above n, and whether a reply is still due."""
    seen = await asyncio.to_thread(look, n)
    working, told, until = seen.working, time.monotonic(), time.monotonic() + EVENTS_LIMIT
    yield "retry: 2000\n"
    yield as_event("session", {"session": session, "last": last, "working": working})
    with bells.listening(conversation) as bell:
        while time.monotonic() < until and not bells.ending:
            if seen.ended:
                yield as_event("ended", {"reason": seen.ended})
                return
            for line in seen.lines:
                n = line["n"]
                yield as_event("line", line, n)
            if seen.working != working:
                working = seen.working
                yield as_event("working", {"working": working})
            if time.monotonic() - told > SIGN_OF_LIFE:
                told = time.monotonic()
                yield ": keep-alive\n\n"
            if not seen.lines:
                await wait(bell, LOOK)
            seen = await asyncio.to_thread(look, n)


def as_json_line(data: Line) -> str:
    """One line of JSON."""
    return json.dumps(data, ensure_ascii=False) + "\n"


def as_event(kind: str, data: Line, n: int | None = None) -> str:
    """One server-sent event."""
    number = f"id: {n}\n" if n is not None else ""
    return f"{number}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
