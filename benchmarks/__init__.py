"""Measurements of the bot beside other bots on one homeserver: `make bench`, `make bench-long`."""
