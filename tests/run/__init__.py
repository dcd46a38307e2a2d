"""Tests of `bot/run`: how events and jobs are run."""
