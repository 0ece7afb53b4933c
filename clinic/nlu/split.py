"""Split a message into the questions that may be in it.

Only a proposal: clinic.nlu.questions keeps a split when each part names a topic of its own.
"""

import re
from typing import List

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
# "The place where", "someone who": these lengthen the clause of what was just named.
RELATIVE = {"where", "when", "which", "who", "whos"}
NAMING = set(
    "a an the this that my your ur his her their our some any one no every each next last".split()
)
NAMED = set(
    "someone anyone somebody anybody everyone people person place one ones those thing".split()
)
# "I know how", "tell me what", "depends on which": the asking word goes on with the clause before
# it.
GOES_ON_AFTER = set(
    "know knows tell me about see wonder wondering ask asking sure understand explain of on for "
    "exactly out idea say matter to in at with by from just so is was that find then clue no like "
    "remember and or but also plus check curious than".split()
)
# Says how or when, and nothing more: what follows it decides.
ADVERBS = set(
    "not now right first next else still afterwards roughly honestly really actually usually "
    "apparently separately seriously".split()
)
# "Don't", "i'm" and "what's" are two words each, with or without the apostrophe; "bio-oil" and
# "6.5" are one.
TOKEN = re.compile(
    r"(?:do|does|did|is|are|was|ca|could|wo|would|should|have|has)(?=n['’]?t\b)|n['’]?t\b"
    r"|i(?=m\b|ve\b)|['’]\w+|\d+(?:[.,:/]\d+)+|\w+(?:-\w+)*|[^\w\s]|\n"
)
PRONOUNS = set("i you u ye ya it they we he she this that these those there".split())
PERSONS = set("i you u they we".split())
SUBJECTS = PRONOUNS | set("the milia".split())
JOINING = {"and", "also", "plus", "or", "&", "but", ",", ";", "+", "/", "then", "n"}
ENDS = {".", "?", "!", "\n", "-", "–", "—", "…"}
FILLING = set("also then so btw please pls oh ok and if maybe just lastly finally secondly".split())


def split(text: str) -> List[str]:
    """The parts of a message that may each be a question, in order; the message itself when there
    is only one.
    """
    tokens = list(TOKEN.finditer(text.lower()))
    words = [token.group() for token in tokens]
    starts = [tokens[i].start() for i in range(1, len(words)) if _begins(words, i)]
    if not starts:
        return [text]
    spans = zip([0, *starts], [*starts, len(text)], strict=True)
    parts = [_trim(text[a:b]) for a, b in spans]
    return [part for part in _completed(parts) if _says_something(part)] or [text]


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


def _begins(words: List[str], i: int) -> bool:
    """Whether a new part begins at word i."""
    before, here = words[i - 1], words[i]
    if before in ENDS:
        return True
    if before == "or" and here in AUXILIARIES:
        return False  # "is it one visit or do I come back": one question with two ends
    if before in JOINING and here not in JOINING:
        return not _inside_list(words, i)
    if here in ASKING and before not in GOES_ON_AFTER | ASKING:
        return i > 1 and not _relative(words, i)
    return _inverted(words, i) and _asked_before(words, i)


def _relative(words: List[str], i: int) -> bool:
    """Whether an asking word goes on with what was named before it: "a lady who does it", but "my
    lady who is it".
    """
    asks = _inverted(words, i + 1) and words[i + 2] in SUBJECTS
    named = words[i - 2] in NAMING or words[i - 1] in NAMED
    return words[i] in RELATIVE and named and not asks


def _asked_before(words: List[str], i: int) -> bool:
    """Whether the words before a verb and its subject have asked already: "does it hurt will it
    scar", but "how long after it is done will it heal".
    """
    if words[i + 1] not in SUBJECTS or not _may_ask_at(words, i):
        return False
    for j in range(i - 1, -1, -1):
        if _asks_at(words, j):
            return True
        if words[j] in ASKING | JOINING | ENDS:
            return False
    return False


def _may_ask_at(words: List[str], i: int) -> bool:
    """Whether a verb before a subject can begin a question: not in "do you know is it", "it is
    the", "can I do it".
    """
    before, here, after = words[i - 1 : i + 2]
    if before in SUBJECTS:
        return after in PERSONS or (after == "it" and here not in {"do", "have"})
    return before not in GOES_ON_AFTER | ASKING | AUXILIARIES


def _asks_at(words: List[str], i: int) -> bool:
    """Whether a question has its verb at word i: first, or after an asking word."""
    first = i == 0 or words[i - 1] in ASKING
    return words[i] in AUXILIARIES and (first or words[i + 1] in SUBJECTS)


def _inverted(words: List[str], i: int) -> bool:
    """An auxiliary before a subject: "does it", "can you"."""
    return i + 1 < len(words) and words[i] in AUXILIARIES and words[i + 1] not in AUXILIARIES


def _inside_list(words: List[str], i: int) -> bool:
    """Whether the joined words only lengthen the part before: neither they nor it have a verb, or
    the next is not a clause.
    """
    after = i
    while words[after] in FILLING | ADVERBS and after + 1 < len(words):
        after += 1
    return not (
        words[after] in ASKING | EMBEDDED | AUXILIARIES
        or _inverted(words, after)
        or _short_end(words, i)
    )


def _short_end(words: List[str], i: int) -> bool:
    """The rest up to the end or the next join is one to three words: "price, pain, downtime?", "...
    and scar".
    """
    end = next((j for j in range(i, len(words)) if words[j] in JOINING | ENDS), len(words))
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


def _says_something(part: str) -> bool:
    """Whether a part is more than "and", "also" or a mark."""
    return re.search(r"\w\w", part) is not None and part.lower() not in JOINING | FILLING


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
