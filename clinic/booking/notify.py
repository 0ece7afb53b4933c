"""Carries a note to the team: a signed webhook (Standard Webhooks 1.0.0), or an e-mail."""

import asyncio
import ipaddress
import json
import re
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Any
from urllib.parse import unquote, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from icalendar import Calendar, Component, Event
from standardwebhooks.webhooks import Webhook as Signer

from clinic.booking.outbox import Note
from clinic.clock import utc_now
from clinic.errors import DeliveryError

# Seconds that an attempt may take.
TIMEOUT = 15
# Bytes that a webhook's body may have.
LARGEST = 20_000
SCHEMA = "https://standardwebhooks.com/clinic-bot/request/1"
VISIT = timedelta(minutes=30)


class GuardedResolver(AbstractResolver):
    """Resolves a name to addresses of the open network only, at the moment of connecting: a name
    cannot be pointed at an inner machine between a check and the call.
    """

    def __init__(self) -> None:
        self.inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self.inner.resolve(host, port, family)
        for one in found:
            refuse_private(one["host"])
        return found

    async def close(self) -> None:
        await self.inner.close()


def refuse_private(host: str) -> None:
    """Raises DeliveryError for an address that is not of the open network."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return
    if not address.is_global or address.is_multicast:
        raise DeliveryError("the webhook's address is a private one")


@dataclass(frozen=True)
class Webhook:
    """The team's own system: https only, no redirects, 15 s, 2xx is done, 410 is off for good."""

    address: str
    secret: str
    private: bool = False

    way = "webhook"

    def send(self, note: Note) -> None:
        """Raises DeliveryError when the note was not taken."""
        try:
            status = asyncio.run(self._post(note))
        except DeliveryError:
            raise
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise DeliveryError(type(error).__name__) from None
        if status == 410:
            raise DeliveryError("410: the webhook is gone", gone=True)
        if not 200 <= status < 300:
            raise DeliveryError(f"status {status}")

    async def _post(self, note: Note) -> int:
        at = utc_now()
        body = payload(note, at)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": note.first,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Signer(self.secret).sign(note.first, at, body),
        }
        if not self.private:
            refuse_private(urlsplit(self.address).hostname or "")
        resolver = ThreadedResolver() if self.private else GuardedResolver()
        secure = ssl.create_default_context()
        connector = aiohttp.TCPConnector(resolver=resolver, ssl=secure, force_close=True)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout) as session,
            session.post(
                self.address, data=body.encode(), headers=headers, allow_redirects=False
            ) as response,
        ):
            return response.status


def payload(note: Note, at: datetime) -> str:
    """The body of a webhook; the longest parts are cut when it would be too large."""
    data = {"reference": note.reference, "created_at": note.created_at.isoformat(), **note.about}
    whole = {"type": note.kind, "timestamp": at.isoformat(), "schema": SCHEMA, "data": data}
    body = json.dumps(whole, ensure_ascii=False)
    if len(body.encode()) <= LARGEST:
        return body
    short = {k: v[:500] if isinstance(v, str) else v for k, v in data.items() if k != "changes"}
    return json.dumps({**whole, "data": {**short, "cut": True}}, ensure_ascii=False)


@dataclass(frozen=True)
class Mail:
    """E-mail to the desk. `server` is smtp://name:password@host:587 (with STARTTLS) or smtps://."""

    server: str
    to: str
    sender: str

    way = "email"

    def send(self, note: Note) -> None:
        """Raises DeliveryError when the server did not take it."""
        try:
            self._send(message(note, self.sender, self.to))
        except smtplib.SMTPResponseException as error:
            raise DeliveryError(f"the mail server says {error.smtp_code}") from None
        except smtplib.SMTPRecipientsRefused as error:
            codes = sorted({code for code, _ in error.recipients.values()})
            raise DeliveryError(f"the mail server refuses the address: {codes}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(type(error).__name__) from None

    def _send(self, mail: EmailMessage) -> None:
        server = urlsplit(self.server)
        host, secure = server.hostname or "", ssl.create_default_context()
        if server.scheme == "smtps":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                host, server.port or 465, timeout=TIMEOUT, context=secure
            )
        else:
            client = smtplib.SMTP(host, server.port or 587, timeout=TIMEOUT)
        with client:
            # Without a certificate only on this machine: a relay beside the bot.
            if server.scheme == "smtp" and not _is_this_machine(host):
                client.starttls(context=secure)
            if server.username:
                client.login(unquote(server.username), unquote(server.password or ""))
            client.send_message(mail)


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def message(note: Note, sender: str, to: str) -> EmailMessage:
    """The e-mail about a note: the subject is the reference alone, and no header holds a word of
    the patient.
    """
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["Subject"] = note.reference
    mail["From"], mail["To"] = sender, to
    mail["Date"] = note.created_at
    # The same at each try, so that a mail program shows one.
    mail["Message-ID"] = f"<{note.first}@{sender.rpartition('@')[2].strip('>')}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(as_text(note))
    if entry := calendar_entry(note):
        mail.add_attachment(
            entry, maintype="text", subtype="calendar", filename=f"{note.reference}.ics"
        )
    return mail


TITLES = {
    "request.created": "New request",
    "request.changed": "The patient changes a request",
    "request.cancelled": "The patient cancels a request",
    "request.confirmed": "Confirmed time",
    "request.forgotten": "The patient asked for deletion: please delete all that you hold of",
    "whatsapp.undelivered": "A reply on WhatsApp did not reach the patient",
}
LINES = {
    "kind": "Wish",
    "name": "Name",
    "contact": "Contact",
    "stored": "Contact, as stored",
    "times": "Days and times",
    "wish": "In their words",
    "adult": "18 or over",
    "channel": "Came by",
    "topic": "Last topic",
    "confirmed_for": "Confirmed for",
    "why": "Why",
    "asked_under": "The patient quotes",
}


def as_text(note: Note) -> str:
    """What the desk reads; no transcript."""
    about = note.about
    lines = [f"{TITLES.get(note.kind, note.kind)} {note.reference}", ""]
    lines.append(f"Asked on: {note.created_at:%d %B %Y, %H:%M} UTC")
    for field, title in LINES.items():
        value = about.get(field)
        if value not in (None, ""):
            shown = ("yes" if value else "no") if field == "adult" else value
            lines.append(f"{title}: {one_line(str(shown))}")
    lines += _listed("Questions the bot could not answer", about.get("questions", []))
    lines += _listed("Changes", [change["wish"] for change in about.get("changes", [])])
    if consent := about.get("consent"):
        lines += ["", f"Consent {consent.get('version')} given {consent.get('at')}"]
    return "\n".join(lines)


def _listed(title: str, items: Sequence[str]) -> list[str]:
    return [f"{title}:", *(f"- {one_line(item)}" for item in items)] if items else []


def one_line(text: str) -> str:
    """A value on one line, so that nothing a patient types looks like a line of ours."""
    return re.sub(r"\s+", " ", text).strip()


def calendar_entry(note: Note) -> bytes | None:
    """The calendar entry of a confirmed time, without the patient's name; None where none is."""
    if note.kind != "request.confirmed" or not (at := note.about.get("confirmed_for")):
        return None
    starts = datetime.fromisoformat(at)
    event: Component = Event()  # type: ignore[no-untyped-call]
    values: dict[str, Any] = {
        "uid": f"{note.reference}@clinic-bot",
        "summary": f"{note.reference}: {note.about.get('kind', '')}".replace("_", " "),
        "dtstamp": note.created_at,
        "dtstart": starts,
        "dtend": starts + VISIT,
    }
    for name, value in values.items():
        event.add(name, value)
    calendar: Component = Calendar()  # type: ignore[no-untyped-call]
    calendar.add("prodid", "-//Clinic bot//requests//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
