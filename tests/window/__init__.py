"""The chat window in a real browser, against the real bot."""
