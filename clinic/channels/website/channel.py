"""The chat window's channel in the Rasa server; credentials.yml names this class."""

from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.exceptions import MethodNotSupported
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from clinic.channels.turns import Handle
from clinic.channels.website.door import Door
from clinic.channels.website.routes import ROUTES
from clinic.channels.website.window import CHANNEL, Window
from clinic.desk import desk

# Each path takes every method, so that the door can refuse the wrong ones in its own words.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Website(InputChannel):
    """Serves /chat: the window itself, and what it asks for."""

    @classmethod
    def name(cls) -> str:
        """How Rasa calls the channel."""
        return CHANNEL

    def url_prefix(self) -> str:
        """Not below /webhooks/, because patients' browsers ask for it."""
        return "/chat"

    def blueprint(self, on_new_message: Handle) -> Blueprint:
        """The routes, which Rasa adds to its server."""
        blueprint = Blueprint(CHANNEL)
        window = Window(desk(), on_new_message)
        door = Door(window)
        for path in ROUTES:
            _add(blueprint, door, path)
        _add_the_rest(blueprint, door)

        @blueprint.middleware("response")  # type: ignore[misc]
        async def finish(request: Request, response: BaseHTTPResponse) -> None:
            door.finish(request, response)

        @blueprint.listener("after_server_start")  # type: ignore[misc]
        async def start(app: Sanic, loop: Any) -> None:
            app.error_handler.add(MethodNotSupported, door.unknown_method)
            await window.turns.start(app.ctx.agent)

        @blueprint.listener("before_server_stop")  # type: ignore[misc]
        async def stop(app: Sanic, loop: Any) -> None:
            window.bells.end()
            await window.turns.stop()

        return blueprint


def _add(blueprint: Blueprint, door: Door, path: str) -> None:
    async def answer(request: Request) -> HTTPResponse | None:
        return await door.answer(request, path)

    name = path.partition(".")[0]
    blueprint.add_route(answer, f"/{path}", methods=METHODS, name=name, stream=True)


def _add_the_rest(blueprint: Blueprint, door: Door) -> None:
    async def refuse(request: Request, path: str) -> HTTPResponse | None:
        return await door.answer(request, path)

    blueprint.add_route(refuse, "/<path:path>", methods=METHODS, name="rest", stream=True)
