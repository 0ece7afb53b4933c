"""No violation of accessibility in any state of the window: axe, by day, by night and at 400 %."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.window.patient import DESKTOP, ZOOMED
from tests.window.test_booking import until_check, until_telephone

LOOKS = {
    "day": {"color_scheme": "light", "forced_colors": "none"},
    "night": {"color_scheme": "dark", "forced_colors": "none"},
    "high contrast": {"color_scheme": "light", "forced_colors": "active"},
}
SIZES = {"desktop": DESKTOP, "400 %": ZOOMED["viewport"]}
URGENT = "my eye hurts badly after the needle went in and i cannot open it"


def closed(anna):
    anna.panel.press("Escape")


def greeting(anna):
    """As it opens."""


def answer(anna):
    anna.say("does freezing hurt?")
    anna.chat.get_by_role("group").get_by_role("button", name="Yes").click()


def comparison(anna):
    anna.say("How are milia removed?")


def urgent(anna):
    anna.say(URGENT)


def urgent_pinned(anna):
    anna.say(URGENT)
    anna.say("How are milia removed?")
    anna.say("What are milia?")


def urgent_while_closed(anna):
    anna.close_before_the_reply(URGENT)
    expect(anna.launcher).to_contain_text("Important")


def asked_back(anna):
    anna.say("hmm the thing with the bumps or so")


def menu(anna):
    anna.say("What are milia?")
    anna.button("More").click()


def question(anna):
    anna.menu("Delete my data")


def farewell(anna):
    anna.menu("Delete my data")
    anna.button("Yes, delete it").click()
    expect(anna.button("Start a new conversation")).to_be_visible()


def form(anna):
    until_telephone(anna)


def check_page(anna):
    until_check(anna)


def reference(anna):
    until_check(anna)
    anna.tap("Send")


def too_long(anna):
    anna.field.fill("x" * 1010)


def offline(anna):
    anna.page.context.set_offline(True)
    anna.write("does freezing hurt?")
    expect(anna.chat.locator(".lost")).to_be_visible()


def not_sent(anna):
    anna.page.route("**/chat/messages", lambda route: route.fulfill(status=503, json={}))
    anna.page.clock.install()
    anna.write("does freezing hurt?")
    for _ in range(3):
        anna.page.clock.run_for(4_000)
    expect(anna.chat.locator(".pending")).to_contain_text("Not sent.")


def writing(anna):
    anna.page.route("**/chat/messages", lambda route: None)
    anna.page.clock.install()
    anna.write("does freezing hurt?")
    anna.page.clock.run_for(9_000)
    expect(anna.log).to_contain_text("Still working on it")


STATES = [
    closed, greeting, answer, comparison, urgent, urgent_pinned, urgent_while_closed, asked_back,
    menu, question, farewell, form, check_page, reference, too_long, offline, not_sent, writing,
]  # fmt: skip


def violations(page):
    """What is wrong, and where."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], node["target"]) for one in found for node in one["nodes"]]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_state_has_no_violation(visitor, state):
    # Colours are looked at when they have come to rest.
    anna = visitor(reduced_motion="reduce").open()
    state(anna)
    found = {}
    for size, look in itertools.product(SIZES, LOOKS):
        anna.page.set_viewport_size(SIZES[size])
        anna.page.emulate_media(**LOOKS[look])
        found[size, look] = violations(anna.page)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


def test_axe_sees_into_the_window(anna):
    anna.field.evaluate("one => { one.labels[0].remove(); one.placeholder = '' }")
    assert "label" in [one for one, _ in violations(anna.page)]
