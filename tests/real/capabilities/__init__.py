"""Capabilities that only tests have, each found by the bot as those in `commands/` are."""
