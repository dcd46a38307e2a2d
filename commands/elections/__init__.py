"""Elections of several people: candidacies, a ballot drawn by lot, a vote, a count to check."""

from __future__ import annotations

from commands.elections import (
    candidacy,
    election_commands,
    opening,
    restored_elections,
    services,
)
from commands.elections.declaration import feature

__all__ = [
    "candidacy",
    "election_commands",
    "feature",
    "opening",
    "restored_elections",
    "services",
]
