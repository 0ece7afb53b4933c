"""A booking request made at the window, as the window would: by what each line says how it may be
shown.
"""

TOLD = {
    "name": "Priya Example",
    "telephone": "07400 123456",
    "times": "Tuesday or Thursday afternoons",
    "email": "priya@clinic.example",
}


def answer(line):
    """What a patient does next: taps the first button where there is one, else types."""
    show = line["show"] or {}
    if show.get("kind") == "ask" and show["field"] in TOLD:
        return {"text": TOLD[show["field"]]}
    return {"button": line["buttons"][0]["id"]} if line["buttons"] else {"text": "yes"}


def until(window, kind, line, most=14):
    """Go on until a line of this kind comes."""
    for _ in range(most):
        if (line["show"] or {}).get("kind") == kind:
            return line
        told = answer(line)
        line = window.say(told.pop("text", ""), **told)[-1]
    raise AssertionError(f"no {kind}: {line}")


def test_a_request_is_checked_changed_and_sent(window):
    (line,) = window.say("I would like an appointment")
    check = until(window, "check", line)
    rows = {row["label"]: row for row in check["show"]["rows"]}
    change = next(row["change"] for row in rows.values() if row["value"] == TOLD["name"])
    assert set(change) == {"id", "title"}
    (asks,) = window.say("", button=change["id"])
    assert asks["show"]["field"] == "name"
    check = window.say("Sam Example")[-1]
    assert "Sam Example" in check["text"]
    sent = until(window, "reference", check)
    assert sent["show"]["reference"] in sent["text"]
