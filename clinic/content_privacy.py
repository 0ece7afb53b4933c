"""The shape of content/privacy.yml: what is said to a patient who asks for their data."""

from pydantic import BaseModel, Extra

from clinic.words import Said


class Part(BaseModel):
    """Nothing in it that is not known."""

    class Config:
        extra = Extra.forbid
        frozen = True


class PrivacyButtons(Part):
    """The words of the buttons about a patient's data."""

    forget: Said
    tell: Said
    stop: Said
    yes: Said
    no: Said


class PrivacyWords(Part):
    """content/privacy.yml"""

    ask_forget: Said
    forgotten: Said
    team_too: Said
    kept: Said
    held: Said
    messages: Said
    requests: Said
    copies: Said
    stopped: Said
    not_sent: Said
    reference: Said
    buttons: PrivacyButtons
