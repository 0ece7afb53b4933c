"""The parts that the window's channel works with, put together once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import phonenumbers
from sqlalchemy.engine import Connection

from clinic.channels.inbox import Inbox, Incoming, Replies
from clinic.channels.turns import Handle, Turns
from clinic.channels.website import limits as limits_module
from clinic.channels.website.limits import Limit
from clinic.channels.website.lines import Lines
from clinic.channels.website.sessions import Sessions, Signer
from clinic.channels.website.streams import Bells, Seen
from clinic.channels.website.visits import LONGEST
from clinic.clock import utc_now
from clinic.desk import Desk
from clinic.privacy.orders import Orders

CHANNEL = "website"


@dataclass
class Limits:
    """The limits of one process."""

    session: Limit = field(default_factory=lambda: Limit(limits_module.MESSAGES_OF_A_SESSION))
    messages: Limit = field(default_factory=lambda: Limit(limits_module.MESSAGES_OF_AN_ADDRESS))
    sessions: Limit = field(default_factory=lambda: Limit(limits_module.SESSIONS_OF_AN_ADDRESS))
    requests: Limit = field(default_factory=lambda: Limit(limits_module.REQUESTS_OF_AN_ADDRESS))


class Window:
    """Everything behind the doors of /chat."""

    def __init__(self, desk: Desk, handle: Handle, now: Callable[[], datetime] = utc_now) -> None:
        self.desk, self.now = desk, now
        self.signer = Signer(desk.settings.keys)
        self.sessions = Sessions(desk.database, now)
        self.lines = Lines(desk.database, desk.cipher, now)
        self.inbox = Inbox(desk.database, desk.cipher, now)
        self.orders = Orders(desk.database, desk.cipher, now)
        self.bells, self.limits = Bells(), Limits()
        self.apology = desk.content.fill(desk.content.conversation.apology)
        self.turns = Turns(
            self.inbox, CHANNEL, handle, self._on_done, apology=self.apology, keep=self._keep
        )

    def say(self, name: str) -> str:
        """A sentence of content/window.yml."""
        return self.desk.content.fill(getattr(self.desk.content.window, name))

    @cached_property
    def config(self) -> dict[str, object]:
        """What the window shows before there is a session."""
        content = self.desk.content
        clinic = content.clinic
        number = phonenumbers.parse(clinic.telephone, "GB")
        e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return {
            "name": clinic.name,
            "telephone": clinic.telephone,
            "telephone_link": f"tel:{e164}",
            "email": clinic.email,
            "privacy_page": clinic.privacy_page,
            "reply_time": clinic.reply_time,
            "languages": ["en"],
            "greeting": content.fill(content.conversation.service["greeting"]),
            "starters": [content.ask(topic) for topic in content.conversation.first_topics],
            "max_characters": LONGEST,
        }

    def take_in(self, conversation: str, message: str, text: str) -> bool:
        """Store a message with its line; False when it was there already."""

        def also(connection: Connection) -> None:
            if not self.lines.holds(connection, conversation, message):
                self.lines.add(connection, conversation, "patient", message, [{"text": text}])

        incoming = Incoming(CHANNEL, f"{conversation}:{message}", conversation, text, {})
        return self.inbox.take_in([incoming], also)[0]

    def replies(self, conversation: str, message: str) -> list[dict[str, object]] | None:
        """The lines that answer a message; None while its turn goes on."""
        if self.inbox.replies(CHANNEL, f"{conversation}:{message}") is None:
            return None
        found = self.lines.of_message(conversation, message)
        return self.marked([line for line in found if line["role"] != "patient"])

    def look(self, conversation: str, n: int) -> Seen:
        """What has come for a conversation since line n."""
        ended = self.sessions.ended(conversation)
        found = [] if ended else self.marked(self.lines.after(conversation, n))
        return Seen(ended, found, self.inbox.is_working(conversation))

    def marked(self, found: list[dict[str, object]]) -> list[dict[str, object]]:
        """Lines, with those that only apologise marked."""
        return [{**line, "apology": line["text"] == self.apology} for line in found]

    def forget(self, conversation: str) -> str:
        """Delete all that is kept of a conversation; returns the reference of the order."""
        return self.orders.forget_at_once(conversation)

    def _keep(self, connection: Connection, incoming: Incoming, replies: Replies) -> None:
        message = incoming.message_id.rpartition(":")[2]
        self.lines.add(connection, incoming.conversation, "bot", message, replies)

    async def _on_done(self, incoming: Incoming, replies: Replies) -> None:
        self.bells.ring(incoming.conversation)
