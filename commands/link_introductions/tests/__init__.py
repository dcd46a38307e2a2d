"""Tests of introductions that need no second network. With several: tests/links."""
