"""What Meta's Graph API refuses: each published limit of a message, with its error. Pure."""

from typing import Any

# code -> (HTTP status, message) as Meta publishes them.
ERRORS = {
    4: (400, "(#4) Application request limit reached"),
    100: (400, "(#100) Invalid parameter"),
    190: (401, "Error validating access token: Session has expired"),
    368: (403, "Temporarily blocked for policies violations"),
    80007: (400, "(#80007) Rate limit issues"),
    130429: (429, "(#130429) Rate limit hit"),
    131000: (500, "(#131000) Something went wrong"),
    131008: (400, "(#131008) Required parameter is missing"),
    131009: (400, "(#131009) Parameter value is not valid"),
    131016: (503, "(#131016) Service unavailable"),
    131026: (400, "(#131026) Message undeliverable"),
    131031: (403, "(#131031) Account has been locked"),
    131047: (400, "(#131047) Re-engagement message"),
    131050: (400, "(#131050) User has stopped marketing messages"),
    131051: (400, "(#131051) Unsupported message type"),
    131056: (400, "(#131056) (Business Account, Consumer Account) pair rate limit hit"),
    131057: (400, "(#131057) Account in maintenance mode"),
    132001: (404, "(#132001) Template does not exist"),
}
TEXT, BODY = 4096, 1024


def error(code: int, details: str = "") -> tuple[int, dict[str, Any]]:
    """Status and body of an error answer, in Meta's shape."""
    status, message = ERRORS.get(code, (400, f"(#{code}) Error"))
    return status, {
        "error": {
            "message": message,
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": details or message},
            "fbtrace_id": "Az8or2yhqkZfEZ",
        }
    }


def wrong_with(message: dict[str, Any]) -> tuple[int, str] | None:
    """The code and the reason for which a message is refused; None when it is in order."""
    if message.get("messaging_product") != "whatsapp":
        return 100, "messaging_product must be whatsapp"
    if not (message.get("to") or message.get("recipient")):
        return 131008, "to or recipient is required"
    kind = message.get("type", "text")
    if kind == "text":
        return _text(message.get("text") or {}, "body", TEXT)
    if kind == "template":
        template = message.get("template") or {}
        named = template.get("name") and (template.get("language") or {}).get("code")
        return None if named else (131008, "template needs name and language")
    if kind == "interactive":
        return _interactive(message.get("interactive") or {})
    return 131051, f"type {kind} is not supported"


def _text(holder: dict[str, Any], key: str, limit: int) -> tuple[int, str] | None:
    value = holder.get(key)
    if not isinstance(value, str) or not value.strip():
        return 131008, f"{key} is required"
    return (131009, f"{key} has more than {limit} characters") if len(value) > limit else None


def _interactive(interactive: dict[str, Any]) -> tuple[int, str] | None:
    if wrong := _text(interactive.get("body") or {}, "text", BODY):
        return wrong
    action = interactive.get("action") or {}
    if interactive.get("type") == "button":
        return _buttons([one.get("reply", {}) for one in action.get("buttons", [])])
    if interactive.get("type") == "list":
        return _list(action)
    return 131009, "interactive.type is not valid"


def _buttons(replies: list[dict[str, Any]]) -> tuple[int, str] | None:
    if not 1 <= len(replies) <= 3:
        return 131009, "buttons: 1 to 3"
    return _choices(replies, title=20, id_limit=256)


def _list(action: dict[str, Any]) -> tuple[int, str] | None:
    if wrong := _text(action, "button", 20):
        return wrong
    sections = action.get("sections", [])
    rows = [row for section in sections for row in section.get("rows", [])]
    if not 1 <= len(sections) <= 10 or not 1 <= len(rows) <= 10:
        return 131009, "list: 1 to 10 sections, 1 to 10 rows in all"
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        return 131009, "sections need titles"
    if any(len(row.get("description", "")) > 72 for row in rows):
        return 131009, "description has more than 72 characters"
    return _choices(rows, title=24, id_limit=200)


def _choices(choices: list[dict[str, Any]], *, title: int, id_limit: int) -> tuple[int, str] | None:
    for choice in choices:
        if wrong := _text(choice, "title", title) or _text(choice, "id", id_limit):
            return wrong
    for key in ("title", "id"):
        if len({choice[key] for choice in choices}) < len(choices):
            return 131009, f"{key} must be unique"
    return None
