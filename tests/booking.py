"""What the tests of booking share: a patient who types, a store on either database."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from actions.deeds import carried_out
from clinic.booking.outbox import Outbox
from clinic.booking.request import Consent, Request
from clinic.booking.store import RequestStore
from clinic.cipher import DEVELOPMENT_KEY, Cipher
from clinic.conversation import respond
from clinic.desk import Desk
from clinic.memory import UNSURE, Memory, Question
from clinic.message import Message
from clinic.settings import Settings

CIPHER = Cipher([DEVELOPMENT_KEY])
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NUMBER, ADDRESS = "07400 123456", "priya@example.com"


class Clock:
    """A time that a test sets."""

    def __init__(self):
        self.at = NOON

    def __call__(self):
        return self.at

    def go(self, **ahead):
        self.at += timedelta(**ahead)


class Patient:
    """One patient in one conversation, with a real store behind the bot. What they type is given
    with its topic, as clinic.nlu would name it.
    """

    def __init__(self, content, engine, **about):
        settings = Settings.from_environment({})
        self.desk = Desk(settings, content, engine, CIPHER)
        self.content, self.memory, self.now = content, Memory(), datetime.now(UTC)
        self.about = {"conversation": uuid.uuid4().hex, "channel": "rest", **about}

    def types(self, typed, *topics):
        """Say one thing; returns the reply."""
        parts = [typed] if len(topics) < 2 else typed.split("|")
        asked = zip(parts, topics or (UNSURE,), strict=True)
        questions = [Question(part.strip(), topic) for part, topic in asked]
        typed = typed.replace("|", " ")
        message = Message(typed, now=self.now, key=uuid.uuid4().hex, **self.about)
        turn = respond(questions, self.memory, self.content, message)
        turn = carried_out(turn, message, self.desk)
        self.memory = turn.memory
        self.reads(turn.reply)
        return turn.reply

    def reads(self, reply):
        """Whatever was typed: nothing stands below a check page, and what is told as saved is."""
        if reply.show and reply.show["kind"] == "check":
            assert reply.text.endswith(self.content.booking.questions["check"])
        if self.content.privacy.reference in reply.text:
            # That of a wish about data.
            return
        if reply.show and reply.show["kind"] == "reference":
            assert self.desk.requests.find(reply.show["reference"])
        elif "is saved" in reply.text:
            raise AssertionError(f"no reference stands in: {reply.text}")

    def books(self, *rest):
        """As far as the check page; `rest` is typed after that."""
        self.types("I would like an appointment", "booking")
        for typed in ("A consultation", "yes", "Priya Shah", "By telephone", NUMBER, "Fridays"):
            self.types(typed)
        return [self.types(typed) for typed in rest]

    @property
    def draft(self):
        return self.memory.draft

    def waits(self, **ahead):
        self.now += timedelta(**ahead)

    def kept(self):
        return self.desk.requests.all()


def emptied(engine):
    """The same database without a request."""
    with engine.begin() as connection:
        for table in ("notes", "requests"):
            connection.execute(text(f"DELETE FROM {table}"))
    return engine


def stores(engine, clock):
    return RequestStore(engine, CIPHER, clock), Outbox(engine, CIPHER, clock)


def a_request(**changes):
    consent = Consent("2026-11", "You agree.", NOON)
    one = Request("consultation", NUMBER, "telephone", "+447400123456", consent, "Priya")
    return replace(one, **{"adult": True, "times": "Fridays", "conversation": "web-1", **changes})
