"""Search over everything saved, offered or published, and weekly news about it."""

from commands.finding import search_command, services, weekly_news
from commands.finding.declaration import feature

__all__ = ["feature", "search_command", "services", "weekly_news"]
