"""A send queue, its sender and the stand-in of Meta's servers, for the tests of both."""

import asyncio
import secrets
import time

from sqlalchemy import text

from clinic.channels.whatsapp.graph import Graph
from clinic.channels.whatsapp.patients import Patients
from clinic.channels.whatsapp.payload import Patient
from clinic.channels.whatsapp.queue import Queue, new_key
from clinic.channels.whatsapp.sending import Sender
from clinic.channels.whatsapp.shapes import Labels, shape
from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.whatsapp_settings import WhatsAppSettings
from whatsapp_demo.payloads import Phone

CIPHER = Cipher([DEVELOPMENT_KEY])


class Clock:
    """The real time, moved on or held by a test."""

    def __init__(self):
        self.ahead, self.held = 0.0, None

    def hold(self):
        self.held = time.time()

    def __call__(self):
        return (self.held or time.time()) + self.ahead


class Post:
    """A queue, its sender and Meta; each test has patients of its own."""

    def __init__(self, engine, meta, template=("answer_ready", "en_GB")):
        self.clock, self.meta, self.told = Clock(), meta, []
        self.patients = Patients(engine, CIPHER, self.clock)
        self.queue = Queue(engine, CIPHER, self.clock)
        settings = WhatsAppSettings(
            numbers=(meta.number.id,),
            tokens=("expired-token", *meta.tokens),
            app_secrets=(),
            verify_token="",
            graph=meta.address,
        )
        self.graph = Graph(settings)
        self.template = template

    def patient(self):
        """Somebody new who has just written."""
        phone = Phone(wa_id=f"4474{secrets.randbits(26)}", user_id=f"GB.{secrets.randbits(60)}")
        self.meta.knows(phone)
        patient = Patient(self.meta.number.id, phone.user_id, phone.wa_id)
        with self.queue.engine.begin() as connection:
            conversation = self.patients.conversation_of(connection, patient, self.clock())
            self.patients.heard(connection, conversation, self.clock())
        return phone, conversation

    def add(self, conversation, *texts, kind="reply"):
        with self.queue.engine.begin() as connection:
            for words in texts:
                key = new_key()
                buttons = [{"title": "Price", "payload": "What does it cost?"}]
                replies = [{"text": words, "buttons": buttons}]
                messages = shape(replies, Labels({"What does it cost?": "Price"}, "Choose"), key)
                self.queue.add(connection, conversation, new_key(), messages, key=key, kind=kind)

    def states(self, conversation):
        query = text("SELECT state FROM whatsapp_queue WHERE conversation = :c ORDER BY id")
        with self.queue.engine.connect() as connection:
            return list(connection.execute(query, {"c": conversation}).scalars())

    def run(self, until=lambda: False, most=8.0):
        """Let the sender work until something holds."""

        async def work():
            sender = Sender(
                self.graph,
                self.queue,
                self.patients,
                template=self.template,
                tell_staff=lambda known, what: self.told.append(what),
            )
            sender.start()
            end = time.monotonic() + most
            while not until() and time.monotonic() < end:
                await asyncio.sleep(0.02)
            await sender.stop()
            return until()

        return asyncio.run(work())
