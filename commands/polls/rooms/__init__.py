"""A poll in many rooms: what is said in those besides its own, and a count for each."""
