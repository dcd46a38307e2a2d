"""Tests of `minga change-key`."""
