"""Who accompanies a newcomer: a member who offered it, in turn, and who can say no each time."""

from __future__ import annotations

from commands.onboarding.companions import answering, offering, turns

__all__ = ["answering", "offering", "turns"]
