"""The shape of content/: every topic, fact and sentence, and what may be asked of them."""

from datetime import date
from typing import Any, Literal

from pydantic import Field, root_validator, validator

from clinic.content_booking import Booking
from clinic.content_part import Clinic, Part
from clinic.content_privacy import PrivacyWords
from clinic.content_whatsapp import WhatsAppWords
from clinic.words import ForeignSaid, Said

Kind = Literal["answer", "not_known", "practitioner", "urgent", "service", "outside"]
TREATMENTS = ("cryotherapy", "extraction", "peels", "microneedling", "skincare")
# The topics that are answered for the treatment that was named, or for all of them.
ASPECTS = ("best_for", "results_time", "maintenance", "pain", "downtime")
# Each urgent sign that words report, and the topic whose rule it takes. A sign of urgent_sign has a
# card of its own in content/urgent.yml. The first that fits is said: first what kills within
# minutes, then a life in danger by a hand, then what is lost within hours (sight, blood), then what
# a doctor must see today, last what a doctor must see soon.
SIGNS = {
    "child": "urgent_sign",
    "sepsis": "urgent_sign",
    "airway": "urgent_sign",
    "crisis": "crisis",
    "harm": "harm_by_others",
    "eye_injury": "urgent_sign",
    "bleeding": "urgent_sign",
    "swallowed": "urgent_sign",
    "sight": "urgent_sign",
    "shingles": "urgent_sign",
    "unwell_baby": "urgent_sign",
    "after_treatment": "urgent_sign",
    "sore_eye": "urgent_sign",
    "infection": "urgent_sign",
    "changing_spot": "urgent_sign",
}
OWN_CARDS = tuple(sign for sign, topic in SIGNS.items() if topic == "urgent_sign")
# Heading on the clinic's page -> words that stand below it.
Page = dict[str, list[str]]


class Topic(Part):
    """One topic: how it is answered, and how a patient would ask it."""

    kind: Kind
    ask: Said

    @validator("ask")
    def _is_whole(cls, ask: Said) -> Said:
        if "{" in ask:
            raise ValueError("holds a placeholder, which a button does not fill: write it out")
        return ask


class Fact(Part):
    """One sentence of ours, and the words of the clinic's page (heading -> words) that bear it
    out.
    """

    say: Said
    page: Page

    @validator("page")
    def _is_borne_out(cls, page: Page) -> Page:
        return _with_words(page)


def _with_words(page: Page) -> Page:
    if page and all(quoted and all(map(str.strip, quoted)) for quoted in page.values()):
        return page
    raise ValueError("names no words of the clinic's page: quote them")


class Spoken(Part):
    """An answer: ids of facts and notes in order, and the topic offered next."""

    say: list[str] = Field(..., min_items=1)
    next: str


class Reviewed(Part):
    """A file of facts: when they were checked and when they are checked again."""

    reviewed_on: date
    review_due: date

    @validator("review_due")
    def _after_review(cls, due: date, values: dict[str, Any]) -> date:
        if "reviewed_on" in values and due <= values["reviewed_on"]:
            raise ValueError("is not after reviewed_on: mend one of the two dates")
        return due


class Milia(Reviewed):
    """content/milia.yml; `source` is said below every answer."""

    source: Said
    facts: dict[str, Fact]
    notes: dict[str, Said]
    answers: dict[str, Spoken]


class Aspect(Part):
    """One aspect of one treatment: the clinic's fact, or that the page does not give it."""

    say: Said | None = None
    short: Said | None = None
    page: Page | None = None
    not_on_page: Said | None = None

    @validator("page")
    def _is_borne_out(cls, page: Page | None) -> Page | None:
        return page and _with_words(page)

    @root_validator(skip_on_failure=True)
    def _one_of_both(cls, values: dict[str, Any]) -> dict[str, Any]:
        fact = [values[key] for key in ("say", "short", "page")]
        if values["not_on_page"] and not any(fact) or not values["not_on_page"] and all(fact):
            return values
        raise ValueError("needs either say, short and page, or not_on_page alone")

    @property
    def sentence(self) -> str:
        return str(self.say or self.not_on_page)


class Treatment(Part):
    """One of the five treatments."""

    name: Said
    names: list[str] = Field(..., min_items=1)
    loose_names: list[str] = []
    how_it_works: list[Fact] = Field(..., min_items=1)
    best_for: Aspect
    results_time: Aspect
    maintenance: Aspect
    pain: Aspect
    downtime: Aspect

    def aspect(self, topic: str) -> Aspect:
        aspect: Aspect = getattr(self, topic)
        return aspect


class ForAll(Part):
    """What is said about all treatments: ids before, the aspect listed, ids after, the topic
    offered next.
    """

    say: list[str] = Field(..., min_items=1)
    rows: Literal["best_for", "results_time", "maintenance", "downtime"] | None = None
    close: list[str] = []
    next: str


class Treatments(Reviewed):
    """content/treatments.yml"""

    treatments: dict[
        Literal["cryotherapy", "extraction", "peels", "microneedling", "skincare"], Treatment
    ]
    all_treatments: dict[str, ForAll]
    before_named: dict[
        Literal["best_for", "results_time", "maintenance", "pain", "downtime"], list[str]
    ]
    after_how_it_works: str
    column: Said


class NotOurs(Part):
    """content/not_ours.yml"""

    not_known: dict[str, Said]
    practitioner: dict[str, Said]


class Conversation(Part):
    """content/conversation.yml"""

    introduction: Said
    next_step: Said
    next_appointment: Said
    team: Said
    apology: Said
    did_you_mean: Said
    say_it_differently: Said
    give_up: Said
    service: dict[str, Said]
    outside: Said
    outside_again: Said
    first_topics: list[str] = Field(..., min_items=3, max_items=3)
    outside_topics: list[str] = Field(..., min_items=2, max_items=2)
    names_team: list[str]
    ends: list[str]


class Card(Part):
    """One urgent card: one action as its heading, then at most two services."""

    heading: Said
    text: Said


class Urgent(Part):
    """content/urgent.yml"""

    cards: dict[str, Card]


class Window(Part):
    """content/window.yml"""

    malformed: Said
    empty: Said
    too_long: Said
    unknown_button: Said
    no_session: Said
    origin: Said
    not_found: Said
    too_many: Said
    unavailable: Said
    broken: Said
    forgotten: Said
    transcript: Said
    patient: Said
    bot: Said
    team: Said


class LeftOut(Part):
    """A line of the clinic's page that no fact says, and why."""

    words: str
    why: str


class PageLines(Part):
    """content/page.yml"""

    left_out: list[LeftOut]


class Content(Part):
    """All that the bot says, checked as a whole by clinic.content_files.load_content."""

    topics: dict[str, Topic]
    milia: Milia
    treatments: Treatments
    clinic: Clinic
    not_ours: NotOurs
    conversation: Conversation
    booking: Booking
    privacy: PrivacyWords
    urgent: Urgent
    page: PageLines
    window: Window
    languages: dict[str, ForeignSaid]
    whatsapp: WhatsAppWords

    def ask(self, topic: str) -> str:
        """How a patient would ask this topic: also the words of its button."""
        return str(self.topics[topic].ask)

    def treatment(self, name: str) -> Treatment:
        return self.treatments.treatments[name]  # type: ignore[index]

    def sentence(self, key: str) -> str:
        """The sentence of a fact or note of milia.yml."""
        return str(self.milia.notes[key] if key in self.milia.notes else self.milia.facts[key].say)

    def fill(self, text: str) -> str:
        """Put the clinic's own details into a sentence."""
        for name in ("name", "telephone", "email", "privacy_page", "reply_time"):
            text = text.replace(f"{{{name}}}", str(getattr(self.clinic, name)))
        return text
