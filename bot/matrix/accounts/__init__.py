"""Registration codes of the homeserver, for people who have no account yet."""
