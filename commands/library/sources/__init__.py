"""Data sets and other sources of the library: their list, and the library as files, out and in."""
