"""Tests of `storage/rows`: what is moved and deleted with a room or a person."""
