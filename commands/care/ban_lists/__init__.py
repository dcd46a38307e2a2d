"""Shared ban lists: their rules, whom they name here, and bans by them."""
