"""Tests of `bot/signing`: what is signed."""
