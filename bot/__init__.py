"""Briefwire: a Telegram bot that turns the news into briefings. See README.md for the map of this package."""
