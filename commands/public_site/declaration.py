"""Declaration of the site of what is public."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature

feature = Feature("public_site", Path(__file__).parent, needs=("calendar", "verify_page"))
