"""What the environment decides about the ways to the team; with none set, requests wait."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from clinic.errors import SettingsError

# name -> (default, meaning), as in clinic.settings.
VARIABLES = {
    "CLINIC_TEAM_WEBHOOK": ("", "https address of the team's system that takes the requests"),
    "CLINIC_TEAM_WEBHOOK_SECRET": ("", "whsec_..., by which the team's system knows the bot"),
    "CLINIC_TEAM_WEBHOOK_PRIVATE": ("no", "yes: the webhook may be on a private address"),
    "CLINIC_TEAM_MAIL": (
        "",
        "mail server: smtps://name:password@host or smtp://name:password@host:587 (STARTTLS)",
    ),
    "CLINIC_TEAM_MAIL_TO": ("", "where e-mails about requests go"),
    "CLINIC_TEAM_MAIL_FROM": ("", "whom they come from"),
}
ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")


@dataclass(frozen=True)
class TeamSettings:
    """The ways to the team; secrets are never printed."""

    webhook: str = ""
    webhook_secret: str = field(default="", repr=False)
    webhook_private: bool = False
    mail: str = field(default="", repr=False)
    mail_to: str = ""
    mail_from: str = ""

    @property
    def any(self) -> bool:
        """Whether there is a way to the team at all."""
        return bool(self.webhook or self.mail)

    def environment(self) -> dict[str, str]:
        """The variables that hold these settings, for the parts that are started."""
        return {
            "CLINIC_TEAM_WEBHOOK": self.webhook,
            "CLINIC_TEAM_WEBHOOK_SECRET": self.webhook_secret,
            "CLINIC_TEAM_WEBHOOK_PRIVATE": "yes" if self.webhook_private else "no",
            "CLINIC_TEAM_MAIL": self.mail,
            "CLINIC_TEAM_MAIL_TO": self.mail_to,
            "CLINIC_TEAM_MAIL_FROM": self.mail_from,
        }


def read_team(values: Mapping[str, str]) -> TeamSettings:
    """The settings in some values of VARIABLES; raises SettingsError naming the variable that is
    missing or cannot be used, never its value where that is secret.
    """
    settings = TeamSettings(
        webhook=values["CLINIC_TEAM_WEBHOOK"].strip(),
        webhook_secret=values["CLINIC_TEAM_WEBHOOK_SECRET"].strip(),
        webhook_private=_yes("CLINIC_TEAM_WEBHOOK_PRIVATE", values),
        mail=values["CLINIC_TEAM_MAIL"].strip(),
        mail_to=values["CLINIC_TEAM_MAIL_TO"].strip(),
        mail_from=values["CLINIC_TEAM_MAIL_FROM"].strip(),
    )
    if settings.webhook:
        _check_webhook(settings)
    if settings.mail:
        _check_mail(settings)
    return settings


def _yes(name: str, values: Mapping[str, str]) -> bool:
    if values[name] not in ("yes", "no"):
        raise SettingsError(f"{name} is {values[name]!r}: set it to yes or no")
    return values[name] == "yes"


def _check_webhook(settings: TeamSettings) -> None:
    address = urlsplit(settings.webhook)
    if address.scheme != "https" or not address.hostname or address.username:
        raise SettingsError("CLINIC_TEAM_WEBHOOK must be an https:// address without a password")
    try:
        key = base64.b64decode(settings.webhook_secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not 24 <= len(key) <= 64:
        raise SettingsError(
            "CLINIC_TEAM_WEBHOOK_SECRET is not set, or is no key: make one with "
            "`python -m clinic key --webhook`"
        )


def _check_mail(settings: TeamSettings) -> None:
    server = urlsplit(settings.mail)
    if server.scheme not in ("smtp", "smtps") or not server.hostname:
        raise SettingsError(
            "CLINIC_TEAM_MAIL must be smtps://name:password@host or smtp://name:password@host:587"
        )
    for name, value in (("TO", settings.mail_to), ("FROM", settings.mail_from)):
        if not ADDRESS.fullmatch(value):
            raise SettingsError(f"CLINIC_TEAM_MAIL_{name} must be one e-mail address")
