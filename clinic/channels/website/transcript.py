"""A conversation as plain text, for the patient to keep."""

from clinic.channels.website.window import Window


def transcript(window: Window, conversation: str) -> str:
    """Every line with its time and who said it."""
    parts, n = [window.say("transcript")], 0
    while found := window.lines.after(conversation, n):
        for line in found:
            time = line["time"][:16].replace("T", " ")
            parts.append(f"{time} UTC  {window.say(line['role'])}:\n{line['text']}")
        n = found[-1]["n"]
    return "\n\n".join(parts) + "\n"
