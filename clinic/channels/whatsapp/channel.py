"""WhatsApp: what Meta's servers deliver is checked, kept, acknowledged, and worked on afterwards;
docs/whatsapp.md.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from clinic.channels.inbox import Inbox, Incoming, Replies
from clinic.channels.turns import Turns
from clinic.channels.whatsapp.graph import Graph
from clinic.channels.whatsapp.intake import CHANNEL, Intake
from clinic.channels.whatsapp.patients import Patients
from clinic.channels.whatsapp.payload import read
from clinic.channels.whatsapp.queue import Queue
from clinic.channels.whatsapp.sending import Sender
from clinic.channels.whatsapp.signature import is_genuine, is_verify_token
from clinic.channels.whatsapp.staff import StaffNotes
from clinic.channels.whatsapp.turn import Turn
from clinic.desk import Desk, desk
from clinic.whatsapp_settings import WhatsAppSettings

log = logging.getLogger(__name__)

# Seconds that a message waits for one that was written before it and is still on its way.
SETTLE = 0.4
# Seconds by which the look into the inbox comes after that, since clocks run unevenly.
BEHIND = 0.02
# Bytes that a delivery may have: Meta's are below 3 MB.
LARGEST = 4_000_000
Handle = Callable[[UserMessage], Awaitable[Any]]


class WhatsApp(InputChannel):
    """Rasa's door for WhatsApp, at /whatsapp; there is none while nothing is configured."""

    @classmethod
    def name(cls) -> str:
        """The name by which conversations and settings know the channel."""
        return CHANNEL

    def url_prefix(self) -> str:
        """Meta is given this address; Rasa would put it below /webhooks."""
        return "/whatsapp"

    def blueprint(self, on_new_message: Handle) -> Blueprint:
        """The two routes of the webhook, and what runs beside them."""
        blueprint = Blueprint("whatsapp")
        if settings := desk().settings.whatsapp:
            Webhook(desk(), settings, on_new_message).open(blueprint)
        return blueprint


class Webhook:
    """The parts of the channel, put together for one server."""

    def __init__(self, desk: Desk, settings: WhatsAppSettings, on_new_message: Handle) -> None:
        self.settings, self.content = settings, desk.content
        self.patients = Patients(desk.database, desk.cipher, time.time)
        self.queue = Queue(desk.database, desk.cipher, time.time)
        self.graph = Graph(settings)
        inbox = Inbox(desk.database, desk.cipher, settle=timedelta(seconds=SETTLE))
        words = desk.content.whatsapp
        self.intake = Intake(desk.database, inbox, self.patients, self.queue, words)
        turn = Turn(self.patients, self.queue, self.graph, desk.content, on_new_message, self._read)
        apology = desk.content.fill(desk.content.conversation.apology)
        self.turns = Turns(inbox, CHANNEL, turn.handle, self._done, apology=apology, keep=turn.keep)
        self.staff = StaffNotes(desk.database, desk.cipher)
        self.sender: Sender | None = None

    def open(self, blueprint: Blueprint) -> None:
        """Put the routes and the beginning and end of the work on a blueprint."""
        # Sanic writes attributes on what it is given, which methods do not allow.
        handshake, receive = partial(self.shake_hands), partial(self.receive)
        blueprint.add_route(handshake, "/", methods=["GET"], name="handshake")
        blueprint.add_route(receive, "/", methods=["POST"], name="receive")
        blueprint.listener("after_server_start")(self._start)
        blueprint.listener("before_server_stop")(self._stop)

    async def shake_hands(self, request: Request) -> HTTPResponse:
        """Meta asks once whether this address is the clinic's."""
        named = is_verify_token(request.args.get("hub.verify_token"), self.settings.verify_token)
        if request.args.get("hub.mode") != "subscribe" or not named:
            return response.text("", status=403)
        return response.text(request.args.get("hub.challenge") or "")

    async def receive(self, request: Request) -> HTTPResponse:
        """Keep what was delivered, then say so; only what cannot be kept is asked for again."""
        body = request.body
        signature = request.headers.get("x-hub-signature-256")
        if len(body) > LARGEST or not is_genuine(body, signature, self.settings.app_secrets):
            return response.text("", status=403)
        try:
            payload = json.loads(body)
        except (ValueError, RecursionError):
            return response.text("", status=400)
        delivery = read(payload, self.settings.numbers, time.time())
        if delivery.unread:
            log.warning("%d parts of a WhatsApp delivery could not be read", delivery.unread)
        try:
            conversations = await asyncio.to_thread(self.intake.take, delivery)
        except SQLAlchemyError as error:
            log.error("a WhatsApp delivery was not kept: %s", type(error).__name__)
            return response.text("", status=503)
        self._wake(conversations)
        return response.text("")

    def _wake(self, conversations: list[str]) -> None:
        loop = asyncio.get_running_loop()
        for conversation in dict.fromkeys(conversations):
            loop.call_later(SETTLE + BEHIND, self.turns.wake, conversation)
        if self.sender:
            self.sender.wake()

    async def _start(self, app: Any, loop: Any) -> None:
        self.sender = Sender(
            self.graph,
            self.queue,
            self.patients,
            template=self.settings.template,
            tell_staff=self.staff.tell,
        )
        self.sender.start()
        await self.turns.start(app.ctx.agent)

    async def _stop(self, app: Any, loop: Any) -> None:
        await self.turns.stop()
        if self.sender:
            await self.sender.stop()

    async def _read(self, text: str) -> Any:
        return await self.turns.agent.parse_message(text)

    async def _done(self, incoming: Incoming, replies: Replies) -> None:
        if self.sender:
            self.sender.wake()
