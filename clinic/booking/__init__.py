"""Booking requests: the form that takes one, the rules, the record, and the way to the team."""
