"""Answer what was asked, from the clinic's own content; never silence."""

import asyncio
import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.deeds import carried_out
from actions.slots import heard, kept, message_of, remembered
from clinic.answers import Reply
from clinic.content import Content
from clinic.conversation import respond
from clinic.desk import desk
from clinic.introduction import introduced
from clinic.memory import Memory

log = logging.getLogger(__name__)

# Rasa's name for `rasa shell`. There a button is a menu in the way of the next message, so the
# choices are printed instead; their numbers and words can be typed on every channel.
SHELL = "cmdline"


class ActionAnswerQuestion(Action):
    """Says the answers to all questions of a message, in order, in one reply; asks back when it is
    unsure.
    """

    def name(self) -> str:
        return "action_answer_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Say the reply and keep the thread, or apologise."""
        content = desk().content
        try:
            message = await message_of(tracker, desk())
            memory = remembered(tracker)
            turn = respond(heard(tracker), memory, content, message)
        except Exception as error:
            self.apologise(dispatcher, error)
            # A slot that cannot be read would fail again at each message: begin anew.
            return kept(Memory())
        try:
            # The deed may wait for the database; other patients do not wait with it.
            if turn.deed:
                turn = await asyncio.to_thread(carried_out, turn, message, desk())
        except Exception as error:
            self.apologise(dispatcher, error)
            # What was told so far stays, so that it can be tried again.
            return []
        turn = introduced(turn, memory, message.channel, content)
        say(dispatcher, turn.reply, content, message.channel)
        return kept(turn.memory)

    def apologise(self, dispatcher: CollectingDispatcher, error: Exception) -> None:
        """Say that it went wrong. The message of an error may hold a patient's words: only its kind
        and place are logged.
        """
        log.error("%s failed: %s at %s", self.name(), type(error).__name__, place(error))
        content = desk().content
        dispatcher.utter_message(text=content.fill(content.conversation.apology))


def say(
    dispatcher: CollectingDispatcher, reply: Reply, content: Content, channel: str | None
) -> None:
    """One message; a button sends the words it shows, never a command."""
    asks = [*reply.buttons, *(content.ask(topic) for topic in reply.offered)]
    if channel == SHELL:
        lines = [f"{n}. {ask}" for n, ask in enumerate(asks, start=1)]
        missing = [line for line in lines if line not in reply.text]
        dispatcher.utter_message(text="\n".join([reply.text, *missing]))
        return
    buttons = [{"title": ask, "payload": ask} for ask in asks]
    how = {"show": dict(reply.show)} if reply.show else {}
    dispatcher.utter_message(text=reply.text, buttons=buttons, **how)


def place(error: BaseException) -> str:
    """File and line where an error arose."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return (
        f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        if trace
        else "?"
    )
