"""The thread of a conversation: what a short message means after what was said before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clinic import answers, references
from clinic.answers import Asked, Reply
from clinic.booking import turns as form
from clinic.booking.draft import OPENS, Draft
from clinic.booking.turns import Told
from clinic.content import ASPECTS, TREATMENTS, Content
from clinic.deeds import Deed
from clinic.message import Message
from clinic.privacy import wishes

UNSURE = "nlu_fallback"
# A treatment stays the subject for so many turns that are not about it.
TURNS_KEPT = 3
# Questions that the bot could not answer: so many travel with a request.
UNANSWERED_KEPT = 5
NO_MESSAGE = Message()


@dataclass(frozen=True)
class Question:
    """A question as understood: its words, its topic or UNSURE, the likeliest topics, treatments
    named, words beside those, its language where that is not English, when it is UNSURE its topic
    if "it" means a treatment (a treatment as topic stands for any), and the urgent sign that its
    words report.
    """

    text: str
    topic: str
    likely: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    rest: str = ""
    language: str = ""
    sign: str = ""
    if_treatment: str = ""


@dataclass(frozen=True)
class Memory:
    """What is kept from one turn to the next."""

    topic: str | None = None
    treatments: tuple[str, ...] = ()
    earlier_treatments: tuple[str, ...] = ()
    turns_since_named: int = 0
    offered: tuple[str, ...] = ()
    times_unsure: int = 0
    unanswered: tuple[str, ...] = ()
    draft: Draft | None = None
    # The wish about their data that the patient is asked to confirm; whether they know who answers.
    confirming: str | None = None
    introduced: bool = False


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
    if any(_kind(question.topic, content) == "urgent" for question in questions):
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
    aside = answer(questions, kept, content, message)
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
    if all(_kind(one.topic, content) == "outside" for one in asked):
        return _outside(memory, content)
    open_form = memory.draft and memory.draft.asking != "sent"
    reply = answers.reply(asked, content, leads_on=not open_form)
    turn = Turn(reply, _remember(asked, reply, memory, content))
    turn = replace(turn, memory=_with_unanswered(questions, asked, turn.memory, content))
    wish = next((one.topic for one in asked if one.topic in OPENS), None)
    if not wish or open_form or any(_kind(one.topic, content) == "urgent" for one in asked):
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
    if not any(_kind(one.topic, content) in ("not_known", "practitioner") for one in asked):
        return memory
    open_ones = [q.text for q in questions if _kind(q.topic, content) not in ("answer", "service")]
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
    return Turn(reply, replace(memory, offered=reply.offered, times_unsure=memory.times_unsure + 1))


def _options(question: Question, content: Content) -> tuple[str, ...]:
    """The two or three likeliest topics that a patient could choose."""
    small_talk = set(content.conversation.service) - set(content.conversation.names_team)
    open_to_choose = [
        t for t in question.likely if content.topics[t].kind != "outside" and t not in small_talk
    ]
    return tuple(open_to_choose[:3]) or tuple(content.conversation.first_topics)


def _numbered(options: Sequence[str], content: Content) -> list[str]:
    return [f"{n}. {content.ask(topic)}" for n, topic in enumerate(options, start=1)]


def understand(questions: Sequence[Question], memory: Memory, content: Content) -> list[Asked]:
    """The topics and treatments asked for, in order."""
    asked: list[Asked] = []
    for question in questions:
        subject = asked[-1].treatments if asked else _subject(memory)
        one = _one(question, subject, memory, content)
        if one.topic in TREATMENTS and len(one.treatments) > 1:
            asked += [Asked(treatment, (treatment,)) for treatment in one.treatments]
        else:
            asked.append(one)
    return asked


def _one(question: Question, subject: tuple[str, ...], memory: Memory, content: Content) -> Asked:
    topic, text = question.topic, question.text
    if _kind(topic, content) == "urgent":
        return Asked(topic, sign=question.sign)
    asks = [content.ask(offer) for offer in memory.offered]
    if chosen := references.chosen_option(text, memory.offered, asks):
        return Asked(chosen, subject if chosen in ASPECTS else ())
    meant = references.treatments_meant(
        text, question.treatments, memory.treatments, memory.earlier_treatments
    )
    if meant and references.only_names(question.rest) and _goes_on_with(memory.topic, content):
        return Asked(str(memory.topic), meant)
    if again := _said_before(question, subject, memory, content):
        return again
    if topic == UNSURE and subject and not question.treatments:
        topic = references.about_it(question.if_treatment, subject) or UNSURE
    if topic in ASPECTS:
        return Asked(topic, meant or (() if references.about_all(text) else subject))
    if topic in TREATMENTS:
        return Asked(topic, meant if len(meant) > 1 and topic in meant else (topic,))
    return Asked(topic, meant)


def _said_before(
    question: Question, subject: tuple[str, ...], memory: Memory, content: Content
) -> Asked | None:
    """What yes, no, "say that again" and "and if ..." mean after what was said."""
    if question.topic == "agreement" and memory.offered:
        return Asked(memory.offered[0], subject if memory.offered[0] in ASPECTS else ())
    if question.topic == "refusal" and memory.times_unsure:
        return Asked(UNSURE)
    if question.topic == "repeat" and memory.topic:
        return Asked(memory.topic, subject if memory.topic in ASPECTS else ())
    goes_on = question.topic == UNSURE and references.follows_on(question.text)
    if goes_on and _kind(memory.topic, content) == "practitioner":
        return Asked(str(memory.topic))
    return None


def _kind(topic: str | None, content: Content) -> str | None:
    return content.topics[topic].kind if topic in content.topics else None


def _goes_on_with(topic: str | None, content: Content) -> bool:
    """Whether a topic can be asked again for another treatment."""
    return topic in ASPECTS or _kind(topic, content) in ("not_known", "practitioner")


def _subject(memory: Memory) -> tuple[str, ...]:
    """The treatments that the conversation is about now."""
    return memory.treatments if memory.turns_since_named < TURNS_KEPT else ()


def _remember(asked: Sequence[Asked], reply: Reply, memory: Memory, content: Content) -> Memory:
    subjects = [
        one for one in asked if _kind(one.topic, content) in ("answer", "not_known", "practitioner")
    ]
    named = tuple(dict.fromkeys(t for one in subjects for t in one.treatments))
    about_all = any(one.topic in content.treatments.all_treatments for one in subjects)
    before = (*memory.treatments, *memory.earlier_treatments)
    return replace(
        memory,
        topic=subjects[-1].topic if subjects else memory.topic,
        treatments=named or memory.treatments,
        earlier_treatments=tuple(dict.fromkeys(t for t in before if t not in named))[:2]
        if named
        else memory.earlier_treatments,
        turns_since_named=0 if named else TURNS_KEPT if about_all else memory.turns_since_named + 1,
        offered=reply.offered,
        times_unsure=0,
    )
