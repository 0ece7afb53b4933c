"""How patients put what the form must recognise: patterns and lists of words, nothing else."""

import re


def pattern(*parts: str) -> re.Pattern[str]:
    """One pattern from parts that are joined as they stand; case does not matter."""
    return re.compile("".join(parts), re.IGNORECASE)


# Yes, no, and agreeing to send.
YES = pattern(
    r"^\W*(?:yes|yep|yeah|yup|ye|y|sure|ok|okay|correct|right|i am|it is|that'?s right|of course",
    r"|absolutely|definitely|please do|yes please)\b",
)
NO = pattern(r"^\W*(?:no|nope|nah|n|not (?:yet|quite|right|me)|i'?m not|i am not|none)\b")
# Thanks alone, and "that is all", agree to nothing.
SENDS = pattern(
    r"^(?=.*\b(?:yes|yep|yeah|ok|okay|please|sure|go|good|great|fine|perfect|correct|right|lovely",
    r"|send|submit|confirm|do|agree)\b)",
    r"\W*(?:(?:yes|yep|yeah|ok|okay|sure|please|go ahead|and|all|looks?|that'?s?|is|it'?s|it|good",
    r"|great|fine|perfect|correct|right|send|submit|confirm|do|i|agree|now|thanks|thank you|go|on",
    r"|lovely|the request|my request)\b[\s,.!]*)+$",
)

# Ways out of the form, and back in it.
LEAVE = pattern(
    r"^(?:no,? |please |ok |oh |actually,? )*(?:never ?mind",
    r"|cancel(?: (?:it|that|this|please|everything",
    r"|(?:the|my) (?:form|request|appointment|booking|consultation)))*",
    r"|stop(?: (?:it|this|that|please))?|forget (?:it|about it|that|this)|leave it|quit|exit",
    r"|(?:i(?:'ve| have)? )?changed my mind|don'?t bother|not now",
    r"|i don'?t want (?:to|this|it)(?: any ?more)?)(?: please| thanks| thank you| then| now)*\W*$",
)
START_AGAIN = pattern(r"^\W*(?:can i |let'?s |i want to )?(?:start (?:again|over)|restart)\W*$")
BACK = pattern(
    r"^\W*(?:please )?(?:go |step )?back(?: one| a step| please)*\W*$|^\W*previous\W*$",
)
ITS_APPOINTMENT = pattern(r"\b(?:appointment|booking|consultation)\b")
CHANGE = pattern(
    r"\b(?:change|wrong|correct|edit|mend|amend|update|different|mistake|remove)\b",
)
CORRECTS = pattern(
    r"\b(?:actually|instead|rather|make (?:it|that)|change (?:it|that)? ?to|i meant|meant|sorry",
    r"|better|not \w+ but|(?:move|swap|switch) (?:it|that|my \w+) to|scratch that",
    r"|can we (?:do|say|make it))\b|^no\b",
)
PARTS = {
    "telephone": pattern(r"\b(?:telephone|phone|mobile|number)\b"),
    "email": pattern(r"\be-?mail\b"),
    "contact": pattern(r"\bcontact\b"),
    "name": pattern(r"\bname\b"),
    "times": pattern(r"\b(?:days?|times?|dates?|when)\b"),
    "adult": pattern(r"\b(?:18|age|adult)\b"),
    "wish": pattern(r"\b(?:words|complaint|message)\b"),
    "earlier": pattern(r"\breference\b"),
    "kind": pattern(r"\b(?:request|kind|consultation|call ?back)\b"),
    "questions": pattern(r"\bquestions?\b"),
}

# Questions.
ASKING = pattern(
    r"^\W*(?:what|whats|when|where|who|why|how|which|is|are|do|does|did|can|could|will|would",
    r"|should|has|have you|am i|any chance)\b",
)
OFFERS_TIME = pattern(
    r"\b(?:can|could) (?:i|we|you|it)\b.*\b(?:come|do|make|have|be|change|move|swap)\b",
    r"|\b(?:can|could) you (?:please )?(?:ring|call|phone|text)\b|\b(?:how|what) about\b",
    r"|\bwould\b.*\b(?:work|suit|do)\b|\bis\b.*\b(?:ok|okay|possible|fine)\b",
)

# Wishes.
CALLS_BACK = pattern(r"\b(?:call|ring|phone)[ -]?(?:(?:me|us) )?back\b")
NEGATED = pattern(r"\b(?:did|do|has|have|was)(?:n'?t| not)\b|\b(?:not|never|nobody|no one)\b")
CALL_BACK = pattern(r"\b(?:call|ring|phone)(?:[ -]?back| me| us)\b|\bcallback\b")
# "An appointment" may also be a call back, so the form asks; "book me in" needs no question.
CONSULTS = pattern(r"\bconsult\w*\b|\bbook (?:me|us|him|her|it)\b|\bbook(?:ed)? in\b")
BOOKS = pattern(r"\bconsult\w*\b|\bappoin\w*\b|\bbook\b|\bsee (?:someone|a practitioner)\b")
CHANGES = pattern(r"\b(?:change|cancel|move|reschedule|rearrange)\b")
CANCELS = pattern(r"\bcancel\b|\bwithdraw\b")
KEEPS = pattern(
    r"\b(?:don'?t|do not|not|never|without|change|move|reschedul\w+|rearrang\w+|instead|rather",
    r"|unless|if|or)\b",
)
# An earlier request is meant, though another one is being made.
EARLIER = pattern(r"\b(?:earlier|existing|already|previous|last|other|old|booked|made)\b")
THAT_IS_ALL = pattern(
    r"^\W*(?:no\b\W*)?(?:(?:that'?s|that is|thats) (?:all|it|everything)|nothing(?: else| more)?",
    r"|all|done|finished)\W*$",
)
COMPLAINS = pattern(r"\b(?:complain\w*|complaint)\b")
LOST = pattern(r"\b(?:lost|forgot\w*|can'?t find|don'?t know|without)\b")
WILL_COMPLAIN = pattern(
    r"\b(?:make|raise|file|have|lodge) an? (?:\w+ )?complaint\b",
    r"|\bi(?:'d| would)? (?:want|need|like|wish|have) to complain\b",
)
MY_REFERENCE = pattern(r"\bmy reference\b")

# Ways to be reached, and refusing one.
BY_TELEPHONE = pattern(r"\b(?:tele)?phone\b|\bring\b|\bcall\b|\bmobile\b|\btext\b|\bnumber\b")
BY_EMAIL = pattern(r"\be-?mail\b|\bmail\b")
WILL_NOT = pattern(
    r"\b(?:don'?t|do not|won'?t|will not|rather not|prefer not|would not|wouldn'?t|can'?t",
    r"|not going to|not (?:giving|sharing|happy)|haven'?t|have no",
    r"|no (?:phone|number|mobile|e-?mail|thanks?))\b|^\W*(?:no|nope|nah|skip|pass)\W*$",
)
EMAIL = re.compile(r"[^\s<>(),;:\"]+@[^\s<>(),;:\"]+")
# Digits that could be meant as a telephone number, right or wrong.
NUMBER_LIKE = re.compile(r"\+?\(?\d[\d\s().-]{4,}\d")

# Age.
AGE = pattern(
    r"\b(?:i'?m|i am|im|aged?|she'?s|he'?s|is)\s+(\d{1,3})\b",
    r"(?![\s-]*(?:/|:|st|nd|rd|th|am|pm|min|hour|day|week|wk|month|mth))",
    r"|\b(\d{1,3})\s*(?:years?|yrs?|yo|y/o)[ -]old\b",
)
GROWN_UP_AGE = pattern(
    r"\b(?:i'?m|i am|s?he'?s|s?he is) (?:over )?(?:[2-9]\d|1[89])\b",
    r"(?![\s-]*(?:/|:|th|am|pm|min|hour|day|week|wk|month|mth))",
)
UNDER_AGE = pattern(
    r"\b(?:i'?m|i am) (?:only |just )?1[0-7]\b(?!\s*(?:/|:|st|th|am|pm|min|hour|day|week|month))",
)
CHILD = pattern(
    r"\b(?:my|our) (?:\w+ )?(?:son|daughter|child|baby|boy|girl|kid|toddler|teenager|grand\w+)\b",
    r"|\b(?:s?he'?s|s?he is) \d{1,3}[\s-]*(?:day|week|wk|month|mth)s?\b",
    r"|\bunder ?18\b|\bunder eighteen\b|\bnot (?:yet )?(?:18|eighteen)\b",
)
ADULT = pattern(
    r"\bover (?:18|eighteen)\b|\b(?:18|eighteen) (?:or|and) over\b|\badult\b|\b18\+",
)

# Days and times.
DAYS = r"mon|tue|tues|wed|weds|wednes|thu|thur|thurs|fri|sat|satur|sun"
MONTHS = r"jan\w*|feb\w*|march|apr|april|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*"
TIME = pattern(
    rf"\b(?:{DAYS})(?:day)?s?\b|\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{MONTHS})\b(?!\s+i\b)",
    r"|\b(?:tomorrow|today|tonight|weekdays?|weekends?|mornings?|afternoons?|evenings?|lunch\w*",
    r"|midday|noon|nights?|asap|as soon as possible|soon(?:est)?|whenever|flexible|any ?time",
    r"|any ?day|next week|this week|next month|school run|half[ -]term|after work|before work)\b",
    r"|\b\d{1,2}(?:[:.]\d\d)?\s*(?:am|pm|o'?clock)\b|\b\d{1,2}:\d\d\b|\b\d{1,2}/\d{1,2}\b",
    r"|\b\d{1,2}(?:st|nd|rd|th)\b",
    r"|\b(?:don'?t|dont|do not) mind\b|\bno preference\b|\b(?:after|before|from|until) \d",
)
# "May" and "sat", "sun" are words too: alone they are no time.
DOUBTFUL = pattern(r"may|sat|sun|march|mon|wed|soon|nights?")
PAST = pattern(rf"\b(?:yesterday|last (?:week|month|year|{DAYS})\w*)\b")
WITH_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}/\d{1,2}/\d{2}")
BEFORE_TIMES = pattern(
    r"^(?:\s|,|and\b|but\b|or\b|so\b|please\b|pls\b|no\b|sorry\b|actually\b|make it\b|it's\b",
    r"|(?:can|could) (?:i|we|you)\b|i (?:want|need|would like|prefer)(?: to)?\b",
    r"|i'?d (?:like|prefer|rather)(?: to)?\b|(?:do(?! not)|say|get|have|make|change|move|swap)\b",
    r"(?: (?:it|that|(?:my|the) (?:appointment|booking|request|days?|times?))\b)?(?: to\b)?",
    r"|instead\b|is\b|would\b|on\b|for\b|(?:ring|call|phone|text|e-?mail) (?:me|us)(?: back)?\b",
    r"|book(?: me| us)?(?: in)?\b|an? (?:appointment|consultation|call ?back)\b)+",
)
AFTER_TIMES = pattern(r"(?:[\s,.?!]|\b(?:instead|then|ok|okay|possible|fine|work|suit|on|at)\b)+$")

# Names.
LETTER = r"[^\W\d_]"
NAME_WORD = rf"{LETTER}[^\W\d_'’.\-]*(?:['’.\-]{LETTER}*)*"
NAME = rf"{NAME_WORD}(?: {NAME_WORD}){{0,4}}"
WHOLE_NAME = re.compile(rf"{NAME_WORD}(?: {NAME_WORD})*")
NAMED = pattern(
    r"\b(?:my (?:full )?name(?:'s|’s|s)?(?: is)?|name(?: is|'s|’s|:)|call me",
    rf"|change (?:my )?name to)\s*:?\s*({NAME})",
)
I_AM = pattern(
    r"\b(?:i am|i'm|i’m|im|this is|it's|it’s|its)\s+",
    rf"({NAME_WORD}(?: {NAME_WORD}){{0,3}})",
)
# Words that end a name, or show that what follows "I am" is none.
NOT_A_NAME = frozenset(
    "name's a an the and or but not no yes ok okay yep yeah nope hi hello hey thanks thank you "
    "cheers ta bye please pls my me mine your i im it its is are was be been am i'm i’m i'd id "
    "it's looking after for about from to on in at of with over under free available happy sure "
    "sorry worried interested nervous pregnant unsure wondering thinking trying having getting "
    "going new old allergic adult years year so very just really still also only here there who "
    "what when where why how which can could would will does do did should cost costs price "
    "prices hurt hurts pain scar scars open address back cancel stop never mind number phone "
    "telephone email mail mobile text call ring telling asking feeling wanting hoping booked "
    "book booking done good fine great busy off away that this these those same nothing none "
    "nobody send change skip help any anything milia skin face eye eyes morning mornings "
    "afternoon afternoons evening evenings monday tuesday wednesday thursday friday saturday "
    "sunday tomorrow today weekend weekends asap consultation appointment actually instead "
    "wrong like want need prefer if because since confused lost stuck tired ill poorly anxious "
    "scared embarrassed keen ready late male female married local in under using on".split()
)
# Words inside a name that never end one.
SMALL_WORDS = frozenset("de da di du van von der den la le el al bin ibn ap y e".split())
# A number that chooses the first, second or third of what is offered.
PLACES = {"1": 0, "one": 0, "first": 0, "2": 1, "two": 1, "second": 1, "3": 2, "three": 2}
