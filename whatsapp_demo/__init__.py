"""A stand-in of Meta's side of WhatsApp on this machine: for a demonstration, and for the tests."""
