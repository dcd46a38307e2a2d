"""Tests of `bot/capability/authority`: who may, and acts."""
