"""A small homeserver for a network that has none: its files, filled in, and what is left to do."""
