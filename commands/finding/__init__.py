"""The search over all that was kept, offered or published, and what is new of it each week."""

from commands.finding import search, serving, weekly
from commands.finding.base import feature

__all__ = ["feature", "search", "serving", "weekly"]
