"""Tells what a patient reports from what is denied, asked in general, or only feared.

All on the words before and after a sign in its own sentence, in the plain form of urgent_text.
"""

import re
from typing import Pattern


def _words(pattern: str) -> Pattern[str]:
    """A pattern in which only single spaces stand for spaces; line ends are left out."""
    return re.compile(pattern.replace("\n", ""))


# "no pus", "it isn't swollen", "no redness, swelling or pus"; but "no, my eye is swollen".
DENIED = _words(
    r" (?:(?:not|isnt|arent|wasnt|without|never|dont|doesnt|didnt|hasnt|havent|aint|nor|cant|wont|"
    r"stopped|neither)(?! (?:stop|well|right|good|ok|great|normal|sure|know|heal|healed|healing|"
    r"open|breathe|settled?|settling|closed?|sleep|eat|move|swallow|work|working|help|helping|"
    r"helped|cope|calm|calmed|calming|believe|funny|nice|happy|himself|herself|myself|drink|"
    r"drinking|feeding|wake|see|being able|just|only|long|even) )(?: \w+){0,2}"
    r"|(?:no|zero|without|nor)(?! (?:my|i|im|its|the|ive|it|he|she|there|theres) )(?: \w+){0,2}"
    r"|(?:no|not|without|isnt|arent|any)(?: \w+){1,2}(?: (?:,|or|nor|and)(?: \w+){1,2}){1,4})$"
)
# A new statement begins here: what was asked before does not reach it.
RESET = _words(
    r" (?:,|and|and also|also|plus|but|because|since|that|"
    r"so|as|or|sure if|know if|tell if|sure whether|"
    r"why is|"
    r"why are|why has|why does|why do|yet|though|although)"
    r"(?= (?:my|im|ive|i|its|theres|hes|shes|he|she|his|her|the|this|there|now|were|weve|mum|mums|"
    r"baby|our|it|they|theyre|whole|today|yesterday|got|still|both|had|have|has|mine|face|eye|eyes|"
    r"lip|lips|cheek|skin|son|daughter|husband|wife|partner|nan|gran|dad|been|woke|left|right|cant|"
    r"wont|feel|feeling|please|pls|help|weve|theyve|toddler|child) )"
)
# "will it blister", "does it bleed", "likely to swell".
ASKED = _words(
    r" (?:can|could|will|would|might|may|shall|does|do|going to|likely to|likely|tend to|usually|"
    r"normally|ever|wil|able to|hope|hopefully)(?: [^ ,]+){0,8}$"
)
# "should it be oozing": asked in general, unless it happens now (REPORTED).
SOFTLY = _words(r" (?:should|must|supposed to|meant to)(?: [^ ,]+){0,8}$")
# "I can feel it swelling", "it might be infected", "I did it myself": no questions.
# "do you think my cheek is infected", "is milia catching, ive got pus": what is so, in a question.
STATED = _words(
    r" \w+ (?:(?:my|his|her|our|mine|babys?|mums?|dads?|nans?|sons?|daughters?|husbands?|wifes?|"
    r"this|the|that|its) (?:\w+ ){0,2}(?:is|are|has|keeps|went|was|been|feels|looks|started|wont|"
    r"cant|got|came|just|now|still)|mine (?:is|are|has|was|keeps|went)|"
    r"ive(?: just| now| got| had| been)|im(?: now| still| in| so| really)|hes|shes|theyve|weve|"
    r"i (?:woke|had|got|keep|cant)|its (?:now|still|been|gone|got|getting|all)) "
)
SENSED = _words(
    r" (?:can|could) (?:\w+ )?(?:see|feel|hear|smell|taste|barely|hardly|only|still|just|actually)"
    r"\b|(?:might|may|could|must) (?:be|have)\b|(?:could|might|can) (?:this|it|that) be\b|think|"
    r"reckon|did [a-z]+ (?:myself|at home)"
)
IFS = _words(
    r"(?<!sure)(?<!know)(?<!see)(?<!tell)(?<! as)(?<!even)(?<!wonder)(?<!wondering)(?<!ask)"
    r"(?<!check) (?:if|incase|in case|unless|whenever|what about|in the event)(?: [^ ]+){0,7}$"
)
TELLING = _words(
    r" how (?:do|would|will|can|could|should|to) (?:(?:i|you|u|we|one) )?(?:know|tell|spot)\b"
)
FEARED = _words(
    r" (?:risks?|chances?|possibility|possible|dangers?|causes?|caused by|leads? to|"
    r"leading to|prevent|avoid|prone to|worry about|worried (?:about|of|it)|"
    r"scared (?:of|about|it)|afraid (?:of|it)|fear of|nervous (?:of|about)|allergic to|"
    r"allergy to|reduces?|meaning of|instead of|rather than|types? of|kinds? of|"
    r"difference between|heard (?:of|about)|(?:seen|saw) (?:an?|your|some|one|people|it on|this on|"
    r"loads of)|videos?|pictures?|photos?|read about|"
    r"look out for|side effects?|spots have|pimples have|acne has)"
    r"(?: (?!my |the |this |his |her |our )[^ ,]+){0,3}$"
)
OPENED = _words(
    r"^(?: (?:hi|hello|hey|so|and|but|ok|also|um|erm|well|just|wondering|wonder|please|oh|then|"
    r"quick|question|or|whether|if|,|good|morning|evening|pls|btw|sorry|right|actually|to|know|"
    r"tell|me))* (?:is|are|was|were|isnt|arent|how|what|whats|which|why|any|when|who|does|do|can|"
    r"could|will|would|might|should|hows|did)\b"
    r"(?! (?:has|have|is|are|does|do|did)? ?(?:my|his|her|our|im|i|this|these) )(?: [^ ]+){0,9}$"
)
LASTS = _words(
    r"^(?: \w+){0,4} (?:lasts?(?= for| after| long| usually| \?)|how long|common|normal after|"
    r"possible|poss|a risk|go down|usual|risk|or what(?= [.?!])|or nah|or no|or not|or just|"
    r"or something|or both)\b"
)
REPORTED = _words(
    r" (?:since|still|right now|today|tonight|yesterday|this morning|days (?:on|later|after|ago)|"
    r"days? in|this (?:much|bad|badly|red|sore|swollen|painful)|so (?:much|badly|bad)|keeps|"
    r"be (?:leaking|bleeding|blistering|weeping|oozing|swelling|spreading|getting|throbbing|"
    r"burning|peeling|crusting|hurting)|that (?:my|its|it|the)|its (?:still|getting|all|now|gone|"
    r"been)) "
)


def set_aside(before: str, sign: str, after: str) -> bool:
    """Whether a sign is denied, asked in general or only feared, by the words around it in its own
    sentence.
    """
    clause = " " + RESET.split(f"{before} ")[-1].strip()
    return bool(DENIED.search(clause)) or _in_general(before, clause, sign, after)


def _in_general(before: str, clause: str, sign: str, after: str) -> bool:
    if any(pattern.search(clause) for pattern in (IFS, FEARED)) or TELLING.search(before):
        return True
    if STATED.search(f" {before.strip()}{sign} "):
        return False
    if ASKED.search(clause) and not SENSED.search(clause + sign):
        return True
    if REPORTED.search(f"{before}{sign}{after} "):
        return False
    return bool(SOFTLY.search(clause) or OPENED.search(clause) or LASTS.search(after))
