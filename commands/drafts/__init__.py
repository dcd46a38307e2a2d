"""Texts that a room writes together: drafts, amendments, the vote on a version, its adoption."""

from __future__ import annotations

from commands.drafts import (
    amend_command,
    draft_command,
    public_draft,
    replies,
    services,
    voting,
)
from commands.drafts.declaration import feature

__all__ = [
    "amend_command",
    "draft_command",
    "feature",
    "public_draft",
    "replies",
    "services",
    "voting",
]
