"""The replies of a turn in the shapes of WhatsApp: one message wherever it fits. Pure.

Text with up to 3 reply buttons, else a list of up to 10 rows, else text with numbered choices. What
is too long is cut at the end of a paragraph, a sentence or a word.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Meta's limits, in characters or pieces.
TEXT, BODY = 4096, 1024
BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72
CUTS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?:])\s+"), re.compile(r"\s"))


@dataclass(frozen=True)
class Shaped:
    """A message as Meta's API takes it, without its recipient; `words` are what each choice says,
    by the end of its id.
    """

    body: dict[str, Any]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Labels:
    """Short titles for the words of choices, and what opens a list."""

    titles: Mapping[str, str]
    choose: str


@dataclass(frozen=True)
class Choice:
    """What can be chosen: the words that are sent, and a title for them."""

    words: str
    title: str


def shape(replies: Sequence[Mapping[str, Any]], labels: Labels, key: str) -> list[Shaped]:
    """The messages for all replies of one turn: one, unless the text is too long for it. `key`
    begins the ids of the choices.
    """
    text = "\n\n".join(words for reply in replies if (words := _body(reply)))
    choices = _choices(replies, labels)
    if not text:
        return []
    if choices and len(text) <= BODY:
        if len(choices) <= BUTTONS and all(len(one.title) <= BUTTON_TITLE for one in choices):
            return [_with_buttons(text, choices, key)]
        if len(choices) <= ROWS and all(len(one.title) <= ROW_DESCRIPTION for one in choices):
            return [_with_list(text, choices, labels.choose, key)]
    return [Shaped(_text(part)) for part in cut(_numbered(text, choices), TEXT)]


def cut(text: str, limit: int) -> list[str]:
    """A text in parts of at most `limit` characters, each ending where a reader would pause."""
    parts = []
    rest = text.strip()
    while len(rest) > limit:
        at = _place_to_cut(rest, limit)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*parts, rest] if rest else parts


def _place_to_cut(text: str, limit: int) -> int:
    for kind in CUTS:
        places = [place.end() for place in kind.finditer(text, 0, limit + 1)]
        # The white space before the cut goes; a first part of a few words would look torn.
        usable = [at for at in places if len(text[:at].rstrip()) <= limit and at > limit // 4]
        if usable:
            return usable[-1]
    return limit


def _choices(replies: Sequence[Mapping[str, Any]], labels: Labels) -> list[Choice]:
    """What the last reply with buttons offers, each title once."""
    offers = [reply["buttons"] for reply in replies if reply.get("buttons")]
    found: dict[str, Choice] = {}
    for button in offers[-1] if offers else []:
        words = str(button.get("payload") or button.get("title") or "").strip()
        title = labels.titles.get(words) or str(button.get("title") or words).strip()
        if words and title:
            found.setdefault(title.casefold(), Choice(words, title))
    return list(found.values())


def _with_buttons(text: str, choices: Sequence[Choice], key: str) -> Shaped:
    buttons = [
        {"type": "reply", "reply": {"id": f"{key}.{n}", "title": one.title}}
        for n, one in enumerate(choices)
    ]
    return _interactive("button", text, {"buttons": buttons}, choices)


def _with_list(text: str, choices: Sequence[Choice], choose: str, key: str) -> Shaped:
    rows = []
    for n, one in enumerate(choices):
        row = {"id": f"{key}.{n}", "title": _row_title(one.title, n)}
        if row["title"] != one.title:
            row["description"] = one.title
        rows.append(row)
    return _interactive("list", text, {"button": choose, "sections": [{"rows": rows}]}, choices)


def _row_title(title: str, n: int) -> str:
    """The title, or its first words where it is longer than a row; the number keeps two apart."""
    if len(title) <= ROW_TITLE:
        return title
    start = f"{n + 1}. "
    return start + cut(title, ROW_TITLE - len(start) - 1)[0] + "…"


def _interactive(kind: str, text: str, action: dict[str, Any], choices: Sequence[Choice]) -> Shaped:
    interactive = {"type": kind, "body": {"text": text}, "action": action}
    return Shaped(
        {"type": "interactive", "interactive": interactive}, tuple(one.words for one in choices)
    )


def _text(text: str) -> dict[str, Any]:
    # No preview: a link to the privacy page needs no picture.
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _numbered(text: str, choices: Sequence[Choice]) -> str:
    """The choices below the text, unless it names them already; their numbers can be typed."""
    lines = [f"{n}. {one.words}" for n, one in enumerate(choices, start=1)]
    missing = [line for line in lines if line not in text]
    return "\n".join([text, "", *missing]) if missing else text


def _body(reply: Mapping[str, Any]) -> str:
    """The text of a reply; the heading of an urgent card, and what a line of a list is about, in
    bold.
    """
    text = plain(str(reply.get("text") or "")).strip()
    show = reply.get("show") or {}
    heading = str(show.get("heading") or "") if show.get("kind") == "urgent" else ""
    if heading and text.startswith(heading):
        return f"*{heading}*{text[len(heading) :]}"
    return re.sub(r"^• ([^:\n]{1,60}):(?= )", r"• *\1:*", text, flags=re.MULTILINE)


def plain(text: str) -> str:
    """Without what WhatsApp would take for formatting; a name may hold it by chance."""
    without = re.sub(r"[*~`]", "", text)
    return re.sub(r"(?<!\w)_+|_+(?!\w)", "", without)
