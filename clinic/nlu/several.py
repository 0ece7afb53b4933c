"""Several questions in one message: its parts, and which of them ask something of their own."""

from itertools import chain
from typing import Dict, List, Mapping

from clinic.nlu.asking_model import NEVER_A_PART, Asked, AskingModel, Part
from clinic.nlu.part_context import MILIA, PartContext
from clinic.nlu.sentence_encoder import encode_all
from clinic.nlu.split import is_question, split
from clinic.nlu.topic_model import Ranking, TopicModel
from clinic.nlu.treatment_names import TreatmentNames

# A part is taken for a question of its own from here on. Chosen on messages written apart from
# those that the model learns from.
ASKS = 0.7
# One that is alone among parts that ask nothing is taken for what the message asks from here on.
ASKS_ALONE = 0.95
# Of the messages to learn from, each so manieth: as right as all of them, in half the time.
EACH = 2


class Parts:
    """Takes a message apart."""

    def __init__(
        self,
        model: TopicModel,
        names: TreatmentNames,
        kinds: Mapping[str, str],
    ) -> None:
        self.model = model
        self.kinds = kinds
        self.context = PartContext(model, names, kinds)

    def of(self, corrected: str) -> List[Part]:
        """The parts of a message, each with its topics; none when it is one piece."""
        return self._named(split(corrected))

    def _named(self, texts: List[str]) -> List[Part]:
        if len(texts) == 1:
            return []
        return [(text, self.model.rank_corrected(text)) for text in texts]

    def calm(self, ranking: Ranking) -> Ranking:
        """The topics without the urgent ones, which only words, alarms and buttons lead to."""
        calm = [(topic, p) for topic, p in ranking if self.kinds.get(topic) != "urgent"]
        rest = sum(p for _, p in calm)
        return [(topic, p / rest) for topic, p in calm] if calm else ranking

    def learn(self, asked: List[Asked]) -> AskingModel:
        """What makes a part a question of its own."""
        asked = asked[::EACH]
        corrected = [self.model.spelling.correct(message.ask) for message in asked]
        texts = [split(text) for text in corrected]
        # On all cores; the encoder keeps them for what follows.
        encode_all([*corrected, *chain.from_iterable(texts)], self.model.encoder)
        examples = []
        for message, text, parts in zip(asked, corrected, texts, strict=True):
            whole = text, self.calm(self.model.rank_corrected(text))
            examples.append((self.context.read(self._named(parts)), whole, message.wants))
        return AskingModel.train(examples, self.model.margins)


class Several:
    """Finds the questions among the parts of a message."""

    def __init__(self, parts: Parts, asking: AskingModel) -> None:
        self.parts = parts
        self.asking = asking

    def find(self, parts: List[Part], whole: Part) -> List[Part]:
        """The parts that ask, in order, each with its topics; the same topic twice is one
        question.
        """
        questions: Dict[str, Part] = {}
        parts = self.parts.context.read(parts)
        certain = 0.0
        for part, asks in zip(parts, self.asking.judge(parts, whole), strict=True):
            topic = part[1][0][0]
            urgent = self.parts.kinds.get(topic) == "urgent"
            # PartContext has read it so because it asks.
            asks = max(asks, part[0] == MILIA)
            if asks >= ASKS and topic not in NEVER_A_PART and not urgent:
                # "I am pregnant. What causes them? Can I have a peel?": told first, asked last.
                if topic in questions and not is_question(questions[topic][0]):
                    del questions[topic]
                questions.setdefault(topic, part)
                certain = max(certain, asks)
        alone = len(questions) == 1
        return [] if alone and certain < ASKS_ALONE else list(questions.values())
