"""The doors through which patients write to the bot."""
