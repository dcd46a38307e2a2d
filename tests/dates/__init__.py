"""Tests of `bot/dates`: dates as people write them."""
