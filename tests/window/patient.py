"""A patient at the window: opens it, writes, taps, reads."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Route, expect

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP = {"width": 1180, "height": 820}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# What a page of 1,280 by 1,024 pixels has left at a zoom of 400 %.
ZOOMED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}
# The real bot answers in well under a second; a busy machine may not.
SOON = 30_000

# Collects what the window tells the site.
EVENTS = """window.told = []
addEventListener('clinic-chat', ({detail}) => told.push(detail))"""


class Patient:
    """One page with the window in it."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.chat = page.locator("clinic-chat")
        self.launcher = self.chat.locator(".launcher")
        self.panel = self.chat.get_by_role("dialog")
        self.log = self.chat.get_by_role("log")
        self.field = self.chat.locator(".field textarea, .field input")
        self.replies = self.log.locator(".said.bot, .urgent")
        self.own = self.log.locator(".said.patient")
        self.errors: list[str] = []
        page.set_default_timeout(SOON)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if "Content Security Policy" in message.text or "TrustedHTML" in message.text:
            self.errors.append(message.text)

    def visit(self) -> "Patient":
        """Load the clinic's page."""
        self.page.goto(self.address)
        self.chat.wait_for(state="attached")
        return self

    def open(self) -> "Patient":
        """Open the window and wait for the greeting with what may be tapped."""
        self.launcher.click()
        self.chat.locator(".chips").first.wait_for()
        return self

    def write(self, text: str) -> None:
        """Send a message, whatever comes of it."""
        self.field.fill(text)
        self.field.press("Enter")

    def close_before_the_reply(self, text: str) -> None:
        """Send a message that only reaches the server when the window is closed."""
        held: list[Route] = []
        self.page.route("**/chat/messages", lambda route: held.append(route))
        with self.page.expect_request("**/chat/messages"):
            self.write(text)
        self.panel.press("Escape")
        held[0].continue_()

    def say(self, text: str) -> Locator:
        """Send a message and wait for its reply."""
        before = self.replies.count()
        self.write(text)
        return self._reply(before)

    def tap(self, title: str) -> Locator:
        """Tap a suggestion and wait for the reply."""
        return self.press(self.button(title))

    def press(self, button: Locator) -> Locator:
        """Press any button that is answered."""
        before = self.replies.count()
        button.click()
        return self._reply(before)

    def button(self, name: str) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True)

    def menu(self, entry: str) -> None:
        self.button("More").click()
        self.button(entry).click()

    def _reply(self, before: int) -> Locator:
        reply = self.replies.nth(before)
        reply.wait_for()
        expect(self.chat.locator(".typing")).to_have_count(0)
        return reply

    def texts(self) -> list[str]:
        """What the patient wrote, as the window shows it."""
        return self.own.locator("p:not(.hidden)").all_inner_texts()


def patient(browser: Browser, address: str, **context: Any) -> Patient:
    """A patient with a browser profile of their own."""
    options = {"viewport": DESKTOP, "accept_downloads": True, **context}
    return Patient(browser.new_context(**options).new_page(), address)


def another_tab(of: Patient) -> Patient:
    """The same patient in a second tab."""
    return Patient(of.page.context.new_page(), of.address).visit()


def is_installed() -> bool:
    return Path(CHROMIUM).exists()
