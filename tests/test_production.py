"""clinic.production: the examples in content/clinic.yml never reach real patients."""

import os
import subprocess
import sys

import pytest

from clinic.errors import ContentError, SettingsError
from clinic.production import check_details
from clinic.settings import PROJECT, Settings

WEBHOOK = {
    "CLINIC_TEAM_WEBHOOK": "https://desk.karmaclinic.co.uk/requests",
    "CLINIC_TEAM_WEBHOOK_SECRET": f"whsec_{'c2VjcmV0' * 4}",
}
WITHOUT_A_WAY = {"CLINIC_PROFILE": "production", "CLINIC_KEY": "own"}
PRODUCTION = Settings.from_environment({**WITHOUT_A_WAY, **WEBHOOK})
OWN = {
    "telephone": "020 7123 4567",
    "email": "team@karmaclinic.co.uk",
    "privacy_page": "https://karmaclinic.co.uk/privacy",
}
EXAMPLES = {
    "telephone": "020 7946 0123",
    "email": "team@karma-clinic.example",
    "privacy_page": "https://karma-clinic.example/privacy",
}


@pytest.fixture
def clinic(content):
    """The clinic's details, all of them examples."""
    return content.clinic.copy(update=EXAMPLES)


def test_examples_are_allowed_while_developing(clinic):
    assert check_details(clinic, Settings.from_environment({})) is None


def test_examples_stop_production(clinic):
    with pytest.raises(ContentError) as caught:
        check_details(clinic, PRODUCTION)
    assert [problem.what.split()[0] for problem in caught.value.problems] == list(EXAMPLES)


@pytest.mark.parametrize("left", EXAMPLES)
def test_one_example_that_is_left_stops_production(left, clinic):
    details = {**OWN, left: EXAMPLES[left]}
    with pytest.raises(ContentError, match=f"{left} is an example: put the clinic's own here"):
        check_details(clinic.copy(update=details), PRODUCTION)


@pytest.mark.parametrize("telephone", ["+44 20 7946 0123", "02079460123", "(0207) 946 0123"])
def test_example_number_is_known_however_it_is_spaced(telephone, clinic):
    with pytest.raises(ContentError, match="telephone is an example"):
        check_details(clinic.copy(update={**OWN, "telephone": telephone}), PRODUCTION)


@pytest.mark.parametrize("telephone", [OWN["telephone"], "07946 012345", "+44 7946 012345"])
def test_details_of_the_clinic_itself_are_allowed_in_production(telephone, clinic):
    details = {**OWN, "telephone": telephone}
    assert check_details(clinic.copy(update=details), PRODUCTION) is None


def test_production_needs_a_way_to_the_team(clinic):
    with pytest.raises(SettingsError, match="no way to the team is set"):
        check_details(clinic.copy(update=OWN), Settings.from_environment(WITHOUT_A_WAY))


@pytest.mark.parametrize("command", ["check", "serve"])
def test_command_in_production_stops_on_an_example(command, broken):
    broken.change("clinic.yml", r"^email: .*", "email: team@karma-clinic.example")
    run = subprocess.run(
        [sys.executable, "-m", "clinic", command],
        cwd=PROJECT,
        env={
            **os.environ,
            "CLINIC_PROFILE": "production",
            "CLINIC_KEY": "own",
            "CLINIC_CONTENT": str(broken.folder),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert "email is an example" in run.stderr
