"""What is written down of polls: question and rule, who may vote, and each vote as it stands."""

from __future__ import annotations

from commands.poll_book import declared_rows, personal_data, texts
from commands.poll_book.declaration import feature
from commands.poll_book.people import BOTS

__all__ = ["declared_rows", "feature", "personal_data", "texts"]

feature.settings.append(BOTS)
