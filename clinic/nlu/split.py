"""Split a message into the questions that may be in it.

Only a proposal: clinic.nlu.questions keeps a split when each part names a topic of its own.
"""

import re
from typing import List

from spacy.language import Language
from spacy.tokens import Doc, Token

ASKING = set(
    "what how when where which who why whose whats hows wheres whens whos wot wots "
    "whereabouts".split()
)
AUXILIARIES = set(
    "do does did is are was can could will would should have has am may shall".split()
)
# "... and whether there is parking", "... and tell me the price".
EMBEDDED = {"whether", "if", "tell"}
OPENING = set(
    "hi hello hey well erm um ok okay right so but and now please just quick question".split()
)
PREPOSITIONS = {"in", "to", "from", "for", "at", "by", "with", "on", "of"}
ASKING_PAIRS = {"any chance", "any idea", "tell me", "how's it", "can i", "want to", "wondering if"}
# "... or what?", "... or more": the end of a question, not another one.
NO_END = set("what wot not more less else something so no thanks ta cheers pls please lol".split())
# "The place where", "a lady who": these lengthen the clause when a noun stands before them.
RELATIVE = {"where", "when", "which", "who"}
# "I know how", "tell me what", "depends on which": the asking word goes on with the clause before
# it.
GOES_ON_AFTER = set(
    "know knows tell me about see wonder wondering ask asking sure understand explain of on for "
    "exactly out idea say matter to in at with by from just so is was that find then clue no like "
    "remember and or but also plus check curious than".split()
)
TOKEN = re.compile(r"\w+(?:['’]\w+)?|[^\w\s]|\n")
PRONOUNS = set("i you u ye ya it they we he she this that these those there".split())
PERSONS = set("i you u they we".split())
SUBJECTS = PRONOUNS | set("the milia".split())
JOINING = {"and", "also", "plus", "or", "&", "but", ",", ";", "+", "/", "then", "n"}
FILLING = set("also then so btw please pls oh ok and if maybe just lastly finally secondly".split())


def split(text: str, language: Language) -> List[str]:
    """The parts of a message that may each be a question, in order; the message itself when there
    is only one.
    """
    tokens = TOKEN.findall(text.lower())
    if len(tokens) < 3 or not _may_split(tokens):
        return [text]
    doc = language(text)
    starts = sorted({0, *(i for i in range(1, len(doc)) if _begins(doc, i))})
    spans = [doc[a:b] for a, b in zip(starts, [*starts[1:], len(doc)], strict=True)]
    parts = [_trim(span.text) for span in spans]
    return [part for part in _completed(parts) if re.search(r"\w\w", part)] or [text]


def is_question(part: str) -> bool:
    """Whether a part has the form of a question: an asking word or an inverted verb first, or a
    mark.
    """
    words = [word.strip(",.!…").lower() for word in part.split()]
    while len(words) > 1 and words[0] in FILLING | OPENING:
        words = words[1:]
    if words[0] in PREPOSITIONS and len(words) > 2:
        words = words[1:]
    if words[0] in ASKING | AUXILIARIES | EMBEDDED or " ".join(words[:2]) in ASKING_PAIRS:
        return len(words) > 1
    if any(a in AUXILIARIES and b in PRONOUNS for a, b in zip(words[1:], words[2:], strict=False)):
        return True  # "im on tablets is that a problem"
    return part.rstrip().endswith("?") and len(words) > 2


def _may_split(tokens: List[str]) -> bool:
    """Whether a new part could begin anywhere; most messages are one question, and need no
    parsing.
    """
    told = tokens[:1] and tokens[0] not in ASKING | AUXILIARIES
    for i in range(1, len(tokens)):
        before, here = tokens[i - 1], tokens[i]
        if not before[-1].isalnum() and before not in "'’":
            return True
        if before in JOINING and not (before == "or" and here in AUXILIARIES):
            return True
        if i > 1 and here in ASKING and before not in GOES_ON_AFTER | ASKING:
            return True
        inverted = i > 2 and here in AUXILIARIES and set(tokens[i + 1 : i + 2]) & SUBJECTS
        if inverted and (told or set(tokens[: i - 1]) & AUXILIARIES):
            return True
    return False


def _begins(doc: Doc, i: int) -> bool:
    """Whether a new part begins at token i."""
    before, here = doc[i - 1], doc[i]
    if _ends(before):
        return True
    if before.lower_ == "or" and here.lower_ in AUXILIARIES:
        return False  # "is it one visit or do I come back": one question with two ends
    if before.lower_ in JOINING and here.lower_ not in JOINING:
        return not _inside_list(doc, i)
    if here.lower_ in ASKING and before.lower_ not in GOES_ON_AFTER | ASKING:
        return i > 1 and not (here.lower_ in RELATIVE and before.tag_.startswith("NN"))
    return _inverted(doc, i) and (here.is_sent_start is True or _asked_before(doc, i))


def _asked_before(doc: Doc, i: int) -> bool:
    """Whether the words before a verb and its subject have asked already: "does it hurt will it
    scar", but "how long after it is done will it heal".
    """
    if doc[i + 1].lower_ not in SUBJECTS or not _may_ask_at(doc, i):
        return False
    for j in range(i - 1, -1, -1):
        if _asks_at(doc, j):
            return True
        if doc[j].lower_ in ASKING | JOINING or _ends(doc[j]):
            return False
    return False


def _may_ask_at(doc: Doc, i: int) -> bool:
    """Whether a verb before a subject can begin a question: not in "do you know is it", "it is
    the", "can I do it".
    """
    before, here, after = (token.lower_ for token in doc[i - 1 : i + 2])
    if before in SUBJECTS:
        return after in PERSONS or (after == "it" and here not in {"do", "have"})
    return before not in GOES_ON_AFTER | ASKING | AUXILIARIES


def _asks_at(doc: Doc, i: int) -> bool:
    """Whether a question has its verb at token i: first, or after an asking word."""
    first = i == 0 or doc[i - 1].lower_ in ASKING
    return doc[i].lower_ in AUXILIARIES and (first or doc[i + 1].lower_ in SUBJECTS)


def _ends(token: Token) -> bool:
    return token.text[-1] in ".?!\n" or token.text in {"-", "–", "—", "..."} or token.is_space


def _inverted(doc: Doc, i: int) -> bool:
    """An auxiliary before a subject: "does it", "can you"."""
    return (
        doc[i].lower_ in AUXILIARIES and i + 1 < len(doc) and doc[i + 1].lower_ not in AUXILIARIES
    )


def _inside_list(doc: Doc, i: int) -> bool:
    """Whether the joined words only lengthen the part before: neither they nor it have a verb, or
    the next is not a clause.
    """
    after = doc[i]
    while (after.lower_ in FILLING or after.tag_ == "RB") and after.i + 1 < len(doc):
        after = doc[after.i + 1]
    return not (
        after.lower_ in ASKING | EMBEDDED
        or after.lower_ in AUXILIARIES
        or _inverted(doc, after.i)
        or _short_end(doc, i)
    )


def _short_end(doc: Doc, i: int) -> bool:
    """The rest up to the end or the next join is one to three words: "price, pain, downtime?", "...
    and scar".
    """
    end = next((t.i for t in doc[i:] if t.lower_ in JOINING or _ends(t)), len(doc))
    return 1 <= end - i <= 3


def _trim(part: str) -> str:
    """Without the joining words and marks at both ends."""
    part = part.strip(" \t\n,;-–—+&/")
    words = part.split()
    while len(words) > 1 and words[0].lower().strip(",") in JOINING | FILLING:
        words = words[1:]
    while len(words) > 1 and words[-1].lower() in JOINING:
        words = words[:-1]
    return " ".join(words)


def _completed(parts: List[str]) -> List[str]:
    """Give a bare end its beginning: "does freezing hurt", "scar" -> "does freezing hurt", "does
    freezing scar".
    """
    done: List[str] = []
    for part in parts:
        before = done[-1].split() if done else []
        bare = (
            len(part.split()) <= 2
            and part.split()[:1]
            and part.split()[-1].lower().strip("?!.") not in NO_END | JOINING | FILLING
            and part.split()[0].lower() not in ASKING | AUXILIARIES
            and re.search(r"\w\w", part)
        )
        again = set(part.lower().split()) & {word.lower() for word in before}
        if bare and not again and len(before) > 2 and before[0].lower() in AUXILIARIES:
            part = " ".join([*before[:2], part])
        done.append(part)
    return done
