"""clinic.team_settings: the ways to the team, and clear words for what cannot be used."""

import pytest

from clinic.cipher import new_webhook_secret
from clinic.errors import SettingsError
from clinic.settings import Settings

TEAM = {
    "CLINIC_TEAM_WEBHOOK": "https://desk.karmaclinic.co.uk/requests",
    "CLINIC_TEAM_WEBHOOK_SECRET": f"whsec_{'c2VjcmV0' * 4}",
    "CLINIC_TEAM_WEBHOOK_PRIVATE": "yes",
    "CLINIC_TEAM_MAIL": "smtps://desk:password@mail.karmaclinic.co.uk",
    "CLINIC_TEAM_MAIL_TO": "desk@karmaclinic.co.uk",
    "CLINIC_TEAM_MAIL_FROM": "bot@karmaclinic.co.uk",
}


def read(**changes):
    return Settings.from_environment({**TEAM, **changes}).team


def test_nothing_set_is_no_way():
    assert not Settings.from_environment({}).team.any
    assert read().any


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("CLINIC_TEAM_WEBHOOK", "http://desk.karmaclinic.co.uk", "must be an https:// address"),
        ("CLINIC_TEAM_WEBHOOK", "https://name:word@desk.co.uk", "without a password"),
        ("CLINIC_TEAM_WEBHOOK_SECRET", "", "CLINIC_TEAM_WEBHOOK_SECRET is not set, or is no key"),
        ("CLINIC_TEAM_WEBHOOK_SECRET", "whsec_short", "is not set, or is no key"),
        ("CLINIC_TEAM_WEBHOOK_PRIVATE", "maybe", "set it to yes or no"),
        ("CLINIC_TEAM_MAIL", "mail.karmaclinic.co.uk", "must be smtps://"),
        ("CLINIC_TEAM_MAIL_TO", "", "CLINIC_TEAM_MAIL_TO must be one e-mail address"),
        ("CLINIC_TEAM_MAIL_FROM", "a@b.uk\nBcc: c@d.uk", "must be one e-mail address"),
    ],
)
def test_what_cannot_be_used_is_named(name, value, says):
    with pytest.raises(SettingsError, match=says):
        read(**{name: value})


def test_secrets_are_never_printed():
    assert "password" not in repr(read())
    assert TEAM["CLINIC_TEAM_WEBHOOK_SECRET"] not in repr(read())


def test_secret_that_the_command_makes_is_taken():
    assert read(CLINIC_TEAM_WEBHOOK_SECRET=new_webhook_secret()).webhook_secret
