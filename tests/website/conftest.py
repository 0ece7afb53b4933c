"""One bot for all tests of the website channel, and two patients at their windows."""

import pytest

from evaluation.bot import running_bot
from evaluation.window import Window
from tests.website.asking import SITE


@pytest.fixture(scope="package")
def bot():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLINIC_WEBSITE_ORIGINS", SITE)
        with running_bot() as bot:
            yield bot


@pytest.fixture
def window(bot):
    window = Window(bot.address)
    window.open()
    return window


@pytest.fixture
def other(bot):
    window = Window(bot.address)
    window.open()
    return window
