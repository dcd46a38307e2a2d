"""Tests of `bot/documents`: files made for people."""
