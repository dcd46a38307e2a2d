"""Tests of `bot/operate/watch`: what monitoring, systemd and the log are told."""
