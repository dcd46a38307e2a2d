"""Tests of `bot/delivery`: how effects reach the homeserver."""
