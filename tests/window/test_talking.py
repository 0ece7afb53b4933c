"""What a patient sees and does in the window, against the real bot."""

import re

from playwright.sync_api import expect

from tests.window.patient import another_tab


def test_greeting_says_what_the_bot_is_and_offers_questions(anna):
    expect(anna.replies.first).to_contain_text("automated assistant of The Karma Clinic")
    expect(anna.chat.locator(".chips button")).to_have_count(3)
    expect(anna.panel.get_by_role("link", name="Ring 020 7946 0123")).to_have_attribute(
        "href", "tel:02079460123"
    )
    expect(anna.panel.get_by_role("link", name="Privacy", exact=True)).to_be_visible()


def test_suggestion_is_sent_by_a_tap_and_goes_away(anna):
    anna.tap("What are milia?")
    assert anna.texts() == ["What are milia?"]
    expect(anna.replies.last).to_contain_text("keratin")
    expect(anna.button("What are milia?")).to_have_count(0)


def test_button_of_a_reply_is_sent_by_its_id_and_shown_by_its_words(anna):
    anna.say("does freezing hurt?")
    title = anna.chat.locator(".chips button").first.inner_text()
    with anna.page.expect_request("**/chat/messages") as sent:
        anna.tap(title)
    assert set(sent.value.post_data_json) == {"id", "button"}
    assert anna.texts() == ["does freezing hurt?", title]


def test_answer_can_be_rated_and_the_rating_changed(anna):
    anna.say("does freezing hurt?")
    helpful = anna.chat.get_by_role("group", name="Was this helpful?")
    for title in ("Yes", "No"):
        button = helpful.get_by_role("button", name=title)
        with anna.page.expect_response("**/chat/feedback") as answer:
            button.click()
        assert answer.value.json() == {"stored": True}
        expect(button).to_have_attribute("aria-pressed", "true")


def test_treatments_stand_side_by_side_in_a_table(anna):
    reply = anna.say("How are milia removed?")
    table = reply.get_by_role("table")
    expect(table.get_by_role("row")).to_have_count(6)
    expect(table.get_by_role("rowheader", name="Microneedling")).to_be_visible()
    expect(reply).to_contain_text("From our milia page.")
    expect(reply).not_to_contain_text("•")


def test_words_that_are_not_understood_are_asked_back_with_buttons(anna):
    anna.say("hmm the thing with the bumps or so")
    expect(anna.chat.locator(".chips button").first).to_be_visible()


def test_urgent_card_stands_out_is_in_view_and_can_be_rung(anna):
    anna.say("how long does it take to heal?")
    card = anna.say("my eye hurts badly after the needle went in and i cannot open it")
    expect(card).to_have_class("urgent")
    expect(card).to_be_in_viewport(ratio=0.99)
    expect(card.get_by_role("heading", level=3)).to_contain_text("A&E")
    expect(card.get_by_role("link", name="999")).to_have_attribute("href", "tel:999")
    assert anna.chat.get_by_role("alert").inner_text().startswith("Assistant: Go to A&E")


def test_urgent_card_that_scrolls_away_keeps_its_heading_in_sight(anna):
    anna.say("my lips are swollen and i cannot breathe")
    for _ in range(3):
        anna.say("What are milia?")
    pinned = anna.chat.locator(".pinned")
    expect(pinned).to_contain_text("Call 999 now")
    pinned.click()
    expect(anna.chat.locator(".urgent")).to_be_in_viewport(ratio=0.5)
    expect(pinned).to_have_count(0)


def test_urgent_card_is_signalled_while_the_window_is_closed(anna):
    anna.close_before_the_reply("i swallowed the peel and feel drowsy")
    expect(anna.launcher).to_contain_text("Important: please read")
    anna.launcher.click()
    expect(anna.chat.locator(".urgent")).to_be_in_viewport(ratio=0.9)


def test_start_again_asks_first_and_begins_an_empty_conversation(anna):
    anna.say("What are milia?")
    anna.menu("Start again")
    anna.button("No, keep it").click()
    expect(anna.own).to_have_count(1)
    anna.menu("Start again")
    anna.chat.get_by_role("alertdialog").get_by_role("button", name="Start again").click()
    expect(anna.own).to_have_count(0)
    expect(anna.button("What are milia?")).to_be_visible()


def test_conversation_can_be_downloaded_also_without_a_connection(anna):
    anna.say("What are milia?")
    anna.page.context.set_offline(True)
    with anna.page.expect_download() as download:
        anna.menu("Download this conversation")
    assert download.value.suggested_filename == "conversation.txt"
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("Conversation with The Karma Clinic\n")
    assert re.search(r"You, .+\nWhat are milia\?\n\nAssistant, .+\n", text)
    assert "keratin" in text


def test_data_is_deleted_after_a_question_and_nothing_is_left(anna):
    anna.say("What are milia?")
    anna.menu("Delete my data")
    expect(anna.chat.get_by_role("alertdialog")).to_contain_text("cannot be undone")
    anna.button("Yes, delete it").click()
    expect(anna.log).to_contain_text("deleted")
    expect(anna.own).to_have_count(0)
    assert anna.page.context.cookies() == []
    kept = anna.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    assert kept == ["clinic-chat-open"]
    anna.page.reload()
    expect(anna.own).to_have_count(0)


def test_deletion_in_one_tab_is_seen_in_the_other(anna):
    anna.say("What are milia?")
    second = another_tab(anna)
    second.launcher.click()
    expect(second.own).to_have_count(1)
    anna.menu("Delete my data")
    anna.button("Yes, delete it").click()
    expect(second.own).to_have_count(0)
    expect(second.log).to_contain_text("deleted")


def test_too_long_a_message_says_by_how_much_and_is_not_sent(anna):
    anna.write("x" * 1003)
    expect(anna.chat.locator(".note")).to_have_text("Too long by 3 characters. Please shorten it.")
    expect(anna.field).to_have_attribute("aria-invalid", "true")
    expect(anna.own).to_have_count(0)
    anna.field.fill("x" * 950)
    expect(anna.chat.locator(".note")).to_have_text("50 characters left")
