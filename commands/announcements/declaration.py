"""Declare the announcements feature and its jobs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, NamedArgument, Topic, _, words

feature = Feature(
    "announcements", Path(__file__).parent, needs=("embargo", "many_rooms", "translations")
)

ROOMS_JOB = feature.job("rooms")
PUBLISH_JOB = feature.job("publish")
OVER_JOB = feature.job("over")
KIND = "announcement"
LASTS = timedelta(days=30)
"""How long it is listed, may be translated, and asks who has read it."""
READ = NamedArgument(words("con leído", "com lido", "with read", "leído | lido | read"), flag=True)
"""At the end of an announcement: it asks who has read it."""

ANNOUNCEMENTS = Topic(
    "announcements", words("avisos", "avisos", "announcements"), _("Announcements")
)
