"""An example page of a clinic with the chat window on it: in development only."""

import asyncio
import mimetypes
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, raw, text

from clinic.settings import PROJECT

FOLDER = PROJECT / "example"
# A strict policy, as a careful clinic's site has it: the window must work under it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
)


class Example(InputChannel):
    """Serves the files of the folder example/ at /example/."""

    @classmethod
    def name(cls) -> str:
        """How Rasa calls it."""
        return "example"

    def url_prefix(self) -> str:
        """Beside /chat."""
        return "/example"

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """The routes, which Rasa adds to its server."""
        blueprint = Blueprint("example")

        @blueprint.get("/<name:path>")
        async def page(request: Request, name: str) -> HTTPResponse:
            return await asyncio.to_thread(read, name or "index.html")

        return blueprint


def read(name: str) -> HTTPResponse:
    """A file that lies in the folder itself, by its name alone."""
    files = {file.name: file for file in FOLDER.iterdir() if file.is_file()}
    if name not in files:
        return text("There is nothing here.", status=404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
    return raw(files[name].read_bytes(), content_type=kind, headers=headers)
