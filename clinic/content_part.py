"""What all parts of content/ have in common, and the clinic's own details."""

from pydantic import BaseModel, Extra, Field, StrictStr, validator

from clinic.words import Said


class Part(BaseModel):
    """What all parts of content/ have in common: unknown keys are refused, nothing changes
    later.
    """

    class Config:
        extra = Extra.forbid
        frozen = True


class Clinic(Part):
    """content/clinic.yml"""

    name: Said
    # Strict: an unquoted 02079460123 is a number to YAML, and would be said without its 0.
    telephone: StrictStr = Field(..., min_length=1)
    email: StrictStr = Field(..., min_length=1)
    privacy_page: StrictStr = Field(..., min_length=1)
    reply_time: Said
    # Where patients choose a time themselves, if the clinic has such a page.
    booking_page: StrictStr | None = None

    @validator("booking_page")
    def _is_https(cls, page: str | None) -> str | None:
        if page and not page.startswith("https://"):
            raise ValueError("must begin with https://")
        return page
