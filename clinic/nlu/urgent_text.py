"""A message in the plain form in which clinic.nlu.urgent_words looks at it."""

import re
import unicodedata
from typing import Collection, Dict, List

from rapidfuzz.distance import OSA

# Slips are looked for from five letters on; two are believed from eight letters on.
ONE_SLIP, TWO_SLIPS = 5, 8
# Other ways to write the same word: text-speak and the long forms of short words.
SAME: Dict[str, str] = {
    "u": "you", "ur": "your", "r": "are", "cannot": "cant", "can not": "cant", "could not": "cant",
    "couldnt": "cant", "carnt": "cant", "cnt": "cant", "cudnt": "cant", "not able to": "cant",
    "unable to": "cant", "do not": "dont", "dnt": "dont", "does not": "doesnt", "dosent": "doesnt",
    "doesn": "doesnt", "is not": "isnt", "are not": "arent", "will not": "wont", "wont't": "wont",
    "has not": "hasnt", "have not": "havent", "did not": "didnt", "was not": "wasnt",
    "i am": "im", "i have": "ive", "iv": "ive", "it is": "its", "it has": "its", "there is": "theres",
    "there are": "theres", "theres is": "theres", "wanna": "want to", "gonna": "going to",
    "bf": "boyfriend", "gf": "girlfriend", "cos": "because", "coz": "because", "cuz": "because",
    "bc": "because", "wiv": "with", "w": "with", "b4": "before", "2day": "today", "2moro": "tomorrow",
    "any more": "anymore", "any longer": "anymore", "no more": "anymore", "me eye": "my eye",
    "me eyes": "my eyes", "me face": "my face", "alot": "a lot", "rly": "really", "rlly": "really",
    "thru": "through", "frm": "from", "skn": "skin", "hurtin": "hurting", "gettin": "getting",
    "goin": "going", "cheeck": "cheek", "he is": "hes", "she is": "shes", "he has": "hes",
    "she has": "shes", "you have": "youve", "a e": "hospital", "sum1": "someone", "some one": "someone",
    "eye lid": "eyelid", "eye lids": "eyelids", "eye ball": "eyeball", "wot": "what", "dis": "this",
    "da": "the", "dat": "that", "ma": "my", "muvva": "mother", "bleedin": "bleeding", "an i": "and i",
}  # fmt: skip
_SAME = re.compile(r"(?<= )(?:" + "|".join(sorted(map(re.escape, SAME), key=len)[::-1]) + r")(?= )")
# Words that look like a denial and are none.
NO_DENIAL = re.compile(
    r"(?<= )(?:no idea(?: why| what| how)?|not (?:really )?sure(?: if| why| what| whether)?"
    r"|dont (?:really )?know(?: if| why| what| whether| how)?|not only|not just|no doubt|never mind"
    r"|i dont think thats normal|cant believe(?: how)?|not being funny(?: but)?|no joke|not (?:gonna|going to) lie"
    r"|not joking|not kidding|no kidding|not long (?:after|ago)|not lying)(?= )"
)
# What is asked around a report, and would look like a general question.
AROUND = re.compile(
    r"(?<= )(?:(?:what|wot) (?:do|should|can|could|shall|must|would) (?:i|we|you)(?: \w+)? (?:do|advise|suggest|recommend)"
    r"(?: about| if(?= (?:my|his|her|im|ive|hes|shes|the baby) )| when| with| now)?"
    r"|(?:can|could|would|will|pls|please) (?:you|someone|somebody|anyone|anybody|u|one)(?: \w+)? (?:help|tell me|advise|phone|ring|call|fix|check)(?: me)?"
    r"|do (?:you|u) (?:think|know|reckon)(?: why| if| that)?|should (?:i|we|he|she) (?:be worried|worry|go|ring|call|see|come|be concerned|get|wait|take|phone|contact)"
    r"|do (?:i|we) (?:need|have to|ring|call|go|just|wait|want)|can i (?:speak|talk|see|get|ring|call|come)"
    r"|who (?:do|can|should) i (?:ring|call|see|speak to|talk to|contact)|where (?:do|can|should) i go)(?= )"
)


def plain(text: str) -> str:
    """Lower case, without apostrophes, one space around each word and each mark."""
    text = unicodedata.normalize("NFKC", text).lower().replace("a&e", "hospital").replace("&", " and ")
    text = re.sub(r"[’'`´]", "", text)
    text = re.sub(r"([a-z])\1{2,}", r"\1\1", text)
    text = re.sub(r"\.{2,}|…|[,;:()–—]| - ", " , ", text)
    text = re.sub(r"(?<=\d)\.(?=\d)", " ", text)
    text = re.sub(r"([.?!\n])", lambda m: f" {m.group().replace(chr(10), '.')} ", text)
    text = " ".join(["", *re.sub(r"[^\w,.?!]", " ", text).split(), ".", ""])
    text = _SAME.sub(lambda m: SAME[m.group()], _SAME.sub(lambda m: SAME[m.group()], text))
    return AROUND.sub(",", NO_DENIAL.sub(",", text))


class Keywords:
    """The words that matter most, recognised with a slip of the finger."""

    def __init__(self, keywords: List[str], known: Collection[str]) -> None:
        self.keywords = keywords
        self.known = {word.replace("'", "") for word in known} | set(keywords)

    def mended(self, text: str) -> str:
        """The plain text, with each unknown word that is nearly a keyword replaced by it."""
        return " ".join(["", *map(self._nearest, text.split()), ""])

    def _nearest(self, word: str) -> str:
        if len(word) < ONE_SLIP or word in self.known:
            return word
        reach = 2 if len(word) >= TWO_SLIPS else 1
        near = [
            (OSA.distance(word, keyword, score_cutoff=reach), keyword)
            for keyword in self.keywords
            if keyword[0] == word[0] and len(keyword) >= ONE_SLIP
        ]
        distance, keyword = min(near, default=(reach + 1, word))
        return keyword if distance <= reach else word
