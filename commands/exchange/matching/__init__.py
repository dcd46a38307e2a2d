"""Decide what needs and offers are about, and whether they fit. Pure."""
