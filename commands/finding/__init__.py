"""Search over everything saved, offered or published, and weekly news about it."""

from commands.finding import search, serving, weekly
from commands.finding.base import feature

__all__ = ["feature", "search", "serving", "weekly"]
