"""Keeps what Meta delivers before it is acknowledged: who wrote, what, and what became of our own
messages.
"""

from datetime import UTC, datetime

from sqlalchemy.engine import Engine

from clinic.channels.inbox import Inbox, Incoming
from clinic.channels.whatsapp.patients import Patients
from clinic.channels.whatsapp.payload import TEXT, Delivery, Message
from clinic.channels.whatsapp.queue import Queue
from clinic.content_whatsapp import WhatsAppWords
from clinic.typed_text import plain_text

CHANNEL = "whatsapp"
# Kinds that are rightly left without a word: nothing is asked by them.
SILENT = {"reaction", "revoke"}


class Intake:
    """Takes in deliveries; each may come twice, late, or in another order."""

    def __init__(
        self, engine: Engine, inbox: Inbox, patients: Patients, queue: Queue, words: WhatsAppWords
    ) -> None:
        self.engine, self.inbox, self.patients, self.queue = engine, inbox, patients, queue
        self.words = words

    def take(self, delivery: Delivery) -> list[str]:
        """Keep all of a delivery; returns the conversations that have something new. Raises
        SQLAlchemy's errors when it cannot be kept.
        """
        messages = [one for one in delivery.messages if one.kind not in SILENT]
        conversations = self._keep(delivery, messages)
        incoming = list(map(self._incoming, messages, conversations))
        new = self.inbox.take_in(incoming) if incoming else []
        return [one.conversation for one, is_new in zip(incoming, new, strict=True) if is_new]

    def _keep(self, delivery: Delivery, messages: list[Message]) -> list[str]:
        """What may be kept twice without harm; the conversation of each message."""
        if not (delivery.changes or delivery.statuses or messages):
            return []
        changed = [who for change in delivery.changes for who in (change.old, change.new)]
        with self.engine.begin() as connection:
            self.patients.hold(connection, [*changed, *(one.patient for one in messages)])
            for change in delivery.changes:
                self.patients.change(connection, change)
            conversations = []
            for one in messages:
                found = self.patients.conversation_of(connection, one.patient, one.sent_at)
                self.patients.heard(connection, found, one.sent_at)
                stop = one.kind == TEXT and self.words.is_stop(one.text)
                if stop or (one.kind == TEXT and self.words.is_start(one.text)):
                    self.patients.wish(connection, found, stop, one.sent_at)
                conversations.append(found)
            for status in sorted(delivery.statuses, key=lambda status: status.wamid):
                self.queue.status(connection, status)
        return conversations

    def _incoming(self, message: Message, conversation: str) -> Incoming:
        tapped = message.choice and self.queue.words_of(conversation, message.choice)
        text = plain_text(tapped or message.text)
        kind = message.kind if text or message.kind != TEXT else "unsupported"
        about = {"kind": kind, "wamid": message.wamid, "sent_at": message.sent_at}
        written = datetime.fromtimestamp(message.sent_at, UTC)
        return Incoming(CHANNEL, message.key, conversation, text, about, written)
