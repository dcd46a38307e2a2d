"""Tests of `bot/demo`: the tour."""
