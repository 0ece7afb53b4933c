"""The shape of content/booking.yml: everything the booking form says."""

from pydantic import Field, StrictStr

from clinic.content_part import Part
from clinic.words import FormSaid, Said


class Consent(Part):
    """What a patient agrees to by sending; the version of its words."""

    version: StrictStr = Field(..., min_length=1)
    text: Said


class Booking(Part):
    """content/booking.yml; clinic.content_files holds its keys to those of the form."""

    questions: dict[str, FormSaid]
    errors: dict[str, list[FormSaid]]
    lines: dict[str, FormSaid]
    consent: Consent
    kinds: dict[str, Said]
    labels: dict[str, Said]
    buttons: dict[str, FormSaid]
