"""Rooms at the homeserver: members, upgrades, files, history."""
