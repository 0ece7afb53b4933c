"""Pictures of the window in its states, for docs/screenshots: `make screenshots`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from clinic.settings import PROJECT
from tests.window.patient import ARGUMENTS, CHROMIUM, PHONE, ZOOMED, Patient, patient
from tests.window.site import running_site

FOLDER = PROJECT / "docs" / "screenshots"
MOST = 150_000
# The window itself, on a desktop.
PART = {"x": 700, "y": 0, "width": 480, "height": 820}
WHOLE = {"launcher", "phone", "phone-urgent", "zoom-400"}


def launcher(anna: Patient) -> None:
    """The page of the clinic, the window closed."""
    anna.panel.press("Escape")


def greeting(anna: Patient) -> None:
    """As it opens."""


def answer(anna: Patient) -> None:
    anna.say("does freezing hurt?")


def comparison(anna: Patient) -> None:
    anna.say("which treatment is best for which milia?")


def urgent(anna: Patient) -> None:
    anna.say("my eye hurts badly after the needle went in and i cannot open it")


def form(anna: Patient) -> None:
    anna.say("I would like an appointment")
    anna.tap("A consultation")
    anna.tap("Yes, I am 18 or over")
    anna.say("Priya")
    anna.tap("By telephone")
    anna.field.fill("07400 123")


def check_page(anna: Patient) -> None:
    form(anna)
    anna.say("07400 123456")
    anna.say("Wednesday mornings, or any day after 4")


def reference(anna: Patient) -> None:
    check_page(anna)
    anna.tap("Send")


def offline(anna: Patient) -> None:
    anna.say("What are milia?")
    anna.page.context.set_offline(True)
    anna.write("does freezing hurt?")
    anna.chat.locator(".lost").wait_for()


def question(anna: Patient) -> None:
    anna.say("What are milia?")
    anna.menu("Delete my data")


# name of the file -> what is done before, and how the device is
PICTURES: dict[str, tuple[Callable[[Patient], None], dict[str, Any]]] = {
    "launcher": (launcher, {}),
    "greeting": (greeting, {}),
    "answer": (answer, {}),
    "comparison": (comparison, {}),
    "urgent": (urgent, {}),
    "form": (form, {}),
    "check-page": (check_page, {}),
    "reference": (reference, {}),
    "offline": (offline, {}),
    "delete": (question, {}),
    "dark": (comparison, {"color_scheme": "dark"}),
    "high-contrast": (urgent, {"forced_colors": "active"}),
    "phone": (answer, {**PHONE, "device_scale_factor": 1.5}),
    "phone-urgent": (urgent, {**PHONE, "device_scale_factor": 1.5}),
    "zoom-400": (answer, {**ZOOMED, "device_scale_factor": 2}),
}


def picture(browser: Browser, address: str, name: str) -> None:
    """Bring the window into a state and take a picture of it."""
    act, device = PICTURES[name]
    anna = patient(browser, address, reduced_motion="reduce", **device).visit().open()
    act(anna)
    anna.page.wait_for_timeout(300)
    file = FOLDER / f"{name}.png"
    if name in WHOLE:
        anna.page.screenshot(path=file)
    else:
        anna.page.screenshot(path=file, clip=PART)
    anna.page.context.close()
    assert file.stat().st_size < MOST, f"{file.name} is larger than {MOST} bytes"


def take(folder: Path = FOLDER) -> None:
    """All pictures, of a bot of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with running_site() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name in PICTURES:
            picture(browser, site.page, name)
        browser.close()


if __name__ == "__main__":
    take()
