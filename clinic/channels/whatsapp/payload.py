"""Reads what Meta's servers deliver: every message, status and change of every entry. Pure.

Each part is read by itself, so that one that cannot be read never takes its neighbours with it.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

# Kinds that carry words of the patient; any other kind is answered by a fixed sentence or by none.
TEXT = "text"
KINDS = {
    *("text", "audio", "image", "video", "document", "sticker", "location", "contacts"),
    *("order", "reaction", "revoke", "unsupported"),
}
STATUSES = {"sent", "delivered", "read", "played", "failed", "deleted", "warning"}
# What the database can hold as a code.
LARGEST_CODE = 2**31 - 1
Part = TypeVar("Part")


@dataclass(frozen=True)
class Patient:
    """Who writes, to which number of the clinic; one of the two ids may be empty."""

    number: str
    user_id: str = ""
    wa_id: str = ""


@dataclass(frozen=True)
class Message:
    """One message; `choice` is the id of a tapped button or row, `text` what its words are."""

    wamid: str
    patient: Patient
    sent_at: float
    kind: str
    text: str = ""
    choice: str = ""

    @property
    def key(self) -> str:
        """What stands for the message where it is kept."""
        return key_of(self.wamid)


@dataclass(frozen=True)
class Status:
    """What became of a message of ours; `row` is what we gave Meta to know it by."""

    wamid: str
    status: str
    at: float
    code: int | None = None
    row: str = ""


@dataclass(frozen=True)
class Change:
    """A patient's telephone number or user id is another one from now on."""

    wamid: str
    old: Patient
    new: Patient
    at: float


@dataclass(frozen=True)
class Delivery:
    """All that one delivery holds for the numbers of the clinic; `unread` counts what cannot be
    read.
    """

    messages: list[Message] = field(default_factory=list)
    statuses: list[Status] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unread: int = 0


def key_of(wamid: str) -> str:
    """Meta's ids hold the telephone number, hardly hidden: only a hash of them is kept."""
    return hashlib.sha256(wamid.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def read(payload: Any, numbers: Collection[str], now: float) -> Delivery:
    """Read a delivery; what is for other numbers than the clinic's is left out."""
    messages: list[Message] = []
    statuses: list[Status] = []
    changes: list[Change] = []
    unread = 0
    for value in _values(payload):
        metadata = value.get("metadata")
        number = _text(metadata.get("phone_number_id") if isinstance(metadata, dict) else "")
        if number not in numbers:
            continue
        contacts = [one for one in _items(value, "contacts") if isinstance(one, dict)]
        for raw in _items(value, "messages"):
            if change := _try(_change, raw, number, now):
                changes.append(change)
            elif not _is_silent(raw):
                message = _try(_message, raw, number, contacts, now)
                messages += [message] if message else []
                unread += message is None
        found = [_try(_status, raw, now) for raw in _items(value, "statuses")]
        statuses += [status for status in found if status]
        unread += found.count(None)
    # Meta may change the order within a batch too; what has the same second stays as it came.
    messages.sort(key=lambda message: message.sent_at)
    return Delivery(messages, statuses, changes, unread)


def _values(payload: Any) -> Iterator[dict[str, Any]]:
    """The value of each change of each entry."""
    for entry in _items(payload, "entry"):
        for change in _items(entry, "changes"):
            if isinstance(change, dict) and change.get("field", "messages") == "messages":
                value = change.get("value")
                if isinstance(value, dict):
                    yield value


def _items(tree: Any, key: str) -> list[Any]:
    found = tree.get(key) if isinstance(tree, dict) else None
    return found if isinstance(found, list) else []


def _try(reads: Callable[..., Part | None], *arguments: Any) -> Part | None:
    try:
        return reads(*arguments)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, RecursionError):
        return None


def _is_silent(raw: Any) -> bool:
    """System messages that change nothing, and messages in groups, where the bot has no place."""
    return isinstance(raw, dict) and (raw.get("type") == "system" or "group_id" in raw)


def _message(
    raw: dict[str, Any], number: str, contacts: list[dict[str, Any]], now: float
) -> Message | None:
    patient = _patient(raw, number, contacts)
    if not (patient.user_id or patient.wa_id):
        return None
    # An edited message is what the patient now says.
    edit = raw.get("edit")
    inner = edit["message"] if isinstance(edit, dict) and "message" in edit else raw
    kind, text, choice = _words(inner)
    wamid = _text(raw.get("id")) or _id_without_id(raw)
    return Message(wamid, patient, _time(raw.get("timestamp"), now), kind, text, choice)


def _id_without_id(raw: dict[str, Any]) -> str:
    return f"none:{json.dumps(raw, sort_keys=True, default=str)}"


def _patient(raw: dict[str, Any], number: str, contacts: list[dict[str, Any]]) -> Patient:
    """The sender by the message itself; a contact adds the other id only where it is the same
    person.
    """
    wa_id, user_id = _text(raw.get("from")), _text(raw.get("from_user_id"))
    for contact in contacts:
        its_wa_id, its_user_id = _text(contact.get("wa_id")), _text(contact.get("user_id"))
        same = (
            user_id == its_user_id
            if user_id and its_user_id
            else wa_id == its_wa_id
            if wa_id and its_wa_id
            else not (wa_id or user_id) and len(contacts) == 1
        )
        if same:
            return Patient(number, user_id or its_user_id, wa_id or its_wa_id)
    return Patient(number, user_id, wa_id)


def _words(raw: dict[str, Any]) -> tuple[str, str, str]:
    """The kind of a message, its words, and the id of what was tapped."""
    kind = _text(raw.get("type"))
    body = raw.get(kind)
    if not isinstance(body, dict):
        return (kind if kind in KINDS - {TEXT} else "unsupported"), "", ""
    if kind == "text":
        words = _text(body.get("body"))
        return (TEXT if words.strip() else "unsupported"), words, ""
    if kind == "button":
        return TEXT, _text(body.get("text")) or _text(body.get("payload")), ""
    if kind == "interactive":
        return _tapped(body)
    if kind not in KINDS:
        return "unsupported", "", ""
    return kind, _text(body.get("caption")), ""


def _tapped(body: dict[str, Any]) -> tuple[str, str, str]:
    reply = body.get(_text(body.get("type")))
    if not isinstance(reply, dict) or not _text(reply.get("title")):
        return "unsupported", "", ""
    words = _text(reply.get("description")) or _text(reply.get("title"))
    return TEXT, words, _text(reply.get("id"))


def _status(raw: dict[str, Any], now: float) -> Status | None:
    wamid, status = _text(raw.get("id")), _text(raw.get("status"))
    if not wamid or status not in STATUSES:
        return None
    errors = [one for one in _items(raw, "errors") if isinstance(one, dict)]
    code = int(errors[0]["code"]) if errors and "code" in errors[0] else None
    if code is not None and not 0 <= code <= LARGEST_CODE:
        code = None
    row = _text(raw.get("biz_opaque_callback_data"))
    return Status(wamid, status, _time(raw.get("timestamp"), now), code, row)


def _change(raw: dict[str, Any], number: str, now: float) -> Change | None:
    system = raw.get("system")
    if raw.get("type") != "system" or not isinstance(system, dict):
        return None
    new_wa_id = _text(system.get("wa_id")) or _text(system.get("new_wa_id"))
    new = Patient(number, _text(system.get("user_id")), new_wa_id)
    old_wa_id = _text(raw.get("from")) or _text(system.get("customer"))
    old_user_id = _text(system.get("previous_user_id")) or _text(raw.get("from_user_id"))
    old = Patient(number, old_user_id if old_user_id != new.user_id else "", old_wa_id)
    if not (new.wa_id or new.user_id) or not (old.wa_id or old.user_id):
        return None
    wamid = _text(raw.get("id")) or _id_without_id(raw)
    return Change(wamid, old, new, _time(raw.get("timestamp"), now))


def _time(value: Any, now: float) -> float:
    """Seconds since 1970; nobody writes in the future."""
    try:
        return max(0.0, min(float(int(value)), now))
    except (TypeError, ValueError, OverflowError):
        return now


def _text(value: Any) -> str:
    """A text that can be kept: lone surrogates become question marks, PostgreSQL takes no NUL."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).encode("utf-8", "replace").decode().replace("\0", "")
