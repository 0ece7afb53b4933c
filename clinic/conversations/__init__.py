"""Rasa's conversations, kept in order and never silent."""
