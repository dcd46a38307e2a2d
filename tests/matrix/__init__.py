"""Tests of the only package that knows Matrix, without a homeserver."""
