"""A stand-in of Meta's servers: takes messages as the Graph API does, delivers to the webhook as
Meta does, and misbehaves when told to.
"""

import asyncio
import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from whatsapp_demo.limits import error, wrong_with
from whatsapp_demo.payloads import Batch, Number, Phone, new_wamid, sign, status

# Meta's limits: messages to one patient that may run ahead of one each 6 s; free text after the
# patient's last message.
PAIR_EVERY, PAIR_AHEAD = 6.0, 45
WINDOW = 24 * 3600
# Seconds between tries of a delivery that was not acknowledged. Meta's grow to days.
REDELIVER = 0.3


@dataclass(frozen=True)
class Sent:
    """A message that the clinic sent, as Meta took it."""

    wamid: str
    number: str
    to: str
    message: dict[str, Any]
    at: float

    @property
    def text(self) -> str:
        """The words that the patient reads."""
        kind = self.message["type"]
        if kind == "text":
            return str(self.message["text"]["body"])
        if kind == "interactive":
            return str(self.message["interactive"]["body"]["text"])
        return f"[{kind} {self.message[kind]['name']}]"

    @property
    def choices(self) -> list[dict[str, Any]]:
        """What can be tapped: id and title of each, and description where a row has one."""
        action = self.message.get("interactive", {}).get("action", {})
        rows = [row for section in action.get("sections", []) for row in section["rows"]]
        return [{**row, "row": True} for row in rows] or [
            button["reply"] for button in action.get("buttons", [])
        ]


@dataclass
class StandIn:
    """Meta's side, at an address of this machine."""

    number: Number = field(default_factory=Number)
    second_number: Number = field(default_factory=lambda: Number("106540352242923", "442079460124"))
    tokens: set[str] = field(default_factory=lambda: {"token-of-the-demo"})
    app_secret: str = "secret-of-the-demo"
    # Where deliveries go, in turn.
    webhooks: list[str] = field(default_factory=list)
    templates: set[str] = field(default_factory=lambda: {"answer_ready"})
    # Errors for the next messages, in order: a code of Meta's, "lost" (taken, but the answer never
    # comes), "garbage" (with all that was asked in it), or "hang".
    faults: deque[int | str] = field(default_factory=deque)
    tells_statuses: bool = True
    sent: list[Sent] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    # What else the clinic asked for: nothing, as long as no media is fetched.
    others: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    # Seconds after which each delivery was acknowledged.
    waits: list[float] = field(default_factory=list)
    heard: dict[str, float] = field(default_factory=dict)
    paced: dict[str, float] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    address: str = ""

    def __enter__(self) -> "StandIn":
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self.loop).result(10)
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)

    # The clinic's side: what the bot calls.

    async def _open(self) -> None:
        app = web.Application()
        app.router.add_post("/{version}/{number}/messages", self._messages)
        app.router.add_route("*", "/{rest:.*}", self._other)
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        port = self.runner.addresses[0][1]
        self.address = f"http://127.0.0.1:{port}"
        self.session = aiohttp.ClientSession()

    async def _close(self) -> None:
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await self.session.close()
        await self.runner.cleanup()

    async def _other(self, request: web.Request) -> web.Response:
        self.others.append(f"{request.method} {request.path}")
        return self._refuse(100, "unknown path")

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return self._refuse(190)
        try:
            message = await request.json()
        except ValueError:
            return self._refuse(100, "not JSON")
        if request.match_info["number"] not in (self.number.id, self.second_number.id):
            return self._refuse(100, "unknown phone number id")
        if message.get("status") == "read":
            self.marks.append(message)
            return web.json_response({"success": True})
        return await self._take(request, message)

    async def _take(self, request: web.Request, message: dict[str, Any]) -> web.StreamResponse:
        fault = self.faults.popleft() if self.faults else None
        if fault == "garbage":
            asked = f"{dict(request.headers)} {message}"
            return web.Response(status=502, text=f"<html>Bad gateway: {asked}</html>")
        if fault == "hang":
            await asyncio.sleep(60)
        if isinstance(fault, int):
            return self._refuse(fault)
        if wrong := wrong_with(message):
            return self._refuse(*wrong)
        to = str(message.get("to") or message.get("recipient")).lstrip("+")
        if code := self._not_now(to, message):
            return self._refuse(code)
        sent = self._accept(request.match_info["number"], to, message)
        if fault == "lost" and request.transport:
            request.transport.close()
        key = "wa_id" if "to" in message else "user_id"
        return web.json_response(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": to, key: to}],
                "messages": [{"id": sent.wamid}],
            }
        )

    def _not_now(self, to: str, message: dict[str, Any]) -> int | None:
        """The code of a message that is in order but may not be sent now."""
        now = time.time()
        if message["type"] == "template":
            if message["template"]["name"] not in self.templates:
                return 132001
        elif now - self.heard.get(to, 0.0) > WINDOW:
            return 131047
        if self.paced.get(to, 0.0) - now > (PAIR_AHEAD - 1) * PAIR_EVERY:
            return 131056
        self.paced[to] = max(self.paced.get(to, 0.0), now) + PAIR_EVERY
        return None

    def _accept(self, number: str, to: str, message: dict[str, Any]) -> Sent:
        sent = Sent(new_wamid(to), number, to, message, time.time())
        self.sent.append(sent)
        phone = self.phones.get(to)
        if self.tells_statuses and self.webhooks and phone:
            row = message.get("biz_opaque_callback_data")
            for what in ("sent", "delivered"):
                self.tell(phone, status(sent.wamid, phone, what, row))
        return sent

    def _refuse(self, code: int, details: str = "") -> web.Response:
        self.refused.append(code)
        answer, body = error(code, details)
        return web.json_response(body, status=answer)

    # The patients' side: what Meta delivers.

    def knows(self, phone: Phone, at: float | None = None) -> None:
        """The phone has written to the clinic at a time."""
        for one in (phone.wa_id, phone.user_id):
            self.phones[one] = phone
            self.heard[one] = max(self.heard.get(one, 0.0), time.time() if at is None else at)

    def say(self, phone: Phone, message: dict[str, Any], **how: Any) -> "Future[int]":
        """A phone sends one message."""
        self.knows(phone, float(message["timestamp"]))
        return self.deliver(Batch(self.number).message(phone, message).body(), **how)

    def tell(self, phone: Phone, one: dict[str, Any]) -> "Future[int]":
        """Tell one status."""
        contacts = [phone.contact]
        return self.deliver(Batch(self.number).add(contacts=contacts, statuses=[one]).body())

    def deliver(
        self, body: bytes, *, times: int = 1, delay: float = 0.0, signature: str | None = None
    ) -> "Future[int]":
        """Post a body to the webhook until it is acknowledged, `times` over; the last status."""
        work = self._deliver(body, times, delay, signature or sign(body, self.app_secret))
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    async def _deliver(self, body: bytes, times: int, delay: float, signature: str) -> int:
        await asyncio.sleep(delay)
        answer = 0
        for _ in range(times):
            answer = 0
            # What is forged or no JSON is refused for good; all else comes again.
            while answer not in (200, 400, 403):
                answer = await self._post(body, signature)
                if answer != 200:
                    await asyncio.sleep(REDELIVER)
        return answer

    async def _post(self, body: bytes, signature: str) -> int:
        headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
        began = time.monotonic()
        self.webhooks.append(webhook := self.webhooks.pop(0))
        try:
            limit = aiohttp.ClientTimeout(total=10)
            async with self.session.post(
                webhook, data=body, headers=headers, timeout=limit
            ) as answer:
                if answer.status == 200:
                    self.waits.append(time.monotonic() - began)
                return answer.status
        except (aiohttp.ClientError, TimeoutError):
            return 0

    def texts(self, phone: Phone) -> list[str]:
        """What a phone shows, in the order in which it was taken."""
        mine = {phone.wa_id, phone.user_id}
        return [one.text for one in list(self.sent) if one.to in mine]
