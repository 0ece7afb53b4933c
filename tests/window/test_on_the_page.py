"""What the clinic sets in its script tag, and what a strict or strange page does to the window."""

import json

from playwright.sync_api import expect

from tests.window.patient import EVENTS

STRICT = (
    "default-src 'none'; script-src {bot}; connect-src {bot}; require-trusted-types-for 'script'"
)
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "[x](javascript:alert(1)) &lt;b&gt; <svg/onload=alert(1)>",
    'https://good.example/"onmouseover=alert(1)',
]


def page(site, attributes=""):
    """A page of the clinic elsewhere, with the window on it."""
    script = f'<script src="{site.address}/chat/widget.js" defer {attributes}></script>'
    return f'<!doctype html><html lang="en"><title>Clinic</title><h1>Clinic</h1>{script}</html>'


def test_nothing_is_stored_or_asked_for_before_the_window_is_opened(visitor):
    anna = visitor()
    asked = []
    anna.page.on("request", lambda request: asked.append(request.url))
    anna.page.reload()
    anna.page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/chat/" in url and "widget.js" not in url] == []
    assert anna.page.context.cookies() == []
    assert anna.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_strict_policy_on_another_origin_with_trusted_types_works(visitor, site, elsewhere):
    policy = STRICT.format(bot=site.address)
    address = elsewhere.put("/strict", page(site), Content_Security_Policy=policy)
    anna = visitor(address).open()
    anna.say("What are milia?")
    expect(anna.panel).to_have_css("position", "fixed")
    assert anna.page.context.cookies() == []
    anna.page.reload()
    expect(anna.own).to_have_count(1)
    second = anna.page.context.new_page()
    second.goto(address)
    second.locator("clinic-chat .launcher").click()
    expect(second.locator("clinic-chat .said.patient")).to_have_count(1)


def test_page_that_is_not_allowed_gets_the_telephone(visitor, site, elsewhere):
    address = elsewhere.put("/foreign", page(site, 'data-telephone="020 7946 0123"'))
    anna = visitor(address.replace("127.0.0.1", "localhost"))
    anna.launcher.click()
    expect(anna.chat.locator(".lost a")).to_have_attribute("href", "tel:02079460123")


def test_script_tag_sets_the_looks(visitor, site, elsewhere):
    settings = (
        'data-name="Other Clinic" data-launcher="Chat" data-position="left" data-bottom="60" '
        'data-accent="#ffd400" data-scheme="dark" data-greeting="Good day." data-telephone="999x" '
        'data-privacy="https://other.example/p"'
    )
    anna = visitor(elsewhere.put("/looks", page(site, settings)))
    expect(anna.launcher).to_have_text("Chat")
    box = anna.launcher.bounding_box()
    assert box["x"] == 24
    assert box["y"] + box["height"] == 820 - 24 - 60
    anna.open()
    expect(anna.panel).to_have_attribute("aria-label", "Chat with Other Clinic")
    expect(anna.replies.first).to_contain_text("Good day.")
    expect(anna.panel).to_have_css("background-color", "rgb(27, 25, 23)")
    expect(anna.panel.get_by_role("link", name="Privacy", exact=True)).to_have_attribute(
        "href", "https://other.example/p"
    )


def test_headless_window_has_no_button_and_obeys_the_page(visitor, site, elsewhere):
    address = elsewhere.put("/headless", page(site, "data-headless"))
    anna = visitor(address)
    expect(anna.launcher).to_have_count(0)
    anna.page.evaluate("document.querySelector('clinic-chat').open()")
    expect(anna.panel).to_be_visible()
    anna.say("What are milia?")
    anna.page.evaluate("document.querySelector('clinic-chat').close()")
    expect(anna.panel).to_have_count(0)


def test_events_tell_what_happened_without_a_word_of_the_patient(visitor):
    anna = visitor()
    anna.page.evaluate(EVENTS)
    anna.open()
    anna.say("does freezing hurt?")
    anna.say("my lips are swollen and i cannot breathe")
    anna.panel.press("Escape")
    told = anna.page.evaluate("told")
    assert [one["what"] for one in told] == [
        "opened", "message-sent", "answer-shown", "message-sent", "urgent-shown", "closed",
    ]  # fmt: skip
    assert {key for one in told for key in one} == {"what", "how"}


def test_hostile_words_of_a_patient_are_words(anna):
    for words in HOSTILE:
        anna.say(words)
    assert anna.texts() == HOSTILE
    assert harmful(anna) == []


def test_hostile_words_of_a_server_are_words(anna):
    bad = HOSTILE[0]
    shows = [
        None,
        {"kind": "urgent", "heading": bad, "text": bad},
        {"kind": "comparison", "columns": [bad, bad], "rows": [[bad, bad]]},
        {"kind": "ask", "field": bad, "input": bad, "autocomplete": bad, "label": bad},
        {"kind": "check", "rows": [{"label": bad, "value": bad, "change": None}], "consent": bad},
        {"kind": "reference", "reference": bad},
        {"kind": bad},
    ]

    anna.page.route("**/chat/events*", lambda route: route.fulfill(body=events(shows)))
    anna.page.reload()
    expect(anna.log.locator(".urgent h3")).to_have_text(bad)
    expect(anna.log.locator(".said.bot")).to_have_count(len(shows))
    assert harmful(anna) == []


def events(shows):
    """A stream with a line for each way to be shown."""
    bad = "\n".join(HOSTILE)
    lines = [
        {"n": n, "role": "bot", "text": bad, "buttons": [{"id": "1", "title": bad}], "show": show}
        for n, show in enumerate(shows, start=1)
    ]
    begin = {"session": "s", "last": len(lines), "working": False}
    records = [("session", begin), *(("line", line) for line in lines)]
    return "".join(f"event: {kind}\ndata: {json.dumps(data)}\n\n" for kind, data in records)


def harmful(who):
    """Elements and links that only hostile words can have made."""
    return who.chat.evaluate(
        """root => [...root.shadowRoot.querySelectorAll('img, script, b, [onload], [onerror], a')]
        .filter(one => !/^(https?:|mailto:|tel:)/.test(one.getAttribute('href') ?? ''))
        .map(one => one.outerHTML)"""
    )


def test_element_that_is_taken_out_of_the_page_ends(anna):
    anna.say("What are milia?")
    anna.page.evaluate("document.querySelector('clinic-chat').remove()")
    asked = []
    anna.page.on("request", lambda request: asked.append(request.url))
    anna.page.wait_for_timeout(1500)
    assert asked == []
