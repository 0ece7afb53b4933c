"""A patient at the chat window: talks to a running bot through the website channel, as the window
does.
"""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests


@dataclass
class Window:
    """One session. `origin` is the page that the window is on: another one than the bot's carries a
    token instead of a cookie.
    """

    address: str
    origin: str = ""
    http: requests.Session = field(default_factory=requests.Session)
    token: str | None = None

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        """One request, whatever comes back."""
        headers = {"Origin": self.origin or self.address, **options.pop("headers", {})}
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        where = f"{self.address}/chat/{path}"
        return self.http.request(method, where, headers=headers, timeout=120, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        """A POST of JSON."""
        return self.ask("POST", path, json=body or {}, **options)

    def open(self) -> dict[str, Any]:
        """Make a session, or resume this one."""
        answer: dict[str, Any] = self.post("session").json()
        self.token = answer["token"]
        return answer

    def send(self, text: str, **body: Any) -> list[dict[str, Any]]:
        """Send one message; returns everything that is streamed back. Raises requests.HTTPError
        when it is refused.
        """
        body = {"id": str(uuid.uuid4()), **({"text": text} if text else {}), **body}
        answer = self.post("messages", body, stream=True)
        answer.raise_for_status()
        answer.encoding = "utf-8"
        return [json.loads(line) for line in answer.iter_lines(decode_unicode=True)]

    def say(self, text: str, **body: Any) -> list[dict[str, Any]]:
        """Send one message; returns the lines that answer it."""
        return [each["line"] for each in self.send(text, **body) if each["event"] == "reply"]

    def lines(self, after: int = 0) -> list[dict[str, Any]]:
        """The history after a line."""
        found: list[dict[str, Any]] = self.ask("GET", f"messages?after={after}").json()["lines"]
        return found

    def events(self, after: int = 0) -> Iterator[tuple[str, Any]]:
        """What comes later, as (kind, data), until the stream ends."""
        answer = self.ask("GET", f"events?after={after}", stream=True)
        answer.raise_for_status()
        answer.encoding = "utf-8"
        kind = ""
        for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                yield kind, json.loads(value)
