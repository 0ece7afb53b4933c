"""Made-up private words and secrets, and all processes of a bot with everything that they write."""

import http.server
import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

from clinic.before_start import prepare_database
from clinic.cipher import new_key
from clinic.serve import end, environment, parts, wait_until_ready
from clinic.settings import PROJECT
from clinic.whatsapp_settings import WhatsAppSettings
from evaluation.bot import Bot, own_settings
from whatsapp_demo.bot import wait_for
from whatsapp_demo.payloads import Phone

NAME, NUMBER, ADDRESS = "Zebedee Quillfeather", "07400 123456", "17 Canarywharf Lane"
EMAIL, STORY, ID = "zebedee@canarymail.example", "my xylophone aunt sat on it", "canarysender99"
# What the clinic has from Meta.
TOKENS, SECRETS = (
    ("canarytoken-expired", "canarytoken-good"),
    ("canarysecret-new", "canarysecret-old"),
)
VERIFY_TOKEN = "canarywords"
CANARIES = re.compile(
    r"zebedee|quillfeather|7400.?123.?456|canary(wharf|mail|sender|token|secret|words)|xylophone|wamid",
    re.IGNORECASE,
)
MESSAGES = [
    f"hello i am {NAME}, {STORY}",
    "can i book a consultation",
    "yes I am 18",
    NAME,
    NUMBER,
    EMAIL,
    f"{ADDRESS}, weds morning",
    f"does it hurt? {STORY}",
    f'/restart{{"name": "{NAME}"}}',
    f'/price{{"phone": "{NUMBER}"',
    f"'; DROP TABLE turns; -- {NUMBER}",
    f"what do you hold on me, {NAME}?",
    "STOP",
]
PHONE = Phone(wa_id="447400123456", user_id=f"GB.{ID}", name=NAME)


class Broken(http.server.BaseHTTPRequestHandler):
    """An action server that gives back what it was sent, in several wrong ways."""

    mode = "error"

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, body = {
            "error": (500, sent),
            "not found": (404, json.dumps({"error": sent, "action_name": NAME})),
            "refused": (400, json.dumps({"error": STORY, "action_name": NAME})),
            "no JSON": (200, f"<html>{NAME} {NUMBER}"),
            "wrong shape": (200, json.dumps({"events": STORY, "responses": {"text": NAME}})),
            "wrong event": (200, json.dumps({"events": [{"event": NAME}], "responses": []})),
            "wrong slot": (
                200,
                json.dumps({"events": [{"event": "slot", "name": NAME}], "responses": []}),
            ),
        }[type(self).mode]
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *args):
        """Quiet."""


MODES = ["error", "not found", "refused", "no JSON", "wrong shape", "wrong event", "wrong slot"]


def start_talking(part, settings, log):
    """Start a part, as talkative as it can be; all that it writes goes to the end of a file."""
    command = ["--debug" if word == "--quiet" else word for word in part.command]
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **environment(settings), "LOG_LEVEL_LIBRARIES": "DEBUG"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def canaries_in(log):
    """The private words in a file of output."""
    written = log.read_text(encoding="utf-8", errors="replace")
    return sorted({found[0] for found in CANARIES.finditer(written)})


class Parts:
    """All processes, as talkative as they can be, and what they write."""

    def __init__(self, folder, meta):
        self.folder, self.log, self.meta = Path(folder), Path(folder) / "output", meta
        self.secret = new_key()
        whatsapp = WhatsAppSettings(
            (meta.number.id,), TOKENS, SECRETS, VERIFY_TOKEN, graph=meta.address
        )
        own = own_settings(str(folder))
        self.settings = replace(own, keys=(self.secret,), whatsapp=whatsapp)
        meta.webhooks = [f"http://127.0.0.1:{own.rasa_port}/whatsapp"]
        prepare_database(self.settings)
        self.actions, self.rasa, self.delivery = parts(self.settings)
        self.running, self.patients = {}, 0

    def start(self, part):
        self.running[part] = start_talking(part, self.settings, self.log)
        wait_until_ready(part, self.running[part])

    def stop(self, part):
        end([self.running.pop(part)])

    @property
    def bot(self):
        return Bot(f"http://127.0.0.1:{self.settings.rasa_port}")

    def whatsapp(self, *words):
        """Somebody new writes on WhatsApp; as many replies."""
        self.patients += 1
        n = f"{self.patients:02}"
        phone = replace(PHONE, wa_id=PHONE.wa_id + n, user_id=PHONE.user_id + n)
        began = time.time() - len(words)
        for n, one in enumerate(words):
            self.meta.say(phone, phone.text(one, at=began + n)).result(20)
        wait_for(lambda: len(self.meta.texts(phone)) >= len(words))
        return self.meta.texts(phone)

    def post(self, port, path, body, kind="application/json", **more):
        """Send anything; only that it is answered matters."""
        address = f"http://127.0.0.1:{port}{path}"
        request = urllib.request.Request(address, body.encode(), {"Content-Type": kind, **more})
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code

    def output(self):
        return self.log.read_text(encoding="utf-8", errors="replace")
