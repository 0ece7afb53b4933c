"""What one message leads to: silence, a fixed sentence, or a turn of Rasa's; and its replies into
the send queue.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from rasa.core.channels.channel import UserMessage
from sqlalchemy.engine import Connection

from clinic import introduction
from clinic.channels.inbox import Incoming, Replies
from clinic.channels.whatsapp.graph import Graph
from clinic.channels.whatsapp.patients import Known, Patients
from clinic.channels.whatsapp.payload import TEXT
from clinic.channels.whatsapp.queue import Queue, new_key
from clinic.channels.whatsapp.shapes import Labels, shape
from clinic.content import Content
from clinic.content_whatsapp import bare
from clinic.privacy.wishes import FORGET, TELL, wish

log = logging.getLogger(__name__)

# Seconds in which a patient who wrote STOP is told once that it holds.
REMIND = 3600.0
# What a patient who wrote STOP still gets, and what stands without the words for a first reply.
IN_SPITE_OF_STOP = ALONE = ("urgent", "stop", "paused", "data")
# Rightly no word: the inbox would take an empty turn for a broken one.
SILENCE: dict[str, Any] = {"text": "-", "show": {"kind": "silence"}}


class Turn:
    """Stands between the inbox and Rasa."""

    def __init__(
        self,
        patients: Patients,
        queue: Queue,
        graph: Graph,
        content: Content,
        rasa: Callable[[UserMessage], Awaitable[Any]],
        read: Callable[[str], Awaitable[Mapping[str, Any]]],
    ) -> None:
        """`rasa` answers a message; `read` tells what Rasa understands by a text, and no more."""
        self.patients, self.queue, self.graph, self.rasa = patients, queue, graph, rasa
        self.read = read
        self.content, self.words, self.now = content, content.whatsapp, queue.now
        titles = {content.ask(topic): title for topic, title in self.words.titles.items()}
        self.labels = Labels(titles, self.words.choose)
        self.marks: set[asyncio.Task[Any]] = set()

    async def handle(self, message: UserMessage) -> None:
        """Answer a message of the inbox, as Rasa would be asked to."""
        about = dict(message.metadata or {})
        # Meta's id holds the telephone number: Rasa need not keep it.
        message.metadata = {}
        known = await asyncio.to_thread(self.patients.get, message.sender_id)
        if not known:
            await _say(message, SILENCE)
            return
        fixed = self._fixed(message.text or "", about, known)
        if not fixed:
            self._mark_read(known, str(about.get("wamid") or ""))
            await self._ask(message, str(about.get("kind")))
            return
        collected = message.output_channel
        if _kind(fixed) == "stop":
            collected.replies = [await self._stopped(message, fixed)]
            return
        if known.stopped and await self._ask_about_data(message):
            return
        if known.stopped and await self._is_urgent(message.text or ""):
            if await self._ask_for_card(message):
                return
            fixed = self._spoken(self.words.paused, "paused")
        if _kind(fixed) == "paused":
            await asyncio.to_thread(self.patients.keep, known.conversation, told_at=self.now())
        collected.replies = [fixed]

    def keep(self, connection: Connection, incoming: Incoming, replies: Replies) -> None:
        """Put the replies of a turn into the send queue, in the transaction that ends it."""
        said = [reply for reply in replies if _kind(reply) != "silence"]
        known = self.patients.known(connection, incoming.conversation)
        if not said or not known:
            return
        if not known.greeted and not any(_kind(reply) in ALONE for reply in said):
            words = introduction.before("\n\n".join(str(one["text"]) for one in said), self.content)
            if words:
                said.insert(0, {"text": f"{words} {self.words.how_to_stop}"})
            self.patients.write(connection, known.conversation, greeted=True)
        key = new_key()
        kind = "stop" if any(_kind(reply) in IN_SPITE_OF_STOP for reply in said) else "reply"
        messages = shape(said, self.labels, key)
        source = incoming.message_id
        self.queue.add(connection, incoming.conversation, source, messages, key=key, kind=kind)

    def _fixed(self, text: str, about: dict[str, Any], known: Known) -> dict[str, Any] | None:
        """What is said without Rasa; None where Rasa is asked."""
        kind, sent_at = str(about.get("kind")), float(about.get("sent_at") or 0)
        is_text = kind == TEXT
        if is_text and self.words.is_stop(text):
            return self._spoken(self.words.stopped, "stop")
        if known.stopped:
            reminded = self.now() - known.told_at < REMIND
            if sent_at < known.wished_at or reminded:
                return SILENCE
            return self._spoken(self.words.paused, "paused")
        if is_text and self.words.is_start(text) and known.wished_at:
            return self._spoken(self.words.started, "start")
        if not is_text and not text:
            return self._spoken(self._cannot_read(kind), "fixed")
        return None

    def _spoken(self, text: str, kind: str) -> dict[str, Any]:
        return {"text": self.content.fill(text), "show": {"kind": kind}}

    def _cannot_read(self, kind: str) -> str:
        said = self.words.cannot_read
        return str(said[kind if kind in said else "unsupported"])  # type: ignore[index]

    async def _ask(self, message: UserMessage, kind: str) -> None:
        """A turn of Rasa's; that a picture is not looked at stands before the answer to its
        caption.
        """
        replies = await self._turn(message)
        if kind != TEXT and not any(_kind(reply) == "urgent" for reply in replies):
            replies.insert(0, {"text": self.content.fill(self._cannot_read(kind))})

    async def _turn(self, message: UserMessage) -> list[dict[str, Any]]:
        """A turn of Rasa's; what it says is collected in the message's channel, and returned."""
        # Rasa's cures put another channel into the message for the time of the turn.
        collected = message.output_channel
        await self.rasa(message)
        message.output_channel = collected
        said: list[dict[str, Any]] = collected.replies
        return said

    async def _stopped(self, message: UserMessage, fixed: dict[str, Any]) -> dict[str, Any]:
        """The last words, with the reference of the wish. Rasa hears of it too: it notes the wish
        and gives up an open form. That nothing more is sent does not hang on it.
        """
        replies: list[dict[str, Any]] = []
        try:
            replies = await self._turn(message)
        except Exception as error:
            log.error("STOP was not noted: %s", type(error).__name__)
        shown = [reply["show"] for reply in replies if _kind(reply) == "reference"]
        lines = [f"{self.content.privacy.reference} {one['reference']}" for one in shown]
        return {**fixed, "text": "\n\n".join([fixed["text"], *lines])}

    async def _ask_about_data(self, message: UserMessage) -> bool:
        """A turn of Rasa's for a patient who hears nothing, but wants their data told or deleted,
        or answers to the question whether they do; False when nothing is said about data.
        """
        text, words = message.text or "", self.content.privacy
        answers = (bare(words.buttons.yes), bare(words.buttons.no))
        if wish(text, [], self.content) not in (FORGET, TELL) and bare(text) not in answers:
            return False
        replies = await self._turn(message)
        ours = (words.ask_forget, words.forgotten, words.kept, words.held)
        begins = tuple(map(self.content.fill, ours))
        said = [one for one in replies if one["text"].startswith(begins)]
        message.output_channel.replies = [{**one, "show": {"kind": "data"}} for one in said]
        return bool(said)

    async def _is_urgent(self, text: str) -> bool:
        """Whether a text may be urgent. It is only read: a turn would carry out what a patient who
        hears nothing says.
        """
        if not text:
            return False
        try:
            topic = (await self.read(text))["intent"]["name"]
        except Exception as error:
            log.error("a message after STOP could not be read: %s", type(error).__name__)
            return True
        return topic in self.content.topics and self.content.topics[topic].kind == "urgent"

    async def _ask_for_card(self, message: UserMessage) -> bool:
        """A turn of Rasa's of which nothing but an urgent card is said; False without one."""
        cards = [reply for reply in await self._turn(message) if _kind(reply) == "urgent"]
        message.output_channel.replies = cards
        return bool(cards)

    def _mark_read(self, known: Known, wamid: str) -> None:
        """The two ticks and the typing sign; the answer does not wait for them."""
        if wamid.startswith("none:") or not wamid:
            return
        mark = asyncio.create_task(self.graph.mark_read(known.patient.number, wamid))
        self.marks.add(mark)
        mark.add_done_callback(self.marks.discard)


def _kind(reply: dict[str, Any]) -> str:
    return str((reply.get("show") or {}).get("kind", ""))


async def _say(message: UserMessage, reply: dict[str, Any]) -> None:
    await message.output_channel.send_response(message.sender_id, reply)
