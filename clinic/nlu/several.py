"""Two or three questions in one message: which of its parts ask something of their own."""

import re
from typing import Callable, Dict, List, Mapping, Optional, Tuple

from clinic.content import TREATMENTS
from clinic.nlu.split import is_question
from clinic.nlu.topic_model import Ranking
from clinic.nlu.treatment_names import TreatmentNames

# A part of a message, and its topics.
Part = Tuple[str, Ranking]
# A part counts from here on: more than a whole message needs, because a part is often a piece of
# something else. Chosen on the choosing quarter of evaluation/questions.yml.
CLEAR = 0.9
# What was told before makes a question an individual one from here on.
INDIVIDUAL = 0.75
# Asked for without the form of a question: "book me in".
WISHES = {"booking", "booking_change", "person", "complaint"}
# Said around a question, or by a piece of one: never a question of its own beside another.
NEVER_A_PART = {
    "greeting", "thanks", "goodbye", "abilities", "agreement", "refusal", "repeat", "abuse",
    "out_of_scope",
}  # fmt: skip
IT = re.compile(r"\b(it|that|this one|that one)\b")
# "price, pain, downtime?": parts of so few words ask by themselves when there are so many of them.
SHORT, LISTED = 3, 3
# A bare name asks nothing beside other words: "milia or spots", "peels or microneedling".
NAMES = {"definition", *TREATMENTS}


def _short(part: Part) -> bool:
    text, ranking = part
    return len(text.split()) <= SHORT and ranking[0][0] not in NAMES


class Several:
    """Finds the questions among the parts of a message."""

    def __init__(
        self, rank: Callable[[str], Ranking], names: TreatmentNames, kinds: Mapping[str, str]
    ) -> None:
        self.rank = rank
        self.names = names
        self.kinds = kinds

    def find(self, parts: List[Part]) -> List[Part]:
        """The parts that ask, in order, each with its topics; the same topic twice is one
        question.
        """
        questions: Dict[str, Part] = {}
        listed = len(parts) >= LISTED and all(map(_short, parts))
        told, treatment = "", ""
        for part in parts:
            if not (listed or self._asks(part)):
                told = f"{told} {part[0]}".strip()
                continue
            part = self._about_me(told, part) or self._about_it(treatment, part) or part
            told = ""
            if self._counts(part):
                questions.setdefault(part[1][0][0], part)
            named = self.names.find(part[0])
            treatment = part[0][named[0].start : named[0].end] if named else treatment
        return list(questions.values())

    def _asks(self, part: Part) -> bool:
        text, ranking = part
        topic, p = ranking[0]
        return is_question(text) or (topic in WISHES and p >= CLEAR)

    def _about_me(self, told: str, part: Part) -> Optional[Part]:
        """What was told before makes a question an individual one: "I am pregnant, can I have a
        peel".
        """
        if not told:
            return None
        together = f"{told}, {part[0]}"
        ranking = self.rank(together)
        topic, p = ranking[0]
        individual = self.kinds.get(topic) == "practitioner" and p >= INDIVIDUAL
        return (together, ranking) if individual else None

    def _about_it(self, treatment: str, part: Part) -> Optional[Part]:
        """ "It" means the treatment that an earlier part named."""
        if not treatment or self.names.find(part[0]):
            return None
        text, found = IT.subn(treatment, part[0], count=1)
        return (text, self.rank(text)) if found else None

    def _counts(self, part: Part) -> bool:
        topic, p = part[1][0]
        return p >= CLEAR and topic not in NEVER_A_PART and self.kinds.get(topic) != "urgent"
