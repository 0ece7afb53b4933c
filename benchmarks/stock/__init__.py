"""Rasa as it comes, for comparison: its default pipeline, its SQLite store, one trivial action."""
