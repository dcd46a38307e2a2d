"""What every part of the directory knows."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("directory", Path(__file__).parent)
feature.personal |= {"letter"}

DIRECTORY = Topic(
    "directory",
    words("guía de contactos", "guia de contatos", "contact book", "fichas | fichas | entries"),
    _("Contacts who offered to be found"),
)
ENTRY, LETTER = "contact", "letter"
"""The kinds of our items."""
