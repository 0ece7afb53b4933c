"""From a message to its questions: split it, name the topic of each part, decide what to
believe.
"""

import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

from clinic.content import ASPECTS, SIGNS, Content, Topic
from clinic.memory import UNSURE
from clinic.nlu.alarm_model import AlarmModel
from clinic.nlu.asking_model import CLEAR, NEVER_A_PART, AskingModel
from clinic.nlu.languages import Languages
from clinic.nlu.sentence_encoder import sentence_encoder
from clinic.nlu.several import Parts, Several
from clinic.nlu.topic_model import Ranking, TopicModel
from clinic.nlu.treatment_names import TreatmentNames
from clinic.nlu.urgent_words import UrgentWords

OUTSIDE = "out_of_scope"
# The topic whose card is said when an alarm is raised but its sign is not clear.
URGENT = "urgent_sign"
# Below this probability the bot asks back. Chosen on the choosing quarter of
# evaluation/questions.yml.
SURE = 0.66
OPTIONS = 6
# Topics of a message that Rasa keeps.
RANKED = 10
# Urgent words are looked for in the whole of a message; topics are read from so many characters,
# because naming them takes a second for 4,000.
READ = 1_000
# The alarm of the second net counts from here on; where the words hear a symptom that is only
# denied, feared or asked about, it must be SET_ASIDE. A part of a message must be louder than a
# whole one. Chosen on messages written apart from those learnt, and checked on the choosing quarter
# of evaluation/urgent.yml.
ALARM, SET_ASIDE, LOUD = -1.0, 3.0, 3.0
# Small talk asserts nothing, so less is needed to believe it.
SMALL_TALK_SURE = 0.3
SMALL_TALK = {*NEVER_A_PART, "bot_identity"} - {OUTSIDE}
# What may stand for a treatment named before; one treatment stands in for all of them.
IT = re.compile(r"\b(it|that|this|that one|this one|they)\b")
STAND_IN = "cryotherapy"
# After a treatment was spoken of, what can be asked of each is believed from here on: the
# conversation says already what it is about. Chosen on conversations written for it.
LEANS = 0.4
# "What does it do" is asked of the bot, or of a treatment.
ABILITIES = "abilities"


@dataclass(frozen=True)
class Question:
    """One question of a message: its words, its topic, the likeliest topics, the treatments named,
    the words left beside them, the language if it is not English; when it is unsure, its topic if
    "it" should mean a treatment; and the urgent sign reported.
    """

    text: str
    topic: str
    likely: List[str]
    treatments: List[str]
    rest: str
    language: str = ""
    sign: str = ""
    if_treatment: str = ""

    def as_dict(self) -> Dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Reading:
    """A message as understood."""

    intent: str
    confidence: float
    ranking: Ranking
    questions: List[Question]

    def as_dict(self) -> Dict[str, Any]:
        """What Rasa keeps of it."""
        return {
            "intent": {"name": self.intent, "confidence": self.confidence},
            "intent_ranking": [{"name": t, "confidence": p} for t, p in self.ranking[:RANKED]],
            "questions": [question.as_dict() for question in self.questions],
        }


class Reader:
    """Reads messages; all its parts are loaded once."""

    def __init__(
        self,
        model: TopicModel,
        alarms: AlarmModel,
        asking: AskingModel,
        names: TreatmentNames,
        languages: Languages,
        topics: Mapping[str, Topic],
    ) -> None:
        self.languages = languages
        self.model = model
        self.alarms = alarms
        self.names = names
        self.kinds = {name: topic.kind for name, topic in topics.items()}
        self.parts = Parts(model, names, self.kinds)
        self.several = Several(self.parts, asking)
        self.buttons = {_plain(topic.ask): name for name, topic in topics.items()}
        self.urgent_words = UrgentWords(model.spelling.known)

    @classmethod
    def load(cls, folder: Path, content: Content) -> "Reader":
        """The reader whose trained parts lie in a folder; raises OSError when one is missing."""
        encoder = sentence_encoder()
        model = TopicModel.load(folder, encoder)
        return cls(
            model,
            AlarmModel.load(folder, encoder),
            AskingModel.load(folder, model.margins),
            TreatmentNames(content),
            Languages(content.languages, model.often),
            content.topics,
        )

    def read(self, text: str) -> Reading:
        """Understand one message; never raises, an empty one is unsure."""
        if not text.strip():
            return Reading(UNSURE, 1.0, [], [Question(text, UNSURE, [], [], "")])
        if sign := self.urgent_words.find(text):
            topic = SIGNS[sign]
            question = Question(text, topic, [], [], "", sign=sign)
            return Reading(topic, 1.0, [(topic, 1.0)], [question])
        text = text[:READ]
        corrected = self.model.spelling.correct(text)
        ranking, parts = self._rank(text, corrected), self.parts.of(corrected)
        # The classifier is the second net, for what the words do not catch.
        if urgent := self._urgent_part(text, corrected, [part for part, _ in parts]):
            sign = self.alarms.sign(urgent)
            topic = SIGNS.get(sign, URGENT)
            question = Question(text, topic, [], [], "", sign=sign)
            return Reading(topic, 1.0, ranking, [question])
        ranking = self.parts.calm(ranking)
        question = self._question(text, ranking, SURE)
        asked = self.several.find(parts, (corrected, ranking))
        questions = [self._question(*part, 0.0) for part in asked]
        if len(questions) > 1 or (questions and question.topic == UNSURE):
            return Reading(questions[0].topic, 1.0, ranking, questions)
        if question.topic in (UNSURE, ABILITIES):
            question = replace(question, if_treatment=self._if_treatment(corrected, ranking))
        if language := self._foreign(text, question.topic, ranking):
            question = replace(question, topic=OUTSIDE, language=language)
        return Reading(question.topic, ranking[0][1], ranking, [question])

    def _urgent_part(self, text: str, corrected: str, parts: List[str]) -> str:
        """The message, or the part of it, that raises an alarm in the second net; or nothing."""
        if _plain(text) in self.buttons:
            return ""
        heard = {part: self.alarms.hear(part) for part in parts}
        loud = {part: score for part, score in heard.items() if score >= LOUD}
        scores = {corrected: self.alarms.hear(corrected), **loud}
        loudest = max(scores, key=lambda part: scores[part])
        if scores[loudest] >= SET_ASIDE:
            return loudest
        heard_well = scores[loudest] >= ALARM and not self.urgent_words.sets_aside(text)
        return loudest if heard_well else ""

    def _foreign(self, text: str, topic: str, ranking: Ranking) -> str:
        """The language of a message that is not English; asked only where the topic is in doubt."""
        if topic not in (UNSURE, OUTSIDE) and ranking[0][1] >= CLEAR:
            return ""
        return self.languages.foreign(text) or ""

    def _rank(self, text: str, corrected: str) -> Ranking:
        if button := self.buttons.get(_plain(text)):
            return [(button, 1.0)]
        return self.model.rank_corrected(corrected)

    def _question(self, text: str, ranking: Ranking, sure: float) -> Question:
        topic, p = ranking[0]
        if topic in SMALL_TALK:
            sure = SMALL_TALK_SURE
        treatments, rest = self._treatments(text)
        likely = [name for name, _ in ranking[:OPTIONS]]
        return Question(text, topic if p >= sure else UNSURE, likely, treatments, rest)

    def _if_treatment(self, corrected: str, ranking: Ranking) -> str:
        """The topic when a treatment is spoken of: "it" is read as one, and what can be asked of
        each needs less to be believed.
        """
        topic, p = ranking[0]
        if topic in ASPECTS and p >= LEANS:
            return topic
        text, found = IT.subn(STAND_IN, corrected, count=1)
        topic, p = self.model.rank_corrected(text)[0] if found else ("", 0.0)
        return topic if p >= SURE else ""

    def _treatments(self, text: str) -> Tuple[List[str], str]:
        named = self.names.find(text)
        rest, end = [], 0
        for one in named:
            rest.append(text[end : one.start])
            end = one.end
        rest.append(text[end:])
        return list(dict.fromkeys(one.treatment for one in named)), " ".join("".join(rest).split())


def _plain(text: str) -> str:
    """For comparing with the words of a button."""
    return " ".join(text.casefold().replace("’", "'").strip(" .?!").split())
