"""Tests of the site of what is public."""
