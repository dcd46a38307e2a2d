"""Tests of `bot/text`: words as people write them."""
