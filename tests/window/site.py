"""A running bot whose Rasa server can be killed, and a clinic's site on another origin."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from signal import SIGCONT, SIGSTOP
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from clinic.before_start import check
from clinic.serve import end, parts, start, wait_until_ready
from evaluation.bot import own_settings

RASA, ACTIONS = "Rasa server", "action server"


@dataclass
class OtherSite:
    """Pages of a clinic that are served from another origin than the bot."""

    address: str
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    def put(self, path: str, page: str, **headers: str) -> str:
        """Serve a page; returns its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (page, {"Content-Type": "text/html; charset=utf-8", **named})
        return self.address + path


@contextmanager
def other_site() -> Iterator[OtherSite]:
    """Serve such a site on a free port."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page, headers = site.pages.get(self.path, ("", {}))
            self.send_response(200 if headers else 404)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    site = OtherSite(f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


class Site:
    """The bot's own server with its example page, part by part."""

    def __init__(self, settings: Any) -> None:
        self.settings = settings
        self.address = f"http://127.0.0.1:{settings.rasa_port}"
        self.page = f"{self.address}/example/"
        self.running: dict[str, Any] = {}

    def begin(self) -> None:
        check(self.settings)
        started = [(part, start(part, self.settings)) for part in parts(self.settings)]
        self.running = {part.name: process for part, process in started}
        for part, process in started:
            wait_until_ready(part, process)

    def kill_rasa(self) -> None:
        """Without a chance to say goodbye."""
        self.running[RASA].kill()
        self.running[RASA].wait()

    @contextmanager
    def paused_actions(self) -> Iterator[None]:
        """While this lasts, no answer is worked out."""
        self.running[ACTIONS].send_signal(SIGSTOP)
        try:
            yield
        finally:
            self.running[ACTIONS].send_signal(SIGCONT)

    def revive_rasa(self) -> None:
        [part] = [part for part in parts(self.settings) if part.name == RASA]
        self.running[RASA] = start(part, self.settings)
        wait_until_ready(part, self.running[RASA])

    def end(self) -> None:
        end(list(self.running.values()))


@contextmanager
def running_site(*allowed: str) -> Iterator[Site]:
    """A bot with a database of its own that lets these other origins in."""
    with TemporaryDirectory() as folder:
        site = Site(replace(own_settings(folder), website_origins=allowed))
        try:
            site.begin()
            yield site
        finally:
            site.end()
