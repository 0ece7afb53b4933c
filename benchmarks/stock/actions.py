"""The one action of the bot that stands for stock Rasa: it says one fixed sentence."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class ActionAnswerQuestion(Action):
    """The least that an action can do."""

    def name(self) -> str:
        return "action_answer_question"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> list[dict[str, Any]]:
        """Say the same to everybody."""
        dispatcher.utter_message(text="Thank you for your question.")
        return []
