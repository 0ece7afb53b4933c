"""Tests of WhatsApp: its parts on both databases, and one real bot before a stand-in of Meta."""
