"""A turn of the conversation while a form is open, and the turn that opens one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinic.answers import Reply
from clinic.booking import details, form, says, wording
from clinic.booking.after_sent import after_sent
from clinic.booking.draft import OPENS, Draft
from clinic.booking.form import Step
from clinic.booking.heard import Heard
from clinic.booking.request import Consent, deed
from clinic.content import Content
from clinic.deeds import Deed
from clinic.errors import RefusedError
from clinic.memory import Question
from clinic.message import Message
from clinic.nlu.split import is_question
from clinic.reference import find_reference
from clinic.typed_text import plain_text

ANSWERED = ("answer", "not_known", "practitioner")


@dataclass(frozen=True)
class Told:
    """What the form needs of the conversation: the topics of the message, the last topic that was
    answered, and the questions that the bot could not answer.
    """

    topics: tuple[str, ...]
    last_topic: str = ""
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """A turn of the form: `aside` when the message also holds a question, which is answered first;
    `quiet` when nothing but that is said; `opens` when it opened another form.
    """

    reply: Reply
    draft: Draft | None
    deed: Deed | None = None
    aside: bool = False
    quiet: bool = False
    opens: bool = False


def heard(message: Message, topics: Sequence[str], content: Content) -> Heard:
    """The message as the form reads it."""
    small_talk = {t for t in content.conversation.service if t not in (*OPENS, *form.PASSED_OVER)}
    known = {t for t in topics if t in content.topics and content.topics[t].kind in ANSWERED}
    text = plain_text(message.text)
    answerable = frozenset(known | small_talk & set(topics))
    return Heard(text, tuple(topics), answerable, message.now, message.key, message.number)


def taken(draft: Draft, told: Told, message: Message, content: Content) -> Taken | None:
    """What the form makes of a message; None when it is none of its business."""
    what = heard(message, told.topics, content)
    if draft.asking != "sent":
        step = form.step(draft, what, content.booking)
    elif not (step := after_sent(draft, what, content.booking)):  # type: ignore[assignment]
        return None
    if step.send and step.draft:
        return _send(step.draft, told, message, content)
    return _taken(step, told, message, content)


def _taken(step: Step, told: Told, message: Message, content: Content) -> Taken:
    reply = says.said(step, content, told.unanswered, message.number)
    return Taken(reply, step.draft, aside=step.aside, quiet=step.quiet, opens=step.opens)


def _send(draft: Draft, told: Told, message: Message, content: Content) -> Taken:
    words = content.booking.consent
    consent = Consent(words.version, content.fill(words.text), message.now)
    try:
        order = deed(draft, consent, message, told.last_topic, told.unanswered)
    except RefusedError as refused:
        # What was right when it was typed may no longer be: a day that has passed meanwhile.
        again = replace(draft.told(**{refused.field: ""}), asking=refused.field, tries=1)
        error = "past" if refused.field == "times" else refused.field
        return _taken(Step(again, error=error), told, message, content)
    return Taken(Reply(""), draft, order)


def asked_beside(questions: Sequence[Question], draft: Draft) -> Sequence[Question]:
    """The questions beside days and times: "friday mornings" does not ask when the clinic is
    open.
    """
    if draft.asking != "times":
        return questions
    return [one for one in questions if is_question(one.text)] or questions


def topic_meant(text: str, topic: str, content: Content) -> str:
    """The topic of a message; of one that was not understood where its words leave no doubt."""
    known = content.topics[topic].kind if topic in content.topics else ""
    if known in ("", "outside") and find_reference(text):
        return "booking_change"
    if not known and wording.WILL_COMPLAIN.search(text):
        return "complaint"
    short = len(text.split()) <= 8 or wording.CALL_BACK.search(text)
    if known in ("", "outside") and short and (details.telephone(text) or details.email(text)):
        return "person"
    wants = wording.CALLS_BACK.search(text) and not wording.NEGATED.search(text)
    return "booking" if wants and not known else topic


def opened(topic: str, told: Told, message: Message, content: Content) -> Taken:
    """The form that a topic leads into, and its first question."""
    draft = form.opened(topic, heard(message, told.topics, content), content.booking)
    if draft.adult == "no":
        return Taken(Reply(says.line("under_18", content)), None)
    draft = replace(draft, last=plain_text(message.text)[:200], touched=message.now.isoformat())
    asked = says.ask(draft, content, told.unanswered, message.number)
    online = says.booking_page(content) if topic == "booking" else []
    return Taken(replace(asked, text="\n\n".join([*online, asked.text])), draft)


def on_again(
    said: Reply,
    draft: Draft | None,
    unanswered: tuple[str, ...],
    message: Message,
    content: Content,
) -> Reply:
    """What was said beside the form; an open one goes on with its question."""
    if not draft or draft.asking == "sent":
        return said
    asked = says.ask(draft, content, unanswered, message.number)
    return beside(said, Taken(asked, draft), content)


def beside(answer: Reply, taken: Taken, content: Content) -> Reply:
    """The answer to a question in the middle, and then the form's own question again."""
    asked = taken.reply
    back = not taken.opens and not (asked.show and asked.show["kind"] == "check")
    again = f"{says.line('go_on', content)} {asked.text}" if back else asked.text
    return replace(asked, text=f"{answer.text}\n\n{again}")
