"""A library of its own: text in, summary out. It knows no bot, no database and no network."""
