"""Tests of `storage/encryption`: keys and their end."""
