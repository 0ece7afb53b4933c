"""What one turn leaves to the next, and a question as it was understood."""

from dataclasses import dataclass

from clinic.booking.draft import Draft

# Rasa's word for "not understood".
UNSURE = "nlu_fallback"


@dataclass(frozen=True)
class Question:
    """A question as understood: its words, its topic or UNSURE, the likeliest topics, treatments
    named, words beside those, its language where that is not English, when it is UNSURE its topic
    if "it" means a treatment (a treatment as topic stands for any), and the urgent sign that its
    words report.
    """

    text: str
    topic: str
    likely: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    rest: str = ""
    language: str = ""
    sign: str = ""
    if_treatment: str = ""


@dataclass(frozen=True)
class Memory:
    """What is kept from one turn to the next."""

    topic: str | None = None
    treatments: tuple[str, ...] = ()
    earlier_treatments: tuple[str, ...] = ()
    turns_since_named: int = 0
    offered: tuple[str, ...] = ()
    times_unsure: int = 0
    unanswered: tuple[str, ...] = ()
    draft: Draft | None = None
    # The wish about their data that the patient is asked to confirm; whether they know who answers.
    confirming: str | None = None
    introduced: bool = False
