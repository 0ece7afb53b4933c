"""What patients want done with their data, by their words, and what the bot says to it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from clinic.answers import Reply
from clinic.content import Content
from clinic.deeds import Deed

FORGET, TELL, STOP = "forget", "tell", "stop"
TOPIC = "privacy"
MINE = (
    r"(my|our|all|the|this|these|any|every|what)\b[^.?!]{0,30}"
    r"\b(data|details?|info|information|chats?|conversations?|messages?|records?|history|number"
    r"|e-?mail|personal|everything)"
)
DELETE = r"(deleted?|erased?|removed?|wiped?|destroy|clear|forget|get rid of|take (down|out|off))"
# Not what is asked: "don't delete my data", "how long until you delete it".
DENIED = re.compile(r"\b(don'?t|dont|do not|never|not|how long|when|why|who)\b")
# Said whatever else the message is about.
CLEAR = {
    FORGET: re.compile(
        rf"\b{DELETE}\b[^.?!]{{0,20}}\b{MINE}\b|\bforget (about )?me\b(?! not)"
        r"|\bright to (be forgotten|erasure)\b|\b(delete|erase) (me|everything)\b"
    ),
    TELL: re.compile(
        r"\b(what|which|anything|everything)\b[^.?!]{0,40}\b(hold|held|have|got|stored?|keep|kept"
        r"|saved?|(?<!to )know|recorded)\b[^.?!]{0,12}\b(on|about|of) me\b"
        r"|\b(subject access|d?sar)\b( request)?"
        r"|\b(copy|see|show|send|export|download|access|give)\b[^.?!]{0,20}\bmy (personal )?"
        r"(data|details|information|info|records?)\b"
        r"|\bwhat (data|information|info|details)\b[^.?!]{0,25}\b(hold|held|have|keep|stored?)\b"
    ),
}
# Said about privacy, as the message was understood.
FAINT = {
    FORGET: re.compile(rf"\b{DELETE}\b"),
    TELL: re.compile(
        r"\bwhat\b[^.?!]{0,30}\b(hold|held|stored?|kept|saved?|recorded)\b|\bcopy\b|\baccess\b"
    ),
}
# The whole message, but for "please" and the like.
STOPS = re.compile(
    r"(stop|stop stop|stop it|stop all|stopall|stop now|end|quit|exit|unsubscribe|opt ?-?out"
    r"|(stop|end|close|quit|leave) (the |this )?(chat|conversation)"
    r"|stop (messages|messaging|texting|contacting|writing to|bothering|sending me)"
    r" ?(me|messages|this)?"
    r"|(i )?(want|would like|need) (you )?to stop|leave me alone"
    r"|no more (messages|texts)"
    r"|(do not|dont) (message|text|contact|write to) me( again| any ?more)?)"
)
AROUND = re.compile(
    r"^(please|ok|okay|hi|hello|can you|could you)\b|\b(please|now|thanks?|thank you)$"
)
YES = re.compile(
    r"(yes|yeah|yep|y|ok|okay|sure|do it|go ahead|confirm(ed)?|i am sure"
    r"|delete (it|all|everything))\b.*"
)


@dataclass(frozen=True)
class PrivacyWish(Deed):
    """What is to be done with the data of this conversation."""

    kind: str


@dataclass(frozen=True)
class Wished:
    """What a wish leads to: the reply, or the deed whose result gives it; `confirming` names the
    wish that the next message confirms; `ends` when the thread and an open form are given up.
    """

    reply: Reply
    deed: Deed | None = None
    confirming: str | None = None
    ends: bool = False


@dataclass(frozen=True)
class Result:
    """What came of a deed."""

    reference: str
    counts: dict[str, int] = field(default_factory=dict)


def wished(
    text: str, topics: Sequence[str], confirming: str | None, content: Content
) -> Wished | None:
    """What a message means for the patient's data; None where it means nothing for them."""
    words = _plain(text)
    if confirming == FORGET and (answer := _confirmed(words, topics, content)):
        return answer
    kind = wish(text, topics, content)
    if kind == FORGET:
        buttons = content.privacy.buttons
        ask = Reply(content.fill(content.privacy.ask_forget), buttons=(buttons.yes, buttons.no))
        return Wished(ask, confirming=FORGET)
    return Wished(Reply(""), PrivacyWish(kind), ends=kind == STOP) if kind else None


def wish(text: str, topics: Sequence[str], content: Content) -> str:
    """The kind of a wish, or nothing."""
    words, buttons = _plain(text), content.privacy.buttons
    for kind in (FORGET, TELL, STOP):
        if words == _plain(getattr(buttons, kind)):
            return kind
    if STOPS.fullmatch(_bare(words)):
        return STOP
    if DENIED.search(words):
        return ""
    about_privacy = TOPIC in topics
    for kind in (FORGET, TELL):
        if CLEAR[kind].search(words) or about_privacy and FAINT[kind].search(words):
            return kind
    return ""


def _confirmed(words: str, topics: Sequence[str], content: Content) -> Wished | None:
    """Whether a message says yes or no to the question before."""
    buttons = content.privacy.buttons
    if words == _plain(buttons.no) or "refusal" in topics:
        return Wished(Reply(content.fill(content.privacy.kept)))
    says_yes = YES.fullmatch(words) and not DENIED.search(words)
    if words == _plain(buttons.yes) or says_yes or "agreement" in topics:
        return Wished(Reply(""), PrivacyWish(FORGET), ends=True)
    return None


def said(deed: PrivacyWish, result: Result, in_form: bool, content: Content) -> Reply:
    """What the patient is told when a deed is done."""
    words = content.privacy
    reference = f"{words.reference} {result.reference}"
    blocks, buttons = {
        FORGET: ([words.forgotten, reference, words.team_too], ()),
        TELL: (
            [f"{words.held}\n{_counted(result, content)}", reference, words.copies],
            (words.buttons.forget,),
        ),
        STOP: (
            [*([words.not_sent] if in_form else []), words.stopped, reference],
            (words.buttons.forget, words.buttons.tell),
        ),
    }[deed.kind]
    show: dict[str, Any] = {"kind": "reference", "reference": result.reference}
    return Reply(content.fill("\n\n".join(blocks)), buttons=buttons, show=show)


def _counted(result: Result, content: Content) -> str:
    lines = {"messages": content.privacy.messages, "requests": content.privacy.requests}
    return "\n".join(f"{lines[name]} {count}" for name, count in result.counts.items())


def _plain(text: str) -> str:
    """For comparing: small letters, no marks around, single spaces."""
    return " ".join(text.casefold().replace("’", "'").strip(" .?!").split())


def _bare(words: str) -> str:
    """A message without the politeness around it."""
    before = ""
    while words != before:
        before, words = words, AROUND.sub("", words).strip(" ,.!")
    return words.replace("'", "")
