"""What Meta's servers deliver to a webhook, in the published shapes; and their signature. Pure."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any


def new_wamid(wa_id: str) -> str:
    """An id as Meta makes them: it holds the telephone number, as theirs does."""
    inside = (
        b"\x1d\x04\x0b" + wa_id.encode() + b"\x15\x02\x00\x12\x18\x20" + secrets.token_bytes(16)
    )
    return "wamid." + base64.b64encode(inside).decode()


@dataclass(frozen=True)
class Phone:
    """A patient's phone. `wa_id` is hidden where the patient has a username."""

    wa_id: str = "447400123456"
    user_id: str = "GB.1000000000000001"
    name: str = "Priya"
    hides_number: bool = False
    # Payloads of before 2026 had no user ids.
    has_user_id: bool = True

    @property
    def contact(self) -> dict[str, Any]:
        contact: dict[str, Any] = {"profile": {"name": self.name}}
        if not self.hides_number:
            contact["wa_id"] = self.wa_id
        if self.has_user_id:
            contact["user_id"] = self.user_id
        return contact

    def writes(self, kind: str, inside: Any, *, at: float | None = None) -> dict[str, Any]:
        """One element of `messages`."""
        message: dict[str, Any] = {
            "id": new_wamid(self.wa_id),
            "timestamp": str(int(time.time() if at is None else at)),
            "type": kind,
            kind: inside,
        }
        if not self.hides_number:
            message["from"] = self.wa_id
        if self.has_user_id:
            message["from_user_id"] = self.user_id
        return message

    def text(self, words: str, *, at: float | None = None) -> dict[str, Any]:
        return self.writes("text", {"body": words}, at=at)

    def taps(self, choice: dict[str, Any], of: str = "wamid.unknown") -> dict[str, Any]:
        """Taps a reply button or a row, as it stood in a message of the clinic."""
        kind = "list_reply" if "description" in choice or choice.get("row") else "button_reply"
        inside = {key: choice[key] for key in ("id", "title", "description") if key in choice}
        message = self.writes("interactive", {"type": kind, kind: inside})
        return {**message, "context": {"from": Number().display, "id": of}}


@dataclass(frozen=True)
class Number:
    """A number of the clinic."""

    id: str = "106540352242922"
    display: str = "442079460123"

    @property
    def metadata(self) -> dict[str, str]:
        return {"display_phone_number": self.display, "phone_number_id": self.id}


@dataclass
class Batch:
    """A delivery that is being put together: each `add` is one element of `changes`."""

    number: Number = field(default_factory=Number)
    changes: list[dict[str, Any]] = field(default_factory=list)

    def add(self, **inside: Any) -> "Batch":
        value = {"messaging_product": "whatsapp", "metadata": self.number.metadata, **inside}
        self.changes.append({"field": "messages", "value": value})
        return self

    def message(self, phone: Phone, message: dict[str, Any]) -> "Batch":
        # System messages come without contacts.
        contacts = {} if message.get("type") == "system" else {"contacts": [phone.contact]}
        return self.add(**contacts, messages=[message])

    def payload(self) -> dict[str, Any]:
        """One entry for each change, as Meta mostly does, but for the last two, which share one."""
        cut = max(1, len(self.changes) - 1)
        groups = [[one] for one in self.changes[: cut - 1]] + [self.changes[cut - 1 :]]
        entries = [{"id": "102290129340398", "changes": group} for group in groups if group]
        return {"object": "whatsapp_business_account", "entry": entries}

    def body(self) -> bytes:
        return json.dumps(self.payload()).encode()


def status(
    wamid: str, phone: Phone, what: str, row: str | None = None, code: int | None = None
) -> dict[str, Any]:
    """One element of `statuses`."""
    found: dict[str, Any] = {
        "id": wamid,
        "status": what,
        "timestamp": str(int(time.time())),
        "recipient_id": phone.wa_id,
        "recipient_user_id": phone.user_id,
    }
    if row:
        found["biz_opaque_callback_data"] = row
    if code is None:
        pricing = {"billable": True, "pricing_model": "PMP", "category": "service"}
        return {**found, "pricing": pricing}
    title = f"Error {code}"
    return {**found, "errors": [{"code": code, "title": title, "message": title}]}


def changed_number(old: Phone, new: Phone, *, at: float | None = None) -> dict[str, Any]:
    """A system message: the patient's number, and so the user id, is another one."""
    inside = {
        "body": f"User {old.name} changed from {old.wa_id} to {new.wa_id}",
        "wa_id": new.wa_id,
        "type": "user_changed_number",
    }
    if old.has_user_id:
        inside |= {"user_id": new.user_id, "previous_user_id": old.user_id}
    message = old.writes("system", inside, at=at)
    message.pop("from_user_id", None)
    return message


def sign(body: bytes, secret: str) -> str:
    """The value of X-Hub-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
