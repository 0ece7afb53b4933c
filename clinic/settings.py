"""What the environment decides; clinic.serve passes it on to the parts, nothing else reads it."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, cast

from clinic.cipher import DEVELOPMENT_KEY
from clinic.errors import SettingsError
from clinic.team_settings import VARIABLES as TEAM_VARIABLES
from clinic.team_settings import TeamSettings, read_team
from clinic.whatsapp_settings import VARIABLES as WHATSAPP_VARIABLES
from clinic.whatsapp_settings import WhatsAppSettings, read_whatsapp

PROJECT = Path(__file__).resolve().parent.parent
Profile = Literal["development", "production"]
# name -> (default, meaning); docs/running.md names each, a test holds that.
VARIABLES = {
    "CLINIC_PROFILE": ("development", "development or production; production has no rest channel"),
    "CLINIC_CONTENT": (str(PROJECT / "content"), "the folder of what the bot says"),
    "CLINIC_DATABASE": (
        f"sqlite:///{PROJECT / 'var' / 'clinic.sqlite3'}",
        "where conversations and booking requests are kept: sqlite:////folder/file or "
        "postgresql://name:password@host/database",
    ),
    "CLINIC_KEY": (
        "",
        "encrypts what patients write; several keys parted by commas, the newest first; "
        "development has one of its own",
    ),
    "CLINIC_WEBSITE_ORIGINS": (
        "",
        "the clinic's sites that may use the chat window when it is served from another origin, "
        "parted by commas: https://www.clinic.example",
    ),
    "CLINIC_PROXIES": (
        "0",
        "how many proxies of the clinic's stand before the Rasa server and write X-Forwarded-For",
    ),
    "CLINIC_INTERFACE": (
        "127.0.0.1",
        "where the Rasa server listens; another address only in a container, behind a proxy",
    ),
    "CLINIC_RASA_PORT": ("5005", "port of the Rasa server, on 127.0.0.1"),
    "CLINIC_ACTIONS_PORT": ("5055", "port of the action server, on 127.0.0.1"),
    "CLINIC_KEEP_TRANSCRIPTS": ("30", "days that conversations are kept"),
    "CLINIC_KEEP_DRAFTS": ("24", "hours that what was typed into the booking form is kept"),
    "CLINIC_KEEP_REQUESTS": ("90", "days that requests to the team are kept"),
    **TEAM_VARIABLES,
    **WHATSAPP_VARIABLES,
}


@dataclass(frozen=True)
class Settings:
    """The settings of one run."""

    profile: Profile
    content_folder: Path
    database: str
    keys: tuple[str, ...]
    rasa_port: int
    actions_port: int
    website_origins: tuple[str, ...] = ()
    proxies: int = 0
    interface: str = "127.0.0.1"
    team: TeamSettings = TeamSettings()
    whatsapp: WhatsAppSettings | None = None
    # Days, hours, days.
    keep_transcripts: int = 30
    keep_drafts: int = 24
    keep_requests: int = 90

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read VARIABLES; raises SettingsError naming the variable that cannot be used."""
        values = {name: environ.get(name) or default for name, (default, _) in VARIABLES.items()}
        return cls(
            profile=_profile(values["CLINIC_PROFILE"]),
            # The parts run in the project's folder, so a relative path must not reach them.
            content_folder=Path(values["CLINIC_CONTENT"]).absolute(),
            database=values["CLINIC_DATABASE"],
            keys=_keys(values["CLINIC_KEY"], values["CLINIC_PROFILE"]),
            rasa_port=_port("CLINIC_RASA_PORT", values["CLINIC_RASA_PORT"]),
            actions_port=_port("CLINIC_ACTIONS_PORT", values["CLINIC_ACTIONS_PORT"]),
            website_origins=_origins(values["CLINIC_WEBSITE_ORIGINS"], values["CLINIC_PROFILE"]),
            proxies=_count("CLINIC_PROXIES", values["CLINIC_PROXIES"]),
            interface=_address("CLINIC_INTERFACE", values["CLINIC_INTERFACE"]),
            team=read_team(values),
            whatsapp=read_whatsapp(values, values["CLINIC_PROFILE"]),
            keep_transcripts=_period("CLINIC_KEEP_TRANSCRIPTS", values, 1, 365),
            keep_drafts=_period("CLINIC_KEEP_DRAFTS", values, 5, 720),
            keep_requests=_period("CLINIC_KEEP_REQUESTS", values, 1, 3650),
        )

    def __post_init__(self) -> None:
        if self.rasa_port == self.actions_port:
            both = "CLINIC_RASA_PORT and CLINIC_ACTIONS_PORT"
            raise SettingsError(f"{both} are both {self.rasa_port}: set one to another port")


def _profile(value: str) -> Profile:
    if value not in ("development", "production"):
        raise SettingsError(f"CLINIC_PROFILE is {value!r}: set it to development or production")
    return cast(Profile, value)


def _keys(value: str, profile: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in value.split(",") if key.strip())
    if profile == "production" and (not keys or DEVELOPMENT_KEY in keys):
        raise SettingsError("CLINIC_KEY is not set: make a key with `python -m clinic key`")
    return keys or (DEVELOPMENT_KEY,)


def _port(name: str, value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise SettingsError(f"{name} is {value!r}: set it to a port number, 1 to 65535")
    return int(value)


def _address(name: str, value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise SettingsError(f"{name} is {value!r}: set it to an IP address") from None


def _period(name: str, values: Mapping[str, str], least: int, most: int) -> int:
    value = values[name]
    if not (value.isascii() and value.isdecimal()) or not least <= int(value) <= most:
        raise SettingsError(f"{name} is {value!r}: set it to a number from {least} to {most}")
    return int(value)


def _origins(value: str, profile: str) -> tuple[str, ...]:
    """Origins as browsers write them: small letters, no path."""
    origins = tuple(one.strip().rstrip("/").lower() for one in value.split(",") if one.strip())
    for origin in origins:
        allowed = r"https://" if profile == "production" else r"https?://"
        if not re.fullmatch(allowed + r"[a-z0-9.-]+(:[0-9]{1,5})?", origin):
            raise SettingsError(
                f"CLINIC_WEBSITE_ORIGINS holds {origin!r}: write each site as https://name, "
                "without a path, parted by commas"
            )
    return origins


def _count(name: str, value: str) -> int:
    if not value.isdecimal() or int(value) > 9:
        raise SettingsError(f"{name} is {value!r}: set it to a number, 0 to 9")
    return int(value)
