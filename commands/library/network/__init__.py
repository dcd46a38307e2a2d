"""Resources shared with linked networks, and copies of theirs."""
