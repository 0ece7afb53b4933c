"""What the window may ask for: docs/chat-api.yml describes each of these for other programs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from sanic.response import HTTPResponse, json, raw, text

from clinic.channels.website import feedback, streams
from clinic.channels.website.limits import Limit
from clinic.channels.website.refusals import RefusedError
from clinic.channels.website.sessions import KEPT, Session
from clinic.channels.website.transcript import transcript
from clinic.channels.website.visits import COOKIE, LONGEST, Feedback, Message, Nothing, Visit
from clinic.channels.website.widget_file import read_widget
from clinic.channels.website.window import Window
from clinic.typed_text import plain_text

# Streams of events that one session may hold open: a few pages of the site, in tabs.
MOST_STREAMS = 6


@dataclass(frozen=True)
class Streamed:
    """An answer that is sent bit by bit."""

    content_type: str
    parts: AsyncIterator[str]
    headers: dict[str, str] = field(default_factory=dict)


Answer = HTTPResponse | Streamed
Route = Callable[[Window, Visit], Awaitable[Answer]]


async def config(window: Window, visit: Visit) -> Answer:
    """The clinic's details, for a window that has no session yet."""
    return json(window.config, headers={"Cache-Control": "public, max-age=300"})


async def begin(window: Window, visit: Visit) -> Answer:
    """Make a session, or resume the one that the request names."""
    visit.body(Nothing)
    session = visit.found
    if session is None:
        allow(window.limits.sessions, visit.sender)
        session = await asyncio.to_thread(window.sessions.begin)
    last = await asyncio.to_thread(window.sessions.last, session.conversation)
    return welcome(window, visit, session, last, resumed=visit.found is not None)


async def restart(window: Window, visit: Visit) -> Answer:
    """End this conversation and begin another."""
    visit.body(Nothing)
    allow(window.limits.sessions, visit.sender)
    session = await asyncio.to_thread(window.sessions.restart, visit.session)
    window.bells.ring(visit.session.conversation)
    return welcome(window, visit, session, 0, resumed=False)


def welcome(window: Window, visit: Visit, session: Session, last: int, resumed: bool) -> Answer:
    """What a window gets with its session: a cookie on our own origin, else a token."""
    until = window.now() + KEPT
    token = window.signer.sign(session, until)
    answer = {
        "session": session.name,
        "resumed": resumed,
        "token": None if visit.is_own else token,
        "expires": until.isoformat(timespec="seconds"),
        "last": last,
    }
    return json(answer, headers=_cookie(window, visit, token, int(KEPT.total_seconds())))


def _cookie(window: Window, visit: Visit, token: str, seconds: int) -> dict[str, str]:
    if not visit.is_own:
        return {}
    secure = "; Secure" if window.desk.settings.profile == "production" else ""
    parts = f"{COOKIE}={token}; Path=/chat; Max-Age={seconds}; HttpOnly; SameSite=Strict"
    return {"Set-Cookie": parts + secure}


async def send(window: Window, visit: Visit) -> Answer:
    """Store a message, say so, and send the replies when they are there."""
    message, conversation = visit.body(Message), visit.session.conversation
    allow(window.limits.session, conversation)
    allow(window.limits.messages, visit.sender)
    words = await asyncio.to_thread(_words, window, conversation, message)
    new = await asyncio.to_thread(window.take_in, conversation, message.id, words)
    window.turns.wake(conversation)
    window.bells.ring(conversation)
    lines = await asyncio.to_thread(window.lines.of_message, conversation, message.id)
    stored = {
        "event": "stored",
        "id": message.id,
        "session": visit.session.name,
        "again": not new,
        "line": window.marked(lines)[0],
    }
    look = partial(window.replies, conversation, message.id)
    parts = streams.replies(window.bells, conversation, stored, look)
    return Streamed("application/x-ndjson", parts)


def _words(window: Window, conversation: str, message: Message) -> str:
    """The words of a message; those of a button are known here alone."""
    if (message.text is None) == (message.button is None):
        raise RefusedError("malformed")
    if message.button is not None:
        words = window.lines.words(conversation, message.button)
        if words is None:
            raise RefusedError("unknown_button")
        return words
    typed = message.text or ""
    if len(typed) > LONGEST:
        raise RefusedError("too_long")
    if not (words := plain_text(typed)):
        raise RefusedError("empty")
    return words


async def history(window: Window, visit: Visit) -> Answer:
    """The lines of this session after a number."""
    session, n = visit.session, visit.number("after")
    seen = await asyncio.to_thread(window.look, session.conversation, n)
    last = await asyncio.to_thread(window.sessions.last, session.conversation)
    return json(
        {"session": session.name, "lines": seen.lines, "last": last, "working": seen.working}
    )


async def events(window: Window, visit: Visit) -> Answer:
    """What comes for this session from now on."""
    session, n = visit.session, visit.number("after", "last-event-id")
    conversation = session.conversation
    if window.bells.listeners(conversation) >= MOST_STREAMS:
        raise RefusedError("too_many", retry_after=5)
    last = await asyncio.to_thread(window.sessions.last, conversation)
    look = partial(window.look, conversation)
    parts = streams.events(window.bells, conversation, session.name, last, n, look)
    return Streamed("text/event-stream", parts, {"X-Accel-Buffering": "no"})


async def think(window: Window, visit: Visit) -> Answer:
    """Keep whether a reply was helpful, without its words."""
    sent, conversation = visit.body(Feedback), visit.session.conversation
    line = await asyncio.to_thread(window.lines.line, conversation, sent.reply)
    if line is None or line["role"] != "bot":
        raise RefusedError("not_found")
    keep = partial(feedback.keep, window.desk.database, conversation, line, sent.helpful)
    await asyncio.to_thread(keep, window.now())
    return json({"stored": True})


async def forget(window: Window, visit: Visit) -> Answer:
    """Delete all that is kept of this conversation."""
    visit.body(Nothing)
    conversation = visit.session.conversation
    reference = await asyncio.to_thread(window.forget, conversation)
    window.bells.ring(conversation)
    answer = {
        "forgotten": True,
        "reference": reference,
        "sentence": window.say("forgotten"),
    }
    return json(answer, headers=_cookie(window, visit, "", 0))


async def download(window: Window, visit: Visit) -> Answer:
    """This conversation as plain text."""
    words = await asyncio.to_thread(transcript, window, visit.session.conversation)
    disposition = {"Content-Disposition": 'attachment; filename="conversation.txt"'}
    return text(words, headers=disposition)


async def widget(window: Window, visit: Visit) -> Answer:
    """The window itself, which any page may load."""
    file = await asyncio.to_thread(read_widget)
    if file is None:
        raise RefusedError("not_found")
    headers = file.headers(versioned="v" in visit.request.args)
    if visit.request.headers.get("if-none-match") == file.tag:
        return HTTPResponse(status=304, headers=headers)
    return raw(file.code, content_type="text/javascript; charset=utf-8", headers=headers)


def allow(limit: Limit, key: str) -> None:
    """Count a request; raises RefusedError when it was one too many."""
    if seconds := limit.wait(key):
        raise RefusedError("too_many", retry_after=seconds)


# path -> method -> what answers.
ROUTES: dict[str, dict[str, Route]] = {
    "config": {"GET": config},
    "session": {"POST": begin},
    "messages": {"GET": history, "POST": send},
    "events": {"GET": events},
    "feedback": {"POST": think},
    "restart": {"POST": restart},
    "forget": {"POST": forget},
    "transcript": {"GET": download},
    "widget.js": {"GET": widget},
}
# Any page may load these; they say nothing of a patient.
PUBLIC = {"config", "widget.js"}
