"""clinic.settings: what the environment decides, and what it may not hold."""

import pytest

from clinic.cipher import DEVELOPMENT_KEY
from clinic.errors import SettingsError
from clinic.settings import PROJECT, VARIABLES, Settings
from tests.test_team_settings import TEAM
from tests.whatsapp.test_settings import WHATSAPP


def test_settings_without_any_variable_are_the_defaults():
    settings = Settings.from_environment({})
    assert (settings.profile, settings.content_folder) == ("development", PROJECT / "content")
    assert settings.database == f"sqlite:///{PROJECT}/var/clinic.sqlite3"
    assert (settings.rasa_port, settings.actions_port) == (5005, 5055)


def test_empty_variable_counts_as_not_set():
    assert Settings.from_environment(dict.fromkeys(VARIABLES, "")) == Settings.from_environment({})


def test_every_variable_is_read(tmp_path):
    environ = {
        "CLINIC_PROFILE": "production",
        "CLINIC_CONTENT": str(tmp_path),
        "CLINIC_DATABASE": "postgresql://name:password@host/database",
        "CLINIC_KEY": "one, two",
        "CLINIC_WEBSITE_ORIGINS": "https://www.Clinic.example/, https://clinic.example:8443",
        "CLINIC_PROXIES": "2",
        "CLINIC_INTERFACE": "0.0.0.0",
        "CLINIC_RASA_PORT": "6005",
        "CLINIC_ACTIONS_PORT": "6055",
        "CLINIC_KEEP_TRANSCRIPTS": "10",
        "CLINIC_KEEP_DRAFTS": "12",
        "CLINIC_KEEP_REQUESTS": "60",
        **TEAM,
        **WHATSAPP,
    }
    assert set(environ) == set(VARIABLES)
    settings = Settings.from_environment(environ)
    assert settings.profile == "production"
    assert settings.content_folder == tmp_path
    assert settings.database == environ["CLINIC_DATABASE"]
    assert settings.keys == ("one", "two")
    assert settings.website_origins == (
        "https://www.clinic.example",
        "https://clinic.example:8443",
    )
    assert settings.proxies == 2
    assert (settings.rasa_port, settings.actions_port) == (6005, 6055)
    assert settings.interface == "0.0.0.0"
    kept = (settings.keep_transcripts, settings.keep_drafts, settings.keep_requests)
    assert kept == (10, 12, 60)
    assert settings.team.environment() == TEAM
    assert settings.whatsapp and settings.whatsapp.environment() == WHATSAPP


def test_real_environment_is_read(monkeypatch):
    monkeypatch.setenv("CLINIC_RASA_PORT", "6123")
    assert Settings.from_environment().rasa_port == 6123


def test_relative_content_folder_is_taken_from_here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment({"CLINIC_CONTENT": "ours"})
    assert settings.content_folder == tmp_path / "ours"


@pytest.mark.parametrize("value", ["prod", "Production", "live"])
def test_unknown_profile_is_refused(value):
    with pytest.raises(SettingsError, match=f"CLINIC_PROFILE is '{value}': set it to development"):
        Settings.from_environment({"CLINIC_PROFILE": value})


@pytest.mark.parametrize("name", ["CLINIC_RASA_PORT", "CLINIC_ACTIONS_PORT"])
@pytest.mark.parametrize("value", ["0", "65536", "-1", "http", "50 05", "5005.0", "²"])
def test_what_is_no_port_is_refused(name, value):
    with pytest.raises(SettingsError, match=f"{name} is '{value}': set it to a port number"):
        Settings.from_environment({name: value})


@pytest.mark.parametrize("value", ["1", "65535"])
def test_lowest_and_highest_port_are_taken(value):
    assert Settings.from_environment({"CLINIC_RASA_PORT": value}).rasa_port == int(value)


def test_two_servers_on_one_port_are_refused():
    with pytest.raises(SettingsError, match="are both 5055: set one to another port"):
        Settings.from_environment({"CLINIC_RASA_PORT": "5055"})


@pytest.mark.parametrize("key", ["", DEVELOPMENT_KEY, f"other,{DEVELOPMENT_KEY}"])
def test_production_needs_a_key_of_its_own(key):
    with pytest.raises(SettingsError, match="CLINIC_KEY is not set: make a key"):
        Settings.from_environment({"CLINIC_PROFILE": "production", "CLINIC_KEY": key})


@pytest.mark.parametrize("value", ["0", "-1", "30 days", "400", "²"])
def test_period_that_cannot_be_used_is_refused(value):
    with pytest.raises(SettingsError, match="CLINIC_KEEP_TRANSCRIPTS is .*: set it to a number"):
        Settings.from_environment({"CLINIC_KEEP_TRANSCRIPTS": value})
