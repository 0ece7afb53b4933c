"""Reloads, page changes, tabs, lost and slow connections: nothing is lost, nothing doubled."""

from playwright.sync_api import expect

from tests.window.patient import another_tab

LOST = "We can’t reach the chat just now"


def test_conversation_survives_a_reload_and_a_page_change(anna):
    anna.say("What are milia?")
    anna.page.reload()
    expect(anna.panel).to_be_visible()
    expect(anna.own).to_have_count(1)
    anna.page.goto(anna.address + "?page=treatments")
    expect(anna.replies.last).to_contain_text("keratin")
    # It opened by itself, so it takes no focus, and what was read before is not read out again.
    assert anna.page.evaluate("document.activeElement.tagName") == "BODY"
    assert anna.chat.get_by_role("status").inner_text() == ""


def test_words_that_are_not_sent_survive_a_reload(anna):
    anna.field.fill("half a sent")
    anna.page.reload()
    expect(anna.field).to_have_value("half a sent")


def test_window_that_was_closed_stays_closed_and_remembers(anna):
    anna.say("What are milia?")
    anna.panel.press("Escape")
    anna.page.reload()
    expect(anna.panel).to_have_count(0)
    anna.launcher.click()
    expect(anna.own).to_have_count(1)


def test_message_that_was_sent_while_the_page_changed_is_there_once(anna):
    anna.write("What are milia?")
    anna.page.reload()
    expect(anna.replies).to_have_count(2)
    expect(anna.own).to_have_count(1)


def test_two_tabs_show_the_same_conversation(anna):
    anna.say("What are milia?")
    second = another_tab(anna)
    second.launcher.click()
    expect(second.own).to_have_count(1)
    second.say("does freezing hurt?")
    expect(anna.own).to_have_count(2)
    expect(anna.replies).to_have_count(3)
    anna.say("How are milia removed?")
    expect(second.replies).to_have_count(4)
    assert anna.texts() == second.texts()
    assert anna.replies.all_inner_texts() == second.replies.all_inner_texts()


def test_start_again_in_one_tab_empties_the_other(anna):
    anna.say("What are milia?")
    second = another_tab(anna)
    second.launcher.click()
    expect(second.own).to_have_count(1)
    anna.menu("Start again")
    anna.chat.get_by_role("alertdialog").get_by_role("button", name="Start again").click()
    expect(second.own).to_have_count(0)
    second.say("does freezing hurt?")
    expect(anna.own).to_have_count(1)


def test_message_that_is_written_offline_is_sent_once_when_the_connection_is_back(anna):
    anna.say("What are milia?")
    anna.page.context.set_offline(True)
    expect(anna.panel).to_contain_text(LOST)
    expect(anna.chat.locator(".lost a")).to_have_attribute("href", "tel:02079460123")
    anna.write("does freezing hurt?")
    expect(anna.chat.locator(".pending")).to_have_count(1)
    anna.page.context.set_offline(False)
    expect(anna.chat.locator(".pending")).to_have_count(0)
    expect(anna.replies).to_have_count(3)
    expect(anna.chat.locator(".lost")).to_have_count(0)
    assert anna.texts() == ["What are milia?", "does freezing hurt?"]


def test_message_whose_answer_was_cut_off_is_not_doubled(anna):
    cut = []

    def store_and_cut(route):
        # The server has it; the browser never hears so.
        if not cut:
            cut.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    anna.page.route("**/chat/messages", store_and_cut)
    anna.write("does freezing hurt?")
    expect(anna.replies).to_have_count(2)
    expect(anna.chat.locator(".pending")).to_have_count(0)
    anna.page.reload()
    expect(anna.replies).to_have_count(2)
    assert anna.texts() == ["does freezing hurt?"]


def test_failed_message_says_so_and_can_be_tried_again(anna):
    anna.page.route("**/chat/messages", lambda route: route.fulfill(status=503, json={}))
    anna.write("does freezing hurt?")
    expect(anna.chat.locator(".pending")).to_contain_text("Not sent.")
    anna.page.unroute("**/chat/messages")
    anna.chat.locator(".pending").get_by_role("button", name="Try again").click()
    expect(anna.replies).to_have_count(2)
    assert anna.texts() == ["does freezing hurt?"]


def test_slow_answer_shows_that_it_is_being_written_and_how_to_ring(anna, site):
    anna.page.clock.install()
    with site.paused_actions():
        anna.write("does freezing hurt?")
        expect(anna.chat.get_by_role("img", name="Writing an answer")).to_be_visible()
        expect(anna.chat.locator(".pending")).to_have_count(0)
        anna.page.clock.fast_forward(8_000)
        expect(anna.log).to_contain_text("Still working on it")
        anna.page.clock.fast_forward(17_000)
        expect(anna.log).to_contain_text("You can wait, or ring us.")
    expect(anna.replies).to_have_count(2)
    expect(anna.chat.locator(".typing")).to_have_count(0)


def test_quick_messages_all_arrive_once_and_in_order(anna):
    wanted = [f"message number {n}" for n in range(1, 25)]
    for text in wanted:
        anna.write(text)
    # More than the server takes at once: the window waits as long as it is asked to.
    expect(anna.chat.locator(".pending")).to_have_count(0, timeout=60_000)
    assert anna.texts() == wanted
    anna.page.reload()
    expect(anna.own).to_have_count(len(wanted))
    assert anna.texts() == wanted


def test_two_hundred_quick_messages_are_kept_through_a_reload(anna):
    wanted = [f"message number {n}" for n in range(1, 201)]
    for text in wanted:
        anna.write(text)
    expect(anna.own).to_have_count(200)
    anna.page.reload()
    expect(anna.own).to_have_count(200)
    assert anna.texts() == wanted


def test_server_that_never_answered_leaves_the_telephone(visitor):
    anna = visitor()
    anna.page.route("**/chat/config", lambda route: route.abort())
    anna.page.route("**/chat/session", lambda route: route.abort())
    anna.launcher.click()
    expect(anna.chat.locator(".lost")).to_contain_text("isn’t answering")
    expect(anna.chat.locator(".lost a")).to_have_attribute("href", "tel:02079460123")
    anna.write("does freezing hurt?")
    expect(anna.button("Try now")).to_be_visible()
    anna.page.unroute_all()
    # The window also tries by itself: where it was quicker, the button has gone.
    anna.button("Try now").evaluate_all("buttons => buttons.forEach(button => button.click())")
    expect(anna.replies).to_have_count(2)
    assert anna.texts() == ["does freezing hurt?"]


def test_server_that_is_killed_and_comes_back_goes_on_with_the_conversation(anna, site):
    anna.say("What are milia?")
    site.kill_rasa()
    anna.write("does freezing hurt?")
    expect(anna.chat.locator(".lost")).to_contain_text(LOST)
    expect(anna.chat.locator(".lost a")).to_be_visible()
    site.revive_rasa()
    expect(anna.replies).to_have_count(3, timeout=60_000)
    expect(anna.chat.locator(".lost")).to_have_count(0)
    assert anna.texts() == ["What are milia?", "does freezing hurt?"]
    anna.say("How are milia removed?")
