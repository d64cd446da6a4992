"""The outside world behind the protocols of bot.ports."""
