"""Secret ballots and signed results: anyone can check the count, nobody learns who chose what.

What that promises and what it does not stands in `docs/decisions/0008-secret-ballots.md`.
"""

from __future__ import annotations

from commands.ballot_secrecy import ballot_end, personal_data
from commands.ballot_secrecy.declaration import feature

__all__ = ["ballot_end", "feature", "personal_data"]
