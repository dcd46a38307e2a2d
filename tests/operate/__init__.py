"""Tests of `bot/operate`: what an operator meets."""
