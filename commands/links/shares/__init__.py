"""Things shared with other networks, and copies of theirs."""
