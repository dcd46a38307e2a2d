"""A bot without a homeserver, for tests."""
