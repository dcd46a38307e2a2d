"""Secret ballots and signed results: anyone can check the count, nobody learns who chose what.

What that promises and what it does not stands in `docs/decisions/0008-secret-ballots.md`.
"""
