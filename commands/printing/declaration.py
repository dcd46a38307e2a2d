"""Declare the printing feature."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("printing", Path(__file__).parent)

PRINTING = Topic("printing", words("imprimir", "imprimir", "print"), _("Print"))
