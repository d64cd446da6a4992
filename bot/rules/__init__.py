"""Decisions without side effects: no I/O, no clock, no chance; `now` is an argument."""
