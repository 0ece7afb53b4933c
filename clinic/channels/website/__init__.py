"""The channel of the chat window on the clinic's site."""
