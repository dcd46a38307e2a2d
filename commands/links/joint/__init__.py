"""Decisions of several networks: agreed beforehand, counted at home, revealed together."""
