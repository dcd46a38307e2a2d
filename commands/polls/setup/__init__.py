"""How a poll is opened and changed."""
