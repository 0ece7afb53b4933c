"""A team for tests: an https server that takes webhooks, and a mail server; both fail on demand."""

import asyncio
import http.server
import json
import ssl
import threading
import time
from dataclasses import dataclass, field

import trustme
from aiosmtpd.controller import Controller
from standardwebhooks.webhooks import Webhook

SECRET = f"whsec_{'c2VjcmV0' * 4}"


@dataclass
class Desk:
    """The team's system: what it got, and how it answers next (a status, or a word)."""

    authority: trustme.CA = field(default_factory=trustme.CA)
    answers: list = field(default_factory=list)
    got: list = field(default_factory=list)
    host: str = "localhost"

    def __enter__(self):
        desk = self

        class Door(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                how = desk.answers.pop(0) if desk.answers else 200
                if how == "cut before":
                    self.connection.close()
                    return
                desk.take(body, self.headers)
                if how == "cut after":
                    self.connection.close()
                    return
                if how == "slow":
                    time.sleep(3)
                    how = 200
                self.send_response(how)
                if how in (301, 302, 307):
                    self.send_header("Location", f"{desk.address}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                """Quiet."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(self.host).configure_cert(context)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.server.shutdown()
        self.server.server_close()

    @property
    def address(self):
        return f"https://localhost:{self.server.server_port}"

    def take(self, body, headers):
        """Keep what came; raises when its signature is not the bot's."""
        Webhook(SECRET).verify(body, dict(headers.items()))
        self.got.append((headers["webhook-id"], json.loads(body)))

    def trusted(self, folder):
        """A file by which this team's certificate is trusted: SSL_CERT_FILE."""
        file = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(file))
        return str(file)

    @property
    def references(self):
        return [body["data"]["reference"] for _, body in self.got]


class Postbox:
    """A mail server: what it got, and how it answers next (None: it takes the mail)."""

    def __init__(self):
        self.answers, self.got = [], []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        how = self.answers.pop(0) if self.answers else None
        if how == "slow":
            await asyncio.sleep(1)
            how = None
        if how is None:
            self.got.append(envelope)
        return how or "250 taken"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.answers and str(self.answers[0]).startswith(("550", "451")):
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 ok"

    def __enter__(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=0)
        # Controller asks its own port whether it is up; with a free one it learns that at start.
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.controller.port = probe.getsockname()[1]
        self.controller.start()
        return self

    def __exit__(self, *error):
        self.controller.stop()

    @property
    def address(self):
        return f"smtp://127.0.0.1:{self.controller.port}"


class Way:
    """A way to the team that always works."""

    way = "webhook"

    def __init__(self):
        self.brought = []

    def send(self, note):
        self.brought.append(note.reference)
