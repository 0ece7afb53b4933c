"""The Rasa component that finds the clinic's treatments in a message."""

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from clinic.desk import desk
from clinic.nlu.treatment_names import Named, TreatmentNames


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TreatmentExtractor(GraphComponent, EntityExtractorMixin):
    """Rasa's view of TreatmentNames: entities called `treatment`, whose value is the key of
    content/treatments.yml.
    """

    def __init__(self) -> None:
        self.names = TreatmentNames(desk().content)

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TreatmentExtractor":
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            found = [
                self._entity(named, message.get(TEXT))
                for named in self.names.find(message.get(TEXT) or "")
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _entity(self, named: Named, text: str) -> Dict[str, Any]:
        return {
            "entity": "treatment",
            "value": named.treatment,
            "start": named.start,
            "end": named.end,
            "extractor": type(self).__name__,
        }
