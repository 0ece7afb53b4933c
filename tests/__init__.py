"""Tests: one file for each module, and the guards of the house."""
