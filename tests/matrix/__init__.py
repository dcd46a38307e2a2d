"""Tests of the only package that knows matrix-nio, without a homeserver."""
