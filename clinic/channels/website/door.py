"""The one door to /chat: checks each request, and answers each failure with a sentence."""

import asyncio
import logging
import traceback

from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, json
from sqlalchemy.exc import SQLAlchemyError

from clinic.channels.website.limits import sender
from clinic.channels.website.origins import PREFLIGHT, SAFE, is_own, shared_with
from clinic.channels.website.refusals import RefusedError
from clinic.channels.website.routes import PUBLIC, ROUTES, Answer, Route, Streamed, allow
from clinic.channels.website.sessions import Session
from clinic.channels.website.visits import Visit, read_body, token_of
from clinic.channels.website.window import Window

# What Rasa's own server says of other origins.
NOT_OURS = ("Access-Control-Allow-Credentials", "Access-Control-Expose-Headers")

log = logging.getLogger(__name__)


class Door:
    """Lets requests in to the routes."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.allowed = window.desk.settings.website_origins

    async def answer(self, request: Request, path: str) -> HTTPResponse | None:
        """Answer a request, whatever it is; None when the answer was streamed."""
        try:
            found = await self._ask(request, path)
        except RefusedError as refused:
            found = self.refusal(refused)
        except SQLAlchemyError as error:
            log.error("the database cannot be used: %s", type(error).__name__)
            found = self.refusal(RefusedError("unavailable", retry_after=5))
        except Exception as error:
            # Its message may hold a patient's words: only its kind and place are logged.
            place = traceback.extract_tb(error.__traceback__)[-1]
            kind = type(error).__name__
            log.error("a request failed: %s at %s:%s", kind, place.filename, place.lineno)
            found = self.refusal(RefusedError("broken"))
        if isinstance(found, Streamed):
            await _stream(request, found)
            return None
        return found

    async def _ask(self, request: Request, path: str) -> Answer:
        route = _route(request, path)
        own = path in PUBLIC or is_own(request.headers, request.method, self.allowed)
        proxies = self.window.desk.settings.proxies
        forwarded = request.headers.get("x-forwarded-for", "")
        address = sender(request.ip, forwarded, proxies)
        allow(self.window.limits.requests, address)
        sent = await read_body(request) if request.method == "POST" else b""
        session = None if path in PUBLIC else await self._session(token_of(request, own))
        return await route(self.window, Visit(request, own, address, session, sent))

    async def _session(self, token: str) -> Session | None:
        session = self.window.signer.read(token, self.window.now())
        if session is None:
            return None
        ended = await asyncio.to_thread(self.window.sessions.ended, session.conversation)
        return None if ended else session

    def refusal(self, refused: RefusedError) -> HTTPResponse:
        """A code for the window and a sentence for the patient."""
        answer = {"error": refused.code, "sentence": self.window.say(refused.sentence)}
        if refused.retry_after:
            answer["retry_after"] = refused.retry_after  # type: ignore[assignment]
        return json(answer, status=refused.status, headers=refused.headers)

    def unknown_method(self, request: Request, error: Exception) -> HTTPResponse:
        """Answer a method that Sanic itself knows no route for, such as TRACE."""
        if not request.path.startswith("/chat/"):
            return request.app.error_handler.default(request, error)  # type: ignore[no-any-return,no-untyped-call]
        refused = self.refusal(RefusedError("method", allow="GET, POST"))
        self.finish(request, refused)
        return refused

    def finish(self, request: Request, response: BaseHTTPResponse) -> None:
        """Put the headers on that every answer has, and answer a browser's question whether a page
        of another origin may ask. Rasa has answered that one before us, with nothing.
        """
        shared = shared_with(request.headers, self.allowed)
        if request.method == "OPTIONS":
            response.status = 204 if shared else 403
            shared |= PREFLIGHT if shared else {}
        for name in NOT_OURS:
            response.headers.pop(name, None)
        for name, value in {**SAFE, **shared}.items():
            response.headers.setdefault(name, value)


def _route(request: Request, path: str) -> Route:
    if path not in ROUTES:
        raise RefusedError("not_found")
    methods = ROUTES[path]
    if request.method not in methods:
        raise RefusedError("method", allow=", ".join(methods))
    return methods[request.method]


async def _stream(request: Request, streamed: Streamed) -> None:
    response = await request.respond(
        content_type=streamed.content_type, headers=dict(streamed.headers)
    )
    try:
        async for part in streamed.parts:
            await response.send(part)
    except SQLAlchemyError as error:
        # The window sees a stream that ends early, and asks for what is missing.
        log.error("a stream ended early: %s", type(error).__name__)
    await response.eof()
