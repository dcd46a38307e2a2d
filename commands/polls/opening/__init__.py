"""Opening a poll: what was typed, the plan made of it, and the messages that show it."""
