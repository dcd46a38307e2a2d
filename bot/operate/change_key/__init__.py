"""`minga change-key`: another key for the data, or another way to keep it."""
