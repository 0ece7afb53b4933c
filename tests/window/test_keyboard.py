"""Without a mouse, without sight, on a phone, at a high zoom."""

import pytest
from playwright.sync_api import expect

from tests.window.patient import PHONE, ZOOMED

# Every control that can be tapped, with the size of what may be tapped.
TARGETS = """root => [...root.shadowRoot.querySelectorAll('button, a.button, footer a, header a')]
  .map(one => [one.textContent || one.ariaLabel, one.getBoundingClientRect()])
  .map(([name, {width, height}]) => [name, Math.min(width, height)])"""


def focused(who):
    """The element that has the focus, in the window."""
    return who.page.evaluate(
        """() => { const {activeElement} = document
        const one = activeElement.shadowRoot?.activeElement ?? activeElement
        return one.ariaLabel || one.labels?.[0]?.textContent || one.textContent.trim() }"""
    )


def test_launcher_is_a_button_with_a_name_that_tells_whether_it_is_open(visitor):
    anna = visitor()
    launcher = anna.chat.get_by_role("button", name="Ask a question")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    expect(launcher).to_have_attribute("aria-haspopup", "dialog")
    launcher.click()
    expect(anna.launcher).to_have_attribute("aria-expanded", "true")


def test_keyboard_alone_opens_asks_and_closes(visitor):
    anna = visitor()
    anna.launcher.focus()
    anna.page.keyboard.press("Enter")
    expect(anna.panel).to_have_attribute("aria-label", "Chat with The Karma Clinic")
    assert focused(anna) == "Your message"
    anna.page.keyboard.type("What are milia?")
    anna.page.keyboard.press("Shift+Enter")
    anna.page.keyboard.type("and why?")
    anna.page.keyboard.press("Enter")
    expect(anna.replies).to_have_count(2)
    assert anna.texts() == ["What are milia?\nand why?"]
    anna.page.keyboard.press("Escape")
    expect(anna.panel).to_have_count(0)
    assert focused(anna) == "Ask a question"


def test_focus_goes_back_to_the_site_s_own_button(visitor):
    anna = visitor()
    opener = anna.page.get_by_role("button", name="Ask about milia")
    opener.click()
    expect(opener).to_have_attribute("aria-expanded", "true")
    anna.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    expect(opener).to_have_attribute("aria-expanded", "false")


def test_closed_window_is_out_of_the_tab_order(visitor):
    anna = visitor()
    for _ in range(8):
        anna.page.keyboard.press("Tab")
        inside = anna.page.evaluate("document.activeElement.shadowRoot?.activeElement?.className")
        assert inside in (None, "launcher")


def test_focus_is_not_lost_when_what_had_it_goes_away(anna):
    anna.button("What are milia?").focus()
    anna.page.keyboard.press("Enter")
    expect(anna.replies).to_have_count(2)
    assert focused(anna) == "Your message"


def test_menu_and_question_close_by_escape_one_at_a_time(anna):
    anna.button("More").click()
    assert focused(anna) == "Start again"
    anna.page.keyboard.press("Escape")
    assert focused(anna) == "More"
    anna.menu("Delete my data")
    assert focused(anna) == "No, keep it"
    anna.page.keyboard.press("Escape")
    expect(anna.chat.get_by_role("alertdialog")).to_have_count(0)
    expect(anna.panel).to_be_visible()
    anna.page.keyboard.press("Escape")
    expect(anna.panel).to_have_count(0)


def test_reply_is_announced_once_and_apart_from_the_log(anna):
    anna.page.evaluate(
        """() => { window.heard = []
        const root = document.querySelector('clinic-chat').shadowRoot
        for (const region of root.querySelectorAll('[aria-live]:not([role=log])'))
          new MutationObserver(all => all.forEach(one => one.addedNodes.forEach(
            node => window.heard.push(region.getAttribute('role') + ' ' + node.textContent))))
            .observe(region, {childList: true}) }"""
    )
    anna.say("What are milia?")
    [heard] = anna.page.evaluate("window.heard")
    assert heard.startswith("status Assistant: Milia are")
    expect(anna.log).to_have_attribute("aria-live", "off")
    # The region is emptied again, so that nobody comes upon old words in it.
    expect(anna.chat.get_by_role("status")).to_have_text("")


def test_targets_are_large_enough(anna):
    anna.say("does freezing hurt?")
    small = [found for found in anna.chat.evaluate(TARGETS) if found[1] < 24]
    assert small == []


def test_window_fills_a_phone_and_keeps_the_focus_in_it(visitor):
    anna = visitor(**PHONE).open()
    expect(anna.panel).to_have_attribute("aria-modal", "true")
    box = anna.panel.bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert anna.page.evaluate("getComputedStyle(document.documentElement).overflow") == "hidden"
    # No keyboard springs up over the greeting.
    assert focused(anna) != "Your message"
    for _ in range(30):
        anna.page.keyboard.press("Tab")
        assert anna.page.evaluate("document.activeElement.tagName") == "CLINIC-CHAT"
    anna.button("Close chat").click()
    assert anna.page.evaluate("document.documentElement.style.overflow") == ""


def test_window_follows_the_keyboard_of_a_phone(visitor):
    anna = visitor(**PHONE).open()
    anna.page.evaluate(
        """() => { Object.defineProperty(visualViewport, 'height', {value: 420})
        visualViewport.dispatchEvent(new Event('resize')) }"""
    )
    assert anna.panel.bounding_box()["height"] == 420
    expect(anna.field).to_be_in_viewport()


@pytest.mark.parametrize("words", ["How are milia removed?", "my eye is full of pus after a peel"])
def test_nothing_runs_over_the_edge_at_a_zoom_of_400_percent(visitor, words):
    anna = visitor(**ZOOMED).open()
    anna.say(words)
    wide = anna.chat.evaluate(
        """root => [...root.shadowRoot.querySelectorAll('.panel, .panel *:not(.hidden)')]
        .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
        .map(one => one.className)"""
    )
    assert wide == []
    expect(anna.field).to_be_in_viewport(ratio=0.9)


def test_motion_is_left_out_where_the_patient_wants_none(visitor):
    anna = visitor(reduced_motion="reduce").open()
    assert anna.chat.evaluate("root => root.shadowRoot.getAnimations().length") == 0
