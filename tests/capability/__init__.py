"""Tests of `bot/capability`: what a capability declares and gets."""
