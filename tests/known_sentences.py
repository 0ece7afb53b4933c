"""Which sentences of a reply stand in content/, for the tests of what the bot may say."""

import re

import yaml

from clinic.settings import PROJECT
from clinic.words import sentences
from tests.test_answers import all_texts


def written(content, *files):
    """Every sentence of content/, or of these files of it, with the clinic's details filled in."""
    found = [PROJECT / "content" / name for name in files] or (PROJECT / "content").glob("*.yml")
    texts = [t for f in found for t in all_texts(yaml.safe_load(f.read_text(encoding="utf-8")))]
    return {plain(s) for text in texts for s in sentences(content.fill(text))}


def plain(sentence):
    """A sentence without the marks, numbers and quotes that the frame of a reply puts around it."""
    return re.sub(r"^[•\d. “]+|[.:”“]+$", "", sentence).strip()


def known(sentence, sentences_of_content):
    """A sentence of content/, or a line of a list: `Name: short`."""
    return plain(sentence) in sentences_of_content or all(
        plain(part) in sentences_of_content for part in sentence.lstrip("• ").split(": ", 1)
    )
