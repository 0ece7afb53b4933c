"""Replies in WhatsApp's shapes: one message wherever it fits, never beyond a limit, never torn."""

import json
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pywa import WhatsApp
from pywa.types import Button, Section, SectionList, SectionRow

from clinic.channels.whatsapp.shapes import BODY, TEXT, Labels, cut, plain, shape
from whatsapp_demo.limits import wrong_with

LABELS = Labels({"How long does my skin need to heal?": "Healing time"}, "Choose")
KEY = "0123456789abcdef"


def reply(text, *words, **show):
    buttons = [{"title": one, "payload": one} for one in words]
    return {"text": text, "buttons": buttons, "show": show or {"kind": "answer"}}


def shaped(*replies):
    return shape(replies, LABELS, KEY)


def one(*replies):
    [message] = shaped(*replies)
    return message.body


def buttons(body):
    return [button["reply"] for button in body["interactive"]["action"]["buttons"]]


def rows(body):
    [section] = body["interactive"]["action"]["sections"]
    return section["rows"]


def test_a_text_alone_is_a_text():
    assert one(reply("Hello.")) == {
        "type": "text",
        "text": {"body": "Hello.", "preview_url": False},
    }


def test_up_to_three_short_choices_are_buttons_with_short_titles():
    [message] = shaped(reply("A.", "How long does my skin need to heal?", "Price"))
    assert buttons(message.body) == [
        {"id": f"{KEY}.0", "title": "Healing time"},
        {"id": f"{KEY}.1", "title": "Price"},
    ]
    assert message.words == ("How long does my skin need to heal?", "Price")


def test_four_choices_or_a_long_one_are_a_list():
    assert [row["title"] for row in rows(one(reply("A.", "a", "b", "c", "d")))] == list("abcd")
    long = "Tuesday afternoon after four or so, or Thursday before nine"
    [row] = rows(one(reply("A.", long)))
    assert row == {"id": f"{KEY}.0", "title": "1. Tuesday afternoon…", "description": long}


def test_more_than_ten_choices_or_a_long_text_are_numbered_text():
    body = one(reply("A.", *"abcdefghijk"))
    assert body["text"]["body"].endswith("\n10. j\n11. k")
    long = "Some words here. " * 70
    body = one(reply(long, "Price"))
    assert body["text"]["body"].endswith("here.\n\n1. Price")


def test_choices_that_the_text_names_are_not_named_twice():
    text = "Did you mean:\n1. Price\n2. Scars\n" + "x" * 1100
    assert one(reply(text, "Price", "Scars"))["text"]["body"] == text


def test_all_replies_of_a_turn_are_one_message_with_the_last_choices():
    body = one(reply("First.", "a"), reply("Second.", "b"), reply("Third."))
    assert body["interactive"]["body"]["text"] == "First.\n\nSecond.\n\nThird."
    assert [button["title"] for button in buttons(body)] == ["b"]


def test_heading_of_a_card_and_names_in_a_list_are_bold():
    card = {
        "text": "Ring 111 now.\n\nSay so.",
        "show": {"kind": "urgent", "heading": "Ring 111 now"},
    }
    assert one(card)["text"]["body"] == "*Ring 111 now*.\n\nSay so."
    listed = one(reply("They differ:\n• Skin peels: 3 days"))
    assert listed["text"]["body"] == "They differ:\n• *Skin peels:* 3 days"


@pytest.mark.parametrize(
    ("written", "said"),
    [("*Bo* ~x~ `y` _z_", "Bo x y z"), ("a_b@c.example/d_e", "a_b@c.example/d_e"), ("__", "")],
)
def test_what_would_be_formatting_is_taken_out(written, said):
    assert plain(written) == said


def test_nothing_to_say_is_no_message():
    assert shaped(reply("")) == shaped() == []


SENTENCES = st.lists(
    st.lists(st.text("abcdefg", min_size=1, max_size=12), min_size=1, max_size=25).map(
        lambda words: " ".join(words) + "."
    ),
    min_size=1,
    max_size=60,
).map(" ".join)


@given(SENTENCES, st.sampled_from([60, 300, 1024]))
def test_cut_at_the_end_of_a_sentence_or_else_between_words(text, limit):
    parts = cut(text, limit)
    assert " ".join(parts) == text
    assert all(0 < len(part) <= limit for part in parts)
    for part, rest in zip(parts, parts[1:], strict=False):
        in_reach = (part + " " + rest)[: limit + 1]
        if re.search(r"\. ", in_reach[limit // 4 :]):
            assert part.endswith(".")


def test_a_word_longer_than_the_limit_is_all_that_is_torn():
    assert cut("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@given(
    st.text(min_size=1, max_size=1500) | st.sampled_from(["word " * 1000, "a. " * 400]),
    st.lists(st.text(max_size=90), max_size=14),
)
def test_no_message_breaks_a_published_limit(text, words):
    for message in shaped(reply(text, *words)):
        whole = {"messaging_product": "whatsapp", "to": "447400123456", **message.body}
        assert wrong_with(whole) is None
        assert len(json.dumps(whole)) > 0


def test_limits_are_those_of_the_published_documents():
    assert (TEXT, BODY) == (4096, 1024)


# pywa sends the same.


@pytest.fixture
def sent_by_pywa():
    sent = []

    def take(request):
        sent.append(json.loads(request.content))
        answer = {"contacts": [{"input": "1", "wa_id": "1"}], "messages": [{"id": "wamid.1"}]}
        return httpx.Response(200, json={"messaging_product": "whatsapp", **answer})

    session = httpx.Client(transport=httpx.MockTransport(take))
    client = WhatsApp(phone_id="1", token="token", session=session)

    def send(text, choices):
        client.send_message(to="447400123456", text=text, buttons=choices)
        return sent[-1]

    return send


def test_pywa_sends_buttons_and_lists_in_the_same_shape(sent_by_pywa):
    ours = one(reply("A.", "Price", "Scars"))
    theirs = sent_by_pywa("A.", [Button("Price", f"{KEY}.0"), Button("Scars", f"{KEY}.1")])
    assert theirs["interactive"] == ours["interactive"]
    ours = one(reply("A.", "a", "b", "c", "d"))
    listed = [SectionRow(title=title, callback_data=f"{KEY}.{n}") for n, title in enumerate("abcd")]
    theirs = sent_by_pywa("A.", SectionList("Choose", [Section("", listed)]))
    for section in theirs["interactive"]["action"]["sections"]:
        section.pop("title", None)
    assert without_empty(theirs["interactive"]) == without_empty(ours["interactive"])


def without_empty(tree):
    if isinstance(tree, dict):
        return {key: without_empty(value) for key, value in tree.items() if value is not None}
    return [without_empty(one) for one in tree] if isinstance(tree, list) else tree
