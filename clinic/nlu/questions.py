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

from clinic.content import SIGNS
from clinic.desk import desk
from clinic.nlu.alarm_model import CALM, AlarmModel, examples
from clinic.nlu.asking_model import messages
from clinic.nlu.reading import Reader
from clinic.nlu.sentence_encoder import SentenceEncoder
from clinic.nlu.several import Parts
from clinic.nlu.topic_model import TopicModel
from clinic.nlu.treatment_names import TreatmentNames
from clinic.reader_process import given, reader_process

# Training asks for the vector of a sentence twice: so many are kept meanwhile.
LEARNT = 100_000


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Questions(IntentClassifier, GraphComponent):
    """Sets `intent` to the topic that decides the rule, and `questions` to all that was asked, in
    order. It loads a reader of its own unless a process apart reads.
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
        if not reader_process():
            with model_storage.read_from(resource) as folder:
                component.reader = Reader.load(folder, desk().content)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        encoder = SentenceEncoder(remembered=LEARNT)
        pairs = [(e.get(TEXT), e.get(INTENT)) for e in training_data.intent_examples]
        pairs = [(text, topic) for text, topic in pairs if text]
        model = TopicModel.train([t for t, _ in pairs], [t for _, t in pairs], encoder)
        heard = [*((text, _sign(topic)) for text, topic in pairs), *examples()]
        asked = messages()
        heard += [(message.ask, CALM) for message in asked]
        clean = [model.spelling.correct(text) for text, _ in heard]
        alarms = AlarmModel.train(clean, [sign for _, sign in heard], encoder)
        asking = _parts(model).learn(asked)
        with self.storage.write_to(self.resource) as folder:
            model.save(folder)
            alarms.save(folder)
            asking.save(folder)
        return self.resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            reading = given.get() or self.reader.read(message.get(TEXT) or "").as_dict()
            for name, value in reading.items():
                message.set(name, value, add_to_output=True)
        return messages


def _parts(model: TopicModel) -> Parts:
    content = desk().content
    kinds = {name: topic.kind for name, topic in content.topics.items()}
    return Parts(model, TreatmentNames(content), kinds)


def _sign(topic: str) -> str:
    """The sign that sentences of a topic report: "" where the topic stands for several."""
    signs = [sign for sign, leads_to in SIGNS.items() if leads_to == topic]
    return CALM if not signs else signs[0] if len(signs) == 1 else ""
