"""Tests of the measuring tool itself."""
