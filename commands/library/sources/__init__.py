"""Data sets and other sources: their list, and the library exported to and imported from files."""
