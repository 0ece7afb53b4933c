"""Judge a reply by its text alone, as a patient reads it."""

from dataclasses import dataclass
from typing import Literal

from clinic import answers
from clinic.answers import Asked
from clinic.content import ASPECTS, SIGNS, TREATMENTS, Content
from evaluation.sets import Step

Verdict = Literal["right", "asks back, right topic offered", "asks back", "wrong"]
VERDICTS: tuple[Verdict, ...] = ("right", "asks back, right topic offered", "asks back", "wrong")


@dataclass(frozen=True)
class Judge:
    """Knows the words of every answer, and so which topics a text answers."""

    content: Content

    def verdict(self, text: str, wants: tuple[str, ...]) -> Verdict:
        """How a reply fares against the topics that were wanted, in order."""
        if self.asks_back(text):
            offered = [topic for topic in wants if self.content.ask(topic) in text]
            return "asks back, right topic offered" if offered else "asks back"
        places = [self.place(text, topic) for topic in wants]
        in_order = None not in places and places == sorted(places)  # type: ignore[type-var]
        return "right" if in_order and not self._more(text, wants) else "wrong"

    def fits(self, text: str, step: Step) -> bool:
        """Whether a reply in a conversation answers what it must, and nothing that it must not."""
        if any(self.place(text, topic) is not None for topic in step.never):
            return False
        if step.wants == ("unsure",):
            return self.asks_back(text)
        if step.wants == ("team",):
            return self.content.fill(self.content.conversation.team) in text
        return all(self.place(text, topic) is not None for topic in step.wants)

    def asks_back(self, text: str) -> bool:
        """Whether the bot says that it did not understand."""
        words = self.content.conversation
        return any(
            line in text for line in (words.did_you_mean, words.say_it_differently, words.give_up)
        )

    def place(self, text: str, topic: str) -> int | None:
        """Where a text answers a topic (`topic/treatment` for a named treatment), or None."""
        found = [text.find(body) for body in self._bodies(topic)]
        return min((at for at in found if at >= 0), default=None)

    def topics_in(self, text: str) -> list[str]:
        """All topics that a text answers, in order."""
        places = {topic: self.place(text, topic) for topic in self.content.topics}
        there = {topic: at for topic, at in places.items() if at is not None}
        return sorted(there, key=lambda topic: there[topic])

    def _more(self, text: str, wants: tuple[str, ...]) -> bool:
        """Whether something that was not asked is answered too."""
        allowed = {body for topic in wants for body in self._bodies(topic)}
        others = set(self.topics_in(text)) - set(wants)
        return any(not set(self._bodies(topic)) & allowed for topic in others)

    def _bodies(self, topic: str) -> list[str]:
        topic, _, treatment = topic.partition("/")
        kind = self.content.topics[topic].kind
        if kind == "urgent":
            signs = [sign for sign, of in SIGNS.items() if of == topic]
            return [answers.card(topic, self.content, sign).text for sign in ("", *signs)]
        if kind == "outside":
            words = self.content.conversation
            foreign = self.content.fill(self.content.languages["ENGLISH"])
            return [words.outside, self.content.fill(words.outside_again), foreign]
        if kind != "answer":
            said = answers.reply([Asked(topic)], self.content).text.split("\n\n")[0]
            wishes = self._replies_to_wishes() if topic == "privacy" else []
            return [self.content.fill(line) for line in (said, *wishes)]
        if topic not in ASPECTS:
            return [answers.body(topic, None, self.content)]
        named = [treatment] if treatment else TREATMENTS
        # Of two treatments each has its sentence; what is said before both is said once.
        spoken = [self.content.treatment(one).aspect(topic).sentence for one in named]
        return spoken if treatment else [answers.body(topic, None, self.content), *spoken]

    def _replies_to_wishes(self) -> list[str]:
        """What "delete my data" and "what do you hold on me?" hear; both belong to privacy."""
        return [self.content.privacy.ask_forget, self.content.privacy.held]
