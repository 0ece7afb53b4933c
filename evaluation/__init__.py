"""How good the bot is on messages that nobody trained on."""
