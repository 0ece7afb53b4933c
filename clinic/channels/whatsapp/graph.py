"""Speaks to Meta's Graph API, and says what an answer or an error of it means for us."""

import json
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp

from clinic.channels.whatsapp.payload import Patient
from clinic.whatsapp_settings import WhatsAppSettings

# Seconds that Meta's server may take, and that reaching it may.
LIMIT, CONNECT = 20, 5
# Errors after which the same message may be tried again, with longer and longer waits.
AGAIN = {130429, 131056, 80007, 4, 131000, 131016, 131057}
# Those of them that concern all messages of a number, not this patient's.
OF_THE_NUMBER = {130429, 80007, 4, 131057}
# One patient had too many messages in too short a time.
PAIR = 131056
# More than 24 hours since the patient wrote: a template, or staff.
CLOSED = 131047
# The access token expired or was withdrawn.
TOKEN = 190
LONGEST_WAIT = 900.0

Kind = Literal["sent", "again", "doubt", "closed", "token", "never"]


@dataclass(frozen=True)
class Outcome:
    """What became of one try: `doubt` where Meta may have taken the message although we did not
    hear so.
    """

    kind: Kind
    wamid: str = ""
    code: int | None = None


class Graph:
    """The client of the Graph API; it holds the access tokens, and no log line ever does."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        self.settings = settings
        self.tokens = list(settings.tokens)
        self.session: aiohttp.ClientSession | None = None

    async def send(
        self, number: str, patient: Patient, body: dict[str, Any], row: str = ""
    ) -> Outcome:
        """Send a message from a number of the clinic; `row` comes back in its statuses."""
        to = {"to": patient.wa_id} if patient.wa_id else {"recipient": patient.user_id}
        whole = {"messaging_product": "whatsapp", "recipient_type": "individual", **to, **body}
        return await self._post(number, {**whole, "biz_opaque_callback_data": row})

    async def mark_read(self, number: str, wamid: str) -> Outcome:
        """Show the patient that the message was read and an answer is on its way."""
        mark = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        return await self._post(number, {**mark, "typing_indicator": {"type": "text"}})

    async def close(self) -> None:
        """End the connections."""
        if self.session:
            await self.session.close()
        self.session = None

    async def _post(self, number: str, body: dict[str, Any]) -> Outcome:
        """Try the tokens in turn: one that expired goes to the end of the line."""
        outcome = Outcome("token", code=TOKEN)
        for token in tuple(self.tokens):
            outcome = await self._post_with(token, number, body)
            if outcome.kind != "token":
                break
            self.tokens.sort(key=token.__eq__)
        return outcome

    async def _post_with(self, token: str, number: str, body: dict[str, Any]) -> Outcome:
        address = f"{self.settings.graph}/{self.settings.version}/{number}/messages"
        try:
            async with self._opened().post(
                address,
                json=body,
                headers={"Authorization": f"Bearer {token}"},
                allow_redirects=False,
            ) as response:
                return outcome_of(response.status, await response.text())
        except aiohttp.ClientConnectorError:
            # The connection never stood, so nothing was sent.
            return Outcome("again")
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return Outcome("doubt")

    def _opened(self) -> aiohttp.ClientSession:
        if self.session is None:
            limit = aiohttp.ClientTimeout(total=LIMIT, connect=CONNECT)
            self.session = aiohttp.ClientSession(timeout=limit)
        return self.session


def outcome_of(status: int, text: str) -> Outcome:
    """Read an answer of the Graph API."""
    try:
        answer = json.loads(text)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        answer = {}
    if status < 300:
        messages = answer.get("messages")
        wamid = messages[0].get("id", "") if isinstance(messages, list) and messages else ""
        return Outcome("sent", str(wamid))
    error = answer.get("error")
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return Outcome("again", code=status)
    return of_code(error["code"], transient=status >= 500 or error.get("is_transient") is True)


def of_code(code: int, *, transient: bool = False) -> Outcome:
    """What an error of Meta's means, in an answer or in a status."""
    kind: Kind = "never"
    if code == CLOSED:
        kind = "closed"
    elif code == TOKEN:
        kind = "token"
    elif code in AGAIN or transient:
        kind = "again"
    return Outcome(kind, code=code)


def wait_before(tries: int, code: int | None) -> float:
    """Seconds before the next try."""
    first, factor = (6.0, 2) if code == PAIR else (1.0, 2)
    return float(min(first * factor ** min(tries - 1, 12), LONGEST_WAIT))
