"""Which language a message is written in, when it does not seem to be English."""

import re
from typing import Collection, Iterable, Optional

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

from clinic.nlu.spelling import WORD, clean

# Below this the message is too short or too odd to name its language.
SURE_OF_LANGUAGE = 0.9
# A message is English when a larger share of its words than this stands in our training sentences.
MOSTLY = 0.5
# Three Latin letters or more without a vowel are no word of any of these languages.
NOISE = re.compile(r"\b[bcdfghjklmnpqrstvwxz]{3,}\b", re.IGNORECASE)


class Languages:
    """Tells the languages apart that content/languages.yml has a sentence for."""

    def __init__(self, names: Iterable[str], english_words: Collection[str]) -> None:
        self.english_words = english_words
        self.detector: LanguageDetector = (
            LanguageDetectorBuilder.from_languages(*map(Language.from_str, names))
            # 47 MB instead of about 1 GB, and enough for whole sentences.
            .with_low_accuracy_mode()
            .build()
        )

    def foreign(self, text: str) -> Optional[str]:
        """The name of the language, or None when it is English or cannot be told."""
        words = WORD.findall(clean(text))
        if sum(word in self.english_words for word in words) > len(words) * MOSTLY:
            return None
        if NOISE.search(text):
            return None
        found = self.detector.compute_language_confidence_values(text)
        if not found or found[0].language == Language.ENGLISH:
            return None
        name: str = found[0].language.name
        return name if found[0].value >= SURE_OF_LANGUAGE else None
