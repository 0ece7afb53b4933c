"""The thread of a conversation: what a short message means after what was said before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinic import answers
from clinic.answers import Asked, Reply
from clinic.booking import turns as form
from clinic.booking.draft import OPENS
from clinic.booking.turns import Told
from clinic.content import Content
from clinic.deeds import Deed
from clinic.memory import UNSURE, Memory, Question
from clinic.message import Message
from clinic.privacy import wishes
from clinic.understanding import TURNS_KEPT, kind, understand

# Questions that the bot could not answer: so many travel with a request.
UNANSWERED_KEPT = 5
NO_MESSAGE = Message()


@dataclass(frozen=True)
class Turn:
    """What is said, what is kept, and what must be done first: then its result decides what is
    said. `gave_up` when that ended an open form.
    """

    reply: Reply
    memory: Memory
    deed: Deed | None = None
    gave_up: bool = False


def respond(
    questions: Sequence[Question], memory: Memory, content: Content, message: Message = NO_MESSAGE
) -> Turn:
    """What comes first is served first: an urgent sign in every state, then what is wanted with the
    data, then an open form, then what was asked.
    """
    questions = [replace(q, topic=form.topic_meant(q.text, q.topic, content)) for q in questions]
    if any(kind(question.topic, content) == "urgent" for question in questions):
        return answer(questions, memory, content, message)
    if wished := _wished(questions, memory, content, message):
        return wished
    memory = replace(memory, confirming=None)
    in_the_form = _in_the_form(questions, memory, content, message) if memory.draft else None
    return in_the_form or answer(questions, memory, content, message)


def _wished(
    questions: Sequence[Question], memory: Memory, content: Content, message: Message
) -> Turn | None:
    """Data to be deleted or shown, or nothing more to be said: from every state."""
    text = message.text or " ".join(question.text for question in questions)
    wish = wishes.wished(text, [one.topic for one in questions], memory.confirming, content)
    if not wish:
        return None
    open_form = bool(memory.draft and memory.draft.asking != "sent")
    kept = Memory() if wish.ends else replace(memory, confirming=wish.confirming, offered=())
    if wish.deed or wish.confirming:
        return Turn(wish.reply, kept, wish.deed, gave_up=wish.ends and open_form)
    again = form.on_again(wish.reply, memory.draft, memory.unanswered, message, content)
    return Turn(again, kept)


def _in_the_form(
    questions: Sequence[Question], memory: Memory, content: Content, message: Message
) -> Turn | None:
    """The open form takes the message; a question in the middle is answered, then it asks again."""
    assert memory.draft
    taken = form.taken(memory.draft, _told(questions, memory), message, content)
    if taken is None:
        return None
    kept = replace(memory, draft=taken.draft, offered=(), times_unsure=0)
    if not taken.aside:
        return Turn(taken.reply, kept, taken.deed)
    beside = form.asked_beside(questions, memory.draft)
    aside = answer(beside, kept, content, message)
    # What the team must answer is on the check page at once.
    told = _told(questions, aside.memory)
    again = form.taken(memory.draft, told, message, content)
    if taken.quiet or not again:
        return aside
    reply = form.beside(aside.reply, again, content)
    return Turn(reply, replace(aside.memory, draft=again.draft, offered=()))


def _told(questions: Sequence[Question], memory: Memory) -> Told:
    return Told(tuple(q.topic for q in questions), memory.topic or "", memory.unanswered)


def answer(
    questions: Sequence[Question], memory: Memory, content: Content, message: Message = NO_MESSAGE
) -> Turn:
    """Answer what was asked, in the light of what was said before; a wish opens its form."""
    if questions and questions[0].language:
        return Turn(in_their_language(questions[0].language, content), memory)
    # What was understood is answered, an urgent sign above all: "no, my eye is swollen".
    asked = [one for one in understand(questions, memory, content) if one.topic != UNSURE]
    if not asked:
        return ask_again(questions[0] if questions else Question("", UNSURE), memory, content)
    if all(kind(one.topic, content) == "outside" for one in asked):
        return _outside(memory, content)
    open_form = memory.draft and memory.draft.asking != "sent"
    reply = answers.reply(asked, content, leads_on=not open_form)
    turn = Turn(reply, _remember(asked, reply, memory, content))
    turn = replace(turn, memory=_with_unanswered(questions, asked, turn.memory, content))
    wish = next((one.topic for one in asked if one.topic in OPENS), None)
    if not wish or open_form or any(kind(one.topic, content) == "urgent" for one in asked):
        return turn
    return _opened(wish, turn, _told(questions, turn.memory), content, message)


def _opened(wish: str, turn: Turn, told: Told, content: Content, message: Message) -> Turn:
    """The form that a wish opens: its first question follows what was answered."""
    opened = form.opened(wish, told, message, content)
    text = f"{turn.reply.text}\n\n{opened.reply.text}" if opened.draft else opened.reply.text
    kept = replace(turn.memory, draft=opened.draft, offered=())
    return Turn(replace(opened.reply, text=text), kept)


def _with_unanswered(
    questions: Sequence[Question], asked: Sequence[Asked], memory: Memory, content: Content
) -> Memory:
    """Keep the words of the questions that the team must answer; they travel with a request."""
    if not any(kind(one.topic, content) in ("not_known", "practitioner") for one in asked):
        return memory
    open_ones = [q.text for q in questions if kind(q.topic, content) not in ("answer", "service")]
    kept = tuple(dict.fromkeys([*memory.unanswered, *open_ones]))[-UNANSWERED_KEPT:]
    return replace(memory, unanswered=tuple(text[:200] for text in kept))


def _outside(memory: Memory, content: Content) -> Turn:
    """Nothing to do with milia; said in other words when it comes twice running."""
    words = content.conversation
    line = words.outside_again if memory.times_unsure else words.outside
    options = tuple(words.outside_topics)
    kept = replace(memory, offered=options, times_unsure=memory.times_unsure + 1)
    return Turn(Reply(content.fill(line), options), kept)


def in_their_language(language: str, content: Content) -> Reply:
    """That the bot answers in English: in the patient's language, and in English."""
    sentences = [content.languages[language], content.languages["ENGLISH"]]
    return Reply(content.fill("\n\n".join(sentences)))


def ask_again(question: Question, memory: Memory, content: Content) -> Turn:
    """Did you mean; the next time another repair; then the team; then anew. Never the same line
    twice running.
    """
    words = content.conversation
    repair = memory.times_unsure % 3
    if repair == 0:
        options = _options(question, content)
        text = "\n".join([words.did_you_mean, *_numbered(options, content)])
    elif repair == 1:
        options = tuple(words.first_topics)
        text = "\n".join([words.say_it_differently, *_numbered(options, content)])
    else:
        options = ("person", *words.first_topics[:2])
        text = f"{words.give_up}\n\n{words.team}"
    reply = Reply(content.fill(text), options)
    kept = _with_treatments(question.treatments, memory)
    return Turn(reply, replace(kept, offered=reply.offered, times_unsure=memory.times_unsure + 1))


def _options(question: Question, content: Content) -> tuple[str, ...]:
    """The two or three likeliest topics that a patient could choose."""
    small_talk = set(content.conversation.service) - set(content.conversation.names_team)
    open_to_choose = [
        t for t in question.likely if content.topics[t].kind != "outside" and t not in small_talk
    ]
    return tuple(open_to_choose[:3]) or tuple(content.conversation.first_topics)


def _numbered(options: Sequence[str], content: Content) -> list[str]:
    return [f"{n}. {content.ask(topic)}" for n, topic in enumerate(options, start=1)]


def _remember(asked: Sequence[Asked], reply: Reply, memory: Memory, content: Content) -> Memory:
    subjects = [
        one for one in asked if kind(one.topic, content) in ("answer", "not_known", "practitioner")
    ]
    named = tuple(dict.fromkeys(t for one in subjects for t in one.treatments))
    about_all = any(one.topic in content.treatments.all_treatments for one in subjects)
    since = TURNS_KEPT if about_all else memory.turns_since_named + 1
    kept = replace(
        memory,
        topic=subjects[-1].topic if subjects else memory.topic,
        turns_since_named=since,
        offered=reply.offered,
        times_unsure=0,
    )
    return _with_treatments(named, kept)


def _with_treatments(named: tuple[str, ...], memory: Memory) -> Memory:
    """The treatments that were named are the subject now."""
    if not named:
        return memory
    before = (*memory.treatments, *memory.earlier_treatments)
    earlier = tuple(dict.fromkeys(t for t in before if t not in named))[:2]
    return replace(memory, treatments=named, earlier_treatments=earlier, turns_since_named=0)
