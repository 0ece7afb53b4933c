"""The shape of content/whatsapp.yml."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, Extra, Field, StrictStr, validator

from clinic.words import Said

# Characters of a button on WhatsApp.
LONGEST_TITLE = 20
CANNOT_READ = (
    *("audio", "image", "video", "document", "sticker", "location", "contacts"),
    *("order", "unsupported"),
)
Kind = Literal[
    "audio",
    "image",
    "video",
    "document",
    "sticker",
    "location",
    "contacts",
    "order",
    "unsupported",
]


class WhatsAppWords(BaseModel):
    """What is said on WhatsApp alone; a title for the button of each topic."""

    class Config:
        extra = Extra.forbid
        frozen = True

    how_to_stop: Said
    stop_words: list[StrictStr] = Field(..., min_items=1)
    start_words: list[StrictStr] = Field(..., min_items=1)
    stopped: Said
    started: Said
    paused: Said
    choose: Said
    cannot_read: Mapping[Kind, Said]
    titles: dict[str, Said]

    @validator("choose")
    def _choose_fits(cls, choose: Said) -> Said:
        return _short(choose)

    @validator("titles", each_item=True)
    def _title_fits(cls, title: Said) -> Said:
        return _short(title)

    @validator("cannot_read")
    def _every_kind_has_its_sentence(cls, said: Mapping[Kind, Said]) -> Mapping[Kind, Said]:
        if missing := sorted(set(CANNOT_READ) - set(said)):
            raise ValueError(f"{missing[0]} is missing: add it")
        return said

    def is_stop(self, text: str) -> bool:
        """Whether a message asks for silence, and for nothing else."""
        return bare(text) in map(bare, self.stop_words)

    def is_start(self, text: str) -> bool:
        """Whether a message ends the silence."""
        return bare(text) in map(bare, self.start_words)


def bare(text: str) -> str:
    """For comparing: small letters, single spaces, nothing else."""
    letters = "".join(c if c.isalpha() else " " for c in text.casefold())
    return " ".join(letters.split())


def _short(title: Said) -> Said:
    if len(title) > LONGEST_TITLE:
        raise ValueError(f"has {len(title)} characters, {LONGEST_TITLE} at most: shorten it")
    return title
