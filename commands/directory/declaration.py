"""Declaration of the directory feature and its kinds of items."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("directory", Path(__file__).parent)

LAPSE_JOB = feature.job("lapse")
REVIEW_JOB = feature.job("review")
feature.personal_kinds |= {"letter"}

DIRECTORY = Topic(
    "directory",
    words(
        "contactos",
        "contatos",
        "contacts",
        "guía de contactos, fichas | guia de contatos, fichas | contact book, entries",
    ),
    _("Contacts who offered to be found"),
)
ENTRY_KIND, LETTER_KIND = "contact", "letter"
"""Kinds of this feature's items."""
