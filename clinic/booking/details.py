"""Finds what a patient tells of themselves in a message: number, address, name, age, days. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from dateparser.search import search_dates
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberType
from rapidfuzz.distance import DamerauLevenshtein

from clinic.booking import wording

LONGEST_NAME = 80
LONGEST_WORDS = 500
COSTLY = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PERSONAL_NUMBER,
    PhoneNumberType.UAN,
    PhoneNumberType.PAGER,
    PhoneNumberType.VOICEMAIL,
}
OFTEN = frozenset(
    ("gmail.com", "googlemail.com", "hotmail.com", "hotmail.co.uk", "outlook.com", "yahoo.com")
    + ("yahoo.co.uk", "icloud.com", "live.co.uk", "btinternet.com", "me.com", "sky.com")
)


@dataclass(frozen=True)
class Number:
    """A telephone number as it was typed, and as it is stored."""

    typed: str
    stored: str
    costly: bool


def telephone(text: str) -> Number | None:
    """The first telephone number in a text, of any country; a British one needs no +44."""
    for found in phonenumbers.PhoneNumberMatcher(text, "GB"):
        return _number(found.raw_string, found.number)
    for match in wording.NUMBER_LIKE.finditer(text):
        try:
            parsed = phonenumbers.parse(match[0], "GB")
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return _number(match[0], parsed)
    return None


def _number(typed: str, number: PhoneNumber) -> Number:
    costly = phonenumbers.number_type(number) in COSTLY
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Number(typed.strip(" ,;."), stored, costly)


def email(text: str) -> str | None:
    """The first e-mail address in a text, as it is stored."""
    for found in wording.EMAIL.findall(text):
        try:
            return validate_email(found.strip(".,;!?'"), check_deliverability=False).normalized
        except EmailNotValidError:
            continue
    return None


def likely_slip(address: str) -> str:
    """The address that was probably meant: priya@gmail.com for priya@gmial.com; else nothing."""
    name, _, domain = address.rpartition("@")
    if domain in OFTEN:
        return ""
    near = [d for d in sorted(OFTEN) if len(d) > 7 and DamerauLevenshtein.distance(domain, d) <= 2]
    return f"{name}@{near[0]}" if near else ""


def adult(text: str) -> str:
    """`yes` or `no` where a text tells whether the patient is 18 or over; else nothing."""
    if wording.CHILD.search(text):
        return "no"
    if found := wording.AGE.search(text):
        return "yes" if int(found[1] or found[2]) >= 18 else "no"
    return "yes" if wording.ADULT.search(text) else ""


def named(text: str) -> str:
    """The name in "my name is ..." or "I'm ..."; else nothing."""
    if found := wording.NAMED.search(text):
        return _whole_name(found[1])
    for found in wording.I_AM.finditer(text):
        words = found[1].split()
        told = words[0][:1].isupper() or _ends_after(text, found.end())
        if told and (name := _whole_name(found[1])):
            return name
    return ""


def _ends_after(text: str, at: int) -> bool:
    return not text[at:].strip() or text[at] in ",.;\n"


def _whole_name(words: str) -> str:
    kept = []
    for word in words.split():
        if word.lower().strip(".") in wording.NOT_A_NAME:
            break
        kept.append(word)
    while kept and kept[-1].lower() in wording.SMALL_WORDS:
        kept.pop()
    return " ".join(kept).strip(" .,")[:LONGEST_NAME]


def bare_name(text: str) -> str:
    """A text that is nothing but a name, or nothing."""
    words = text.strip(" .,!").split()
    if not 1 <= len(words) <= 6 or len(text) > LONGEST_NAME:
        return ""
    if any(word.lower().strip(".,") in wording.NOT_A_NAME for word in words):
        return ""
    return (
        " ".join(words)
        if re.fullmatch(rf"{wording.NAME_WORD}(?: {wording.NAME_WORD})*", " ".join(words))
        else ""
    )


def times(text: str) -> str:
    """The part of a text that names days or times, in the patient's words; else nothing."""
    found = list(wording.TIME.finditer(text))
    if not found or len(found) == 1 and wording.DOUBTFUL.fullmatch(found[0][0].strip()):
        return ""
    parts = [part for part in _parts(text) if wording.TIME.search(part)]
    return _without_other_details(", ".join(parts))[:LONGEST_WORDS]


def _parts(text: str) -> Iterator[str]:
    parts = re.split(r"[,;\n]|[.?!](?=\s|$)| - ", text)
    yield from (part.strip(" .") for part in parts if part.strip())


def _without_other_details(text: str) -> str:
    text = wording.EMAIL.sub("", wording.NUMBER_LIKE.sub("", wording.NAMED.sub("", text)))
    text = wording.AFTER_TIMES.sub("", wording.BEFORE_TIMES.sub("", text))
    return re.sub(r"\s+", " ", text).strip(" ,.")


def rest_of(text: str) -> str:
    """The first part of a list that is none of the other details: "Priya, 07400 123456"."""
    for part in _parts(text):
        left = wording.EMAIL.sub("", wording.NUMBER_LIKE.sub("", part)).strip(" ,.")
        if left and not wording.TIME.search(left) and (name := bare_name(left)):
            return name
    return ""


def is_past(words: str, now: datetime) -> bool:
    """Whether all days that a text names are over, as far as can be told."""
    if wording.PAST.search(words):
        return True
    if not wording.WITH_YEAR.search(words):
        return False
    order = {"DATE_ORDER": "DMY", "RELATIVE_BASE": now.replace(tzinfo=None)}
    found = search_dates(words, languages=["en"], settings=order) or []
    days = [day.date() for _, day in found]
    return bool(days) and all(day < now.date() for day in days)
