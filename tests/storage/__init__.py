"""Tests of `storage`: what is on disk."""
