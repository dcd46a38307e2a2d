"""Budgets counted by us and by pabutools, another people's program (`make pabutools`)."""
