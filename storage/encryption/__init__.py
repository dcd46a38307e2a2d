"""The keys of the database, what is encrypted inside of it, and the end of both."""
