"""One bot, one browser and one other site for all tests of the window; a fresh profile for each."""

import os

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.window.patient import ARGUMENTS, CHROMIUM, SOON, is_installed, patient
from tests.window.site import other_site, running_site


@pytest.fixture(scope="package")
def browser():
    if not is_installed():
        assert not os.environ.get("CI"), "continuous integration needs Chromium: see .ci/run"
        pytest.skip("Chromium is not installed: apt-get install chromium")
    expect.set_options(timeout=SOON)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def elsewhere():
    """The clinic's site on another origin."""
    with other_site() as site:
        yield site


@pytest.fixture(scope="package")
def site(elsewhere, browser):
    """The bot; `elsewhere` may use it."""
    with running_site(elsewhere.address) as site:
        yield site


@pytest.fixture
def visitor(browser, site):
    """Make patients, each with a profile of their own; none may meet an error of the page."""
    made = []

    def make(address=None, **context):
        made.append(patient(browser, address or site.page, **context))
        return made[-1].visit()

    yield make
    for one in made:
        one.page.context.close()
    assert [error for one in made for error in one.errors] == []


@pytest.fixture
def anna(visitor):
    """A patient who has opened the window."""
    return visitor().open()
