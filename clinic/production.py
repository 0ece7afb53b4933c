"""What may stand in content/ while developing, but not before real patients."""

import re
from collections.abc import Iterator
from datetime import date

from clinic.content import Content
from clinic.content_part import Clinic
from clinic.errors import ContentError, Problem, SettingsError
from clinic.settings import Settings

# Ofcom's numbers for drama (020 7946 0xxx, however it is spaced) and the reserved domain for
# examples (RFC 2606).
EXAMPLES = {
    "telephone": re.compile(r"20\W*7\W*946\W*0\W*\d{3}$"),
    "email": re.compile(r"\.example\b"),
    "privacy_page": re.compile(r"\.example\b"),
}


def check_details(clinic: Clinic, settings: Settings) -> None:
    """In the production profile, raises ContentError for each detail of clinic.yml that is still an
    example.
    """
    if settings.profile != "production":
        return
    left = [name for name, mark in EXAMPLES.items() if mark.search(getattr(clinic, name))]
    if left:
        what = "is an example: put the clinic's own here before real patients use the bot"
        raise ContentError([Problem("clinic.yml", 0, f"{name} {what}") for name in left])
    if not settings.team.any:
        raise SettingsError(
            "no way to the team is set, so no request would reach it: set CLINIC_TEAM_WEBHOOK or "
            "CLINIC_TEAM_MAIL"
        )


def overdue(content: Content) -> Iterator[str]:
    """A line for each file of facts whose day of review has come."""
    for name, file in (("milia.yml", content.milia), ("treatments.yml", content.treatments)):
        if file.review_due <= date.today():
            yield f"content/{name} was due for review on {file.review_due}"
