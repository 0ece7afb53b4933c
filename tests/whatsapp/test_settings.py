"""clinic.whatsapp_settings: off without any variable, and clear words for what cannot be used."""

import pytest

from clinic.errors import SettingsError
from clinic.settings import Settings
from clinic.whatsapp_settings import NEEDED

WHATSAPP = {
    "CLINIC_WHATSAPP_NUMBERS": "106540352242922,106540352242923",
    "CLINIC_WHATSAPP_TOKENS": "new-token-of-ours,old-token-of-ours",
    "CLINIC_WHATSAPP_APP_SECRETS": "new-secret-of-ours,old-secret-of-ours",
    "CLINIC_WHATSAPP_VERIFY_TOKEN": "words-of-ours",
    "CLINIC_WHATSAPP_TEMPLATE": "answer_ready:en_GB",
    "CLINIC_WHATSAPP_VERSION": "v27.0",
    "CLINIC_WHATSAPP_GRAPH": "https://graph.facebook.com",
}
SECRET = ("CLINIC_WHATSAPP_TOKENS", "CLINIC_WHATSAPP_APP_SECRETS", "CLINIC_WHATSAPP_VERIFY_TOKEN")


def read(**changes):
    return Settings.from_environment({**WHATSAPP, **changes}).whatsapp


def test_nothing_set_is_off():
    assert Settings.from_environment({}).whatsapp is None
    assert read(**dict.fromkeys(NEEDED, " , ")) is None


def test_several_numbers_tokens_and_secrets_are_read_in_their_order():
    settings = read(CLINIC_WHATSAPP_NUMBERS=" 106540352242922 , 106540352242923,")
    assert settings.numbers == ("106540352242922", "106540352242923")
    assert settings.tokens == ("new-token-of-ours", "old-token-of-ours")
    assert settings.app_secrets == ("new-secret-of-ours", "old-secret-of-ours")
    assert settings.template == ("answer_ready", "en_GB")


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_missing_is_named(name):
    with pytest.raises(SettingsError, match=f"^{name} is not set: WhatsApp needs"):
        read(**{name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLINIC_WHATSAPP_NUMBERS", "+44 20 7946 0123"),
        ("CLINIC_WHATSAPP_NUMBERS", "106540352242922;106540352242923"),
        ("CLINIC_WHATSAPP_TOKENS", "tiny"),
        ("CLINIC_WHATSAPP_TOKENS", "a token with spaces"),
        ("CLINIC_WHATSAPP_APP_SECRETS", "good-secret-here,x"),
        ("CLINIC_WHATSAPP_TEMPLATE", "answer_ready"),
        ("CLINIC_WHATSAPP_TEMPLATE", "Answer Ready:en"),
        ("CLINIC_WHATSAPP_VERSION", "26"),
        ("CLINIC_WHATSAPP_GRAPH", "http://graph.facebook.com"),
        ("CLINIC_WHATSAPP_GRAPH", "https://graph.facebook.com/v26.0"),
    ],
)
def test_what_cannot_be_used_is_named_but_never_a_secret(name, value):
    with pytest.raises(SettingsError, match=f"^{name} (is|holds)") as caught:
        read(**{name: value})
    assert (name in SECRET) == (value not in str(caught.value))


def test_production_speaks_to_meta_alone():
    changes = {"CLINIC_PROFILE": "production", "CLINIC_KEY": "own"}
    assert read(**changes).graph == "https://graph.facebook.com"
    with pytest.raises(SettingsError, match="CLINIC_WHATSAPP_GRAPH"):
        read(**changes, CLINIC_WHATSAPP_GRAPH="http://127.0.0.1:9")


def test_secrets_are_not_printed():
    printed = repr(Settings.from_environment(WHATSAPP))
    assert "106540352242922" in printed
    assert not [s for name in SECRET for s in WHATSAPP[name].split(",") if s in printed]
