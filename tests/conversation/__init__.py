"""Tests of `bot/conversation`: what is made of a line."""
