"""A booking request through the window: a field for each detail, check page, reference."""

import re

import pytest
from playwright.sync_api import expect

from tests.window.patient import PHONE, Patient, another_tab


def until_name(anna: Patient) -> None:
    anna.say("I would like an appointment")
    anna.tap("A consultation")
    anna.tap("Yes, I am 18 or over")


def until_telephone(anna: Patient) -> None:
    until_name(anna)
    anna.say("Priya")
    anna.tap("By telephone")


def until_check(anna: Patient) -> Patient:
    until_telephone(anna)
    anna.say("07400 123456")
    anna.say("Wednesday mornings")
    return anna


def test_each_detail_has_a_field_that_the_browser_can_fill_in(anna):
    until_name(anna)
    field = anna.panel.get_by_label("Your name")
    expect(field).to_have_attribute("autocomplete", "name")
    expect(field).to_be_focused()
    anna.say("Priya")
    anna.tap("By telephone")
    field = anna.panel.get_by_label("Your telephone number")
    expect(field).to_have_attribute("type", "tel")
    expect(field).to_have_attribute("autocomplete", "tel")
    anna.say("07400 123456")
    expect(anna.field).to_have_attribute("placeholder", "Write your answer")


def test_email_has_a_field_of_its_kind_and_takes_any_words(anna):
    until_name(anna)
    anna.say("Priya")
    anna.tap("By e-mail")
    field = anna.panel.get_by_label("Your e-mail address")
    expect(field).to_have_attribute("type", "email")
    expect(field).to_have_attribute("autocomplete", "email")
    anna.say("why do you need that?")
    expect(anna.panel.get_by_label("Your e-mail address")).to_be_visible()


def test_question_in_the_middle_can_be_asked_in_an_ordinary_field(anna):
    until_telephone(anna)
    anna.button("Ask something else").click()
    expect(anna.panel.get_by_label("Which telephone number")).to_have_attribute("rows", "1")
    anna.say("does freezing hurt?")
    expect(anna.panel.get_by_label("Your telephone number")).to_be_visible()


def test_request_is_checked_changed_sent_and_gets_a_reference(anna):
    until_check(anna)
    rows = anna.chat.locator(".check > div")
    expect(rows.filter(has_text="07400 123456")).to_have_count(1)
    expect(anna.replies.last).to_contain_text("you agree that we pass these details")
    anna.press(anna.panel.get_by_role("button", name="Change: Name"))
    anna.say("Priya Sharma")
    expect(rows.filter(has_text="Priya Sharma").last).to_be_visible()
    anna.tap("Send")
    reference = anna.chat.locator(".reference strong")
    expect(reference).to_have_text(re.compile(r"^KC-[0-9A-Z]{6}$"))
    expect(anna.panel.get_by_role("button", name="Change: Name")).to_have_count(0)


def test_reference_can_be_copied(visitor):
    anna = until_check(visitor().open())
    anna.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    anna.tap("Send")
    anna.button("Copy").click()
    expect(anna.button("Copied")).to_be_visible()
    expect(anna.chat.get_by_role("status")).to_contain_text("Copied")
    copied = anna.page.evaluate("navigator.clipboard.readText()")
    assert copied == anna.chat.locator(".reference strong").inner_text()


def test_form_goes_on_after_a_reload_in_the_middle(anna):
    until_telephone(anna)
    anna.field.fill("07400")
    anna.page.reload()
    field = anna.panel.get_by_label("Your telephone number")
    expect(field).to_have_value("07400")
    expect(field).to_have_attribute("type", "tel")
    anna.say("07400 123456")
    anna.say("any day")
    expect(anna.chat.locator(".check")).to_contain_text("Priya")


def test_form_goes_on_in_another_tab(anna):
    until_telephone(anna)
    second = another_tab(anna)
    second.launcher.click()
    expect(second.panel.get_by_label("Your telephone number")).to_be_visible()
    second.say("07400 123456")
    expect(anna.field).to_have_attribute("placeholder", "Write your answer")


def test_request_is_not_sent_twice_when_its_answer_is_lost(anna):
    until_check(anna)
    cut = []

    def store_and_cut(route):
        if cut:
            return route.continue_()
        cut.append(route.fetch())
        return route.abort()

    anna.page.route("**/chat/messages", store_and_cut)
    anna.tap("Send")
    expect(anna.chat.locator(".reference")).to_have_count(1)
    assert [text for text in anna.texts() if text == "Send"] == ["Send"]


def test_request_can_be_cancelled(anna):
    until_check(anna)
    reply = anna.tap("Cancel")
    expect(reply).to_contain_text("not sent anything")
    expect(anna.field).to_have_attribute("placeholder", "Write your question")


def test_site_may_count_requests_without_a_detail(anna):
    anna.page.evaluate(
        "window.told = []; addEventListener('clinic-chat', e => told.push(e.detail))"
    )
    until_check(anna)
    anna.tap("Send")
    told = [one["what"] for one in anna.page.evaluate("told")]
    assert told.count("request-started") == told.count("request-sent") == 1


@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_urgent_words_in_the_form_get_their_card_and_the_form_waits(visitor, device):
    anna = visitor(**device).open()
    until_name(anna)
    card = anna.say("my lips are swollen and i cannot breathe")
    expect(card).to_have_class("urgent")
    expect(card).to_be_in_viewport(ratio=0.9)
    expect(anna.field).to_have_attribute("placeholder", "Write your question")
