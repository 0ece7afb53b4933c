"""Tests of the chat window's channel."""
