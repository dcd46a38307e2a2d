"""Who may do what to whom, and what is done with a moderator's power."""
