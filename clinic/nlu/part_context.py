"""Reads each part of a message in the light of the parts before it."""

import re
from typing import List, Mapping, Optional

from clinic.nlu.asking_model import CLEAR, WISHES, Part
from clinic.nlu.split import is_question
from clinic.nlu.topic_model import TopicModel
from clinic.nlu.treatment_names import TreatmentNames

# What was told before makes a question an individual one from here on. Where the words speak no
# more than this for any individual topic, it never did, in 2,474 tries.
INDIVIDUAL, HARDLY = 0.75, -0.9
# The same for everybody, whatever a patient told of herself.
OF_THE_CLINIC = WISHES | {
    "price", "payment", "opening_hours", "place", "clinic_details", "availability", "practitioners",
    "appointment_length", "privacy",
}  # fmt: skip
# Asks what milia are, where it comes first and no treatment is named.
WHAT_IS_IT = re.compile(r"(?:so )?what(?:'?s| is| are) (?:it|they|these|this)(?: exactly)?\W*")
MILIA = "what are milia"
IT = re.compile(r"\b(it|that|this one|that one)\b")


class PartContext:
    """What parts of one message tell about each other: "it" is the treatment named before."""

    def __init__(self, model: TopicModel, names: TreatmentNames, kinds: Mapping[str, str]) -> None:
        self.model = model
        self.names = names
        self.individual = [name for name, kind in kinds.items() if kind == "practitioner"]

    def read(self, parts: List[Part]) -> List[Part]:
        """The parts with their words and topics as the parts before suggest."""
        told, treatment = "", ""
        named_anywhere = any(self.names.find(text) for text, _ in parts)
        done: List[Part] = []
        for part in parts:
            if not (done or named_anywhere) and WHAT_IS_IT.fullmatch(part[0]):
                part = MILIA, self.model.rank_corrected(MILIA)
            elif _asks(part):
                part = self._about_me(told, part) or self._about_it(treatment, part) or part
                told = ""
            else:
                told = f"{told} {part[0]}".strip()
            named = self.names.find(part[0])
            treatment = part[0][named[0].start : named[0].end] if named else treatment
            done.append(part)
        return done

    def _about_me(self, told: str, part: Part) -> Optional[Part]:
        """What was told before makes a question an individual one: "I am pregnant, can I have a
        peel".
        """
        if not told or _of_the_clinic(part):
            return None
        together = f"{told}, {part[0]}"
        margins = self.model.margins(together)
        if all(margins[topic] <= HARDLY for topic in self.individual):
            return None
        ranking = self.model.rank_corrected(together)
        topic, p = ranking[0]
        return (together, ranking) if topic in self.individual and p >= INDIVIDUAL else None

    def _about_it(self, treatment: str, part: Part) -> Optional[Part]:
        """ "It" means the treatment that an earlier part named."""
        if not treatment or self.names.find(part[0]):
            return None
        text, found = IT.subn(treatment, part[0], count=1)
        return (text, self.model.rank_corrected(text)) if found else None


def _asks(part: Part) -> bool:
    text, ranking = part
    topic, p = ranking[0]
    return is_question(text) or (topic in WISHES and p >= CLEAR)


def _of_the_clinic(part: Part) -> bool:
    """Whether a part clearly asks about the clinic, not about a treatment."""
    topic, p = part[1][0]
    return p >= CLEAR and topic in OF_THE_CLINIC
