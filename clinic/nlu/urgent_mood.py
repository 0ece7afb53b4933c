"""Tells what a patient reports from what is denied, asked in general, or only feared."""

import re

# "no pus", "it isn't swollen", "no redness, swelling or pus".
DENIED = re.compile(
    r" (?:(?:not|isnt|arent|wasnt|without|never|dont|doesnt|didnt|hasnt|havent|aint|nor|cant|wont|stopped|neither)(?: \w+){0,2}"
    r"|(?:no|zero|without|nor)(?! (?:my|i|im|its|the|ive|it|he|she|there|theres) )(?: \w+){0,2}"
    r"|(?:no|not|without|isnt|arent|any)(?: \w+){1,2}(?: (?:,|or|nor|and)(?: \w+){1,2}){1,4})$"
)
UNDENIED = re.compile(r" (?:not (?:only|just)|no(?= my|(?= its)))")
# A new statement begins: what was asked before does not reach it.
RESET = re.compile(
    r" (?:,|and|but|because|since|that|so|as|or|sure if|know if|tell if|sure whether|why is|why are|why has|why does|yet|though|although)(?= (?:my|im|ive|i|its|theres"
    r"|hes|shes|he|she|his|her|the|this|there|now|were|weve|mum|mums|baby|our|it|they|theyre|whole|today|yesterday|got|still|both|had|have|has) )"
)
ASKED = re.compile(
    r" (?:can|could|will|would|might|may|shall|does|do|going to|likely to|likely|tend to|"
    r"usually|normally|ever|wil|did|able to|hope|hopefully)(?: [^ ,]+){0,8}$"
)
SOFTLY = re.compile(r" (?:should|must|supposed to|meant to)(?: [^ ,]+){0,8}$")
SENSED = re.compile(r" (?:can|could) (?:\w+ )?(?:see|feel|hear|smell|taste|barely|hardly|only|still|just|actually)\b|(?:might|may|could|must) (?:be|have)\b|think|reckon|(?<!when) did [a-z]+ (?:myself|at home)")
TELLING = re.compile(r" how (?:do|would|will|can|could|should|to) (?:(?:i|you|u|we|one) )?(?:know|tell|spot)\b")
IFS = re.compile(r"(?<!sure)(?<!know)(?<!see)(?<!tell)(?<! as)(?<!even)(?<!wonder)(?<!wondering)(?<!ask)(?<!check) (?:if|incase|in case|unless|whenever|what about|in the event)(?: [^ ]+){0,7}$")
FEARED = re.compile(
    r" (?:risk|risks|chance|chances|possibility|possible|danger|dangers|causes?|caused|causing|leads? to|leading to|prevent|avoid|prone to|worry about|worried (?:about|of|it)|"
    r"scared (?:of|about|it)|afraid (?:of|it)|fear of|nervous (?:of|about)|allergic to|allergy to|reduces?|meaning of|"
    r"instead of|rather than|types? of|kinds? of|difference between|heard (?:of|about)|seen|saw|video|picture|photos?|read about|look out for|side effects?|look like|looks like a|spots have|pimples have|acne has)(?: [^ ,]+){0,3}$"
)
OPENED = re.compile(
    r"^(?: (?:hi|hello|hey|so|and|but|ok|also|um|erm|well|just|wondering|wonder|please|oh|then|quick|question|or|whether|if|,|good|morning|evening|pls|btw|sorry|right|actually|to|know|tell|me))*"
    r" (?:is|are|was|were|isnt|arent|how|what|whats|which|why|any|when|who|does|do|can|could|will|would|might|should|how's|hows|where)\b(?! (?:has|have|is|are|does|do|did)? ?(?:my|his|her|our|im|i) )(?: [^ ]+){0,9}$"
)
LASTS = re.compile(r"^(?: \w+){0,4} (?:lasts?(?= for| after| long| usually| \?)|how long|common|normal after|possible|poss|a risk|go down|usual|risk|or what|or nah|or no|or not|away|at bay|or just|or something|or both)\b")
REPORTED = re.compile(
    r" (?:since|still|right now|today|tonight|yesterday|this morning|days (?:on|later|after|ago)|days? in|this (?:much|bad|badly|red|sore|swollen|painful)|so (?:much|badly|bad)|keeps|be (?:leaking|bleeding|blistering|weeping|oozing|swelling|spreading|getting|throbbing|burning|peeling|crusting|hurting)|"
    r"that (?:my|its|it|the)|its (?:still|getting|all|now|gone|been)) "
)


def denied(before: str) -> bool:
    """Whether the words before a sign deny it."""
    return bool(DENIED.search(before))


def in_general(before: str, hit: str, after: str) -> bool:
    """Whether the words around a sign only ask about it, or fear it; all within one sentence."""
    clause = RESET.split(f"{before} ")[-1].rstrip() if before else before
    if not clause.startswith(" "):
        clause = f" {clause}"
    if TELLING.search(before) or IFS.search(clause) or FEARED.search(clause):
        return True
    if ASKED.search(clause) and not SENSED.search(clause):
        return True
    if REPORTED.search(f"{before}{hit}{after} "):
        return False
    return bool(SOFTLY.search(clause) or OPENED.search(clause) or LASTS.search(after))
