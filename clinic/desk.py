"""Puts the parts together, once for each process."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from clinic.booking.store import RequestStore
from clinic.cipher import Cipher
from clinic.contact_book import ContactBook
from clinic.content import Content
from clinic.content_files import load_content
from clinic.database import open_database
from clinic.errors import SealError
from clinic.settings import Settings


@dataclass(frozen=True)
class Desk:
    """Everything the bot works with."""

    settings: Settings
    content: Content
    database: Engine
    cipher: Cipher

    @property
    def requests(self) -> RequestStore:
        """The booking requests."""
        return RequestStore(self.database, self.cipher)

    def has_number(self, conversation: str) -> bool:
        """Whether the channel of a conversation knows the patient's telephone number."""
        return conversation.startswith("wa-")

    def number_in_use(self, conversation: str) -> str:
        """The telephone number that a patient writes from; "" where none is kept. May wait for the
        database.
        """
        try:
            return ContactBook(self.database, self.cipher).number(conversation) or ""
        except (SQLAlchemyError, SealError):
            # The form asks for a number instead.
            return ""


@lru_cache(maxsize=1)
def desk() -> Desk:
    """Open the desk on first use; opens no connection. Raises SettingsError or ContentError."""
    settings = Settings.from_environment()
    return Desk(
        settings,
        load_content(settings.content_folder),
        open_database(settings.database),
        Cipher(settings.keys),
    )
