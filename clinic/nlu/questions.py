"""The Rasa component that understands a message: which questions are in it, and which topic each
asks about.
"""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from clinic.desk import desk
from clinic.nlu.english import english
from clinic.nlu.languages import Languages
from clinic.nlu.reading import Reader, Reading
from clinic.nlu.sentence_encoder import sentence_encoder
from clinic.nlu.topic_model import TopicModel
from clinic.nlu.treatment_names import TreatmentNames

QUESTIONS = "questions"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Questions(IntentClassifier, GraphComponent):
    """Sets `intent` to the topic that decides the rule, and `questions` to all that was asked, in
    order.
    """

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self.storage = storage
        self.resource = resource
        self.reader: Reader

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Questions:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Questions:
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            model = TopicModel.load(folder, sentence_encoder())
        content = desk().content
        languages = Languages(content.languages, model.often)
        names = TreatmentNames(content)
        component.reader = Reader(model, english(), names, languages, content.topics)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        texts, topics = [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        model = TopicModel.train(texts, topics, sentence_encoder())
        with self.storage.write_to(self.resource) as folder:
            model.save(folder)
        return self.resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            reading = self.reader.read(message.get(TEXT) or "")
            message.set(
                INTENT,
                {"name": reading.intent, "confidence": reading.confidence},
                add_to_output=True,
            )
            message.set("intent_ranking", _ranking(reading), add_to_output=True)
            message.set(
                QUESTIONS,
                [question.as_dict() for question in reading.questions],
                add_to_output=True,
            )
        return messages


def _ranking(reading: Reading) -> List[Dict[str, Any]]:
    return [{"name": topic, "confidence": p} for topic, p in reading.ranking[:10]]
