"""Tests of the page that checks results."""
