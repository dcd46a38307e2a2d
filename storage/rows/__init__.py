"""Rows about rooms and people: whose they are, how they move and how they are deleted."""
