"""Reminders of events, sent in private, and each person's choices about them."""
