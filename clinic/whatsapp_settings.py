"""What the environment decides about WhatsApp; with none of it set, the channel is off."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from clinic.errors import SettingsError

GRAPH = "https://graph.facebook.com"
# name -> (default, meaning), as in clinic.settings.
VARIABLES = {
    "CLINIC_WHATSAPP_NUMBERS": (
        "",
        "the ids of the clinic's WhatsApp numbers (phone number ids), parted by commas",
    ),
    "CLINIC_WHATSAPP_TOKENS": (
        "",
        "access tokens, parted by commas, the newest first; the next is tried when one expired",
    ),
    "CLINIC_WHATSAPP_APP_SECRETS": (
        "",
        "secrets of the app that sign what Meta sends, parted by commas; each is accepted",
    ),
    "CLINIC_WHATSAPP_VERIFY_TOKEN": ("", "the words that Meta repeats when the webhook is set up"),
    "CLINIC_WHATSAPP_TEMPLATE": (
        "",
        "an approved template that says an answer is waiting, name:language; without one, staff "
        "are told",
    ),
    "CLINIC_WHATSAPP_VERSION": ("v26.0", "version of Meta's Graph API"),
    "CLINIC_WHATSAPP_GRAPH": (GRAPH, "address of Meta's Graph API"),
}
# The channel is on when these are set; some without the others are a mistake.
NEEDED = (
    "CLINIC_WHATSAPP_NUMBERS",
    "CLINIC_WHATSAPP_TOKENS",
    "CLINIC_WHATSAPP_APP_SECRETS",
    "CLINIC_WHATSAPP_VERIFY_TOKEN",
)
# Graph is reached in the clear on this machine alone: the local stand-in.
ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?|http://(127\.0\.0\.1|localhost)(:\d+)?")


@dataclass(frozen=True)
class WhatsAppSettings:
    """The clinic's numbers and what is needed to speak for them; secrets are never printed."""

    numbers: tuple[str, ...]
    tokens: tuple[str, ...] = field(repr=False)
    app_secrets: tuple[str, ...] = field(repr=False)
    verify_token: str = field(repr=False)
    template: tuple[str, str] | None = None
    version: str = "v26.0"
    graph: str = GRAPH

    def environment(self) -> dict[str, str]:
        """The variables that hold these settings, for the parts that are started."""
        return {
            "CLINIC_WHATSAPP_NUMBERS": ",".join(self.numbers),
            "CLINIC_WHATSAPP_TOKENS": ",".join(self.tokens),
            "CLINIC_WHATSAPP_APP_SECRETS": ",".join(self.app_secrets),
            "CLINIC_WHATSAPP_VERIFY_TOKEN": self.verify_token,
            "CLINIC_WHATSAPP_TEMPLATE": ":".join(self.template or ()),
            "CLINIC_WHATSAPP_VERSION": self.version,
            "CLINIC_WHATSAPP_GRAPH": self.graph,
        }


def read_whatsapp(values: Mapping[str, str], profile: str) -> WhatsAppSettings | None:
    """The settings in some values of VARIABLES; None when the channel is off. Raises SettingsError
    naming the variable that is missing or cannot be used, never its value where that is secret.
    """
    missing = [name for name in NEEDED if not _list(values[name])]
    if len(missing) == len(NEEDED):
        return None
    if missing:
        raise SettingsError(
            f"{missing[0]} is not set: WhatsApp needs {', '.join(NEEDED)}; leave all of them "
            "empty to switch it off"
        )
    return WhatsAppSettings(
        numbers=_numbers(values["CLINIC_WHATSAPP_NUMBERS"]),
        tokens=_secrets("CLINIC_WHATSAPP_TOKENS", values),
        app_secrets=_secrets("CLINIC_WHATSAPP_APP_SECRETS", values),
        verify_token=values["CLINIC_WHATSAPP_VERIFY_TOKEN"].strip(),
        template=_template(values["CLINIC_WHATSAPP_TEMPLATE"]),
        version=_version(values["CLINIC_WHATSAPP_VERSION"]),
        graph=_graph(values["CLINIC_WHATSAPP_GRAPH"], profile),
    )


def _list(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in value.split(",") if one.strip()))


def _numbers(value: str) -> tuple[str, ...]:
    numbers = _list(value)
    for number in numbers:
        if not re.fullmatch(r"\d{5,20}", number):
            raise SettingsError(
                f"CLINIC_WHATSAPP_NUMBERS holds {number!r}: give the phone number id, digits "
                "alone, not the telephone number"
            )
    return numbers


def _secrets(name: str, values: Mapping[str, str]) -> tuple[str, ...]:
    secrets = _list(values[name])
    if any(re.search(r"\s", secret) or len(secret) < 8 for secret in secrets):
        raise SettingsError(
            f"{name} holds something that is too short or has a space in it: copy it anew from "
            "Meta's app dashboard"
        )
    return secrets


def _template(value: str) -> tuple[str, str] | None:
    if not value.strip():
        return None
    found = re.fullmatch(r"([a-z0-9_]{1,512}):([a-z]{2}(_[A-Z]{2})?)", value.strip())
    if not found:
        raise SettingsError(
            f"CLINIC_WHATSAPP_TEMPLATE is {value!r}: set it to name:language, for example "
            "answer_ready:en_GB"
        )
    return found[1], found[2]


def _version(value: str) -> str:
    if not re.fullmatch(r"v\d{1,3}\.\d", value):
        raise SettingsError(f"CLINIC_WHATSAPP_VERSION is {value!r}: set it to one such as v26.0")
    return value


def _graph(value: str, profile: str) -> str:
    address = value.rstrip("/")
    if not ADDRESS.fullmatch(address) or (profile == "production" and address != GRAPH):
        raise SettingsError(
            f"CLINIC_WHATSAPP_GRAPH is {value!r}: leave it empty; another address is for "
            "development alone"
        )
    return address
