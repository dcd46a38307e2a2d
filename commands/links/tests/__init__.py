"""Tests of what is pure: chains, codes, statements."""
