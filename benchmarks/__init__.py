"""How fast the bot is."""
