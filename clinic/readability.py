"""How old a reader must be for a text of ours: the Automated Readability Index, as a reading age.

The index counts letters a word and words a sentence, so it needs no dictionary.
"""

import re

OLDEST = 11
# A formula says little about fewer words.
FEWEST = 8
# Words that a patient of this clinic reads everywhere on its page and that have no plainer one:
# each counts as a short word.
TERMS = re.compile(
    r"\b(milia|keratin|treatments?|practitioners?|consultations?|appointments?|cryotherapy"
    r"|(manual )?extraction|chemical peels?|micro-?needl\w+|skincare|medical-grade|exfoliat\w+"
    r"|exfoliants?|non-comedogenic|moisturisers?|ingredients?|retinol|salicylic|niacinamide"
    r"|AlumierMD|primary|secondary|persistent|prevention|discomfort|congest\w+|professional\w*"
    r"|pregnan\w+|breastfeeding|medicines?|children|breathing|swallow\w*|confusion|temperature"
    r"|emergency|telephone|address|message|conversation|automated|assistant)\b",
    re.IGNORECASE,
)
# A page, an address, a number, a placeholder: read at a glance.
FIXED = re.compile(r"https?://\S+|\S+@\S+|\+?\d[\d ]{5,}|{\w+}")


def reading_age(text: str) -> float:
    """The age at which British children read a text easily; 0 for a text of few words. Lines of a
    list are no sentences and do not count.
    """
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("•")]
    plain = TERMS.sub("plain", FIXED.sub("plain", "\n".join(lines)))
    words = [word for word in plain.split() if re.search(r"\w", word)]
    if len(words) < FEWEST:
        return 0.0
    sentences = [one for one in re.split(r"[.!?:]\s|\n+|[.!?:]$", plain) if one.strip()]
    letters = len(re.findall(r"[^\W_]", plain))
    grade = 4.71 * letters / len(words) + 0.5 * len(words) / len(sentences) - 21.43
    # The first grade is for children of six.
    return grade + 5


def too_hard(text: str) -> str:
    """What is wrong with a text that is hard to read, or nothing."""
    age = reading_age(text)
    if round(age) <= OLDEST:
        return ""
    return f"has a reading age of {age:.0f}, {OLDEST} at most: use shorter words and sentences"
