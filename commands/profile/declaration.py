"""Declaration of the profile feature and its help topic."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("profile", Path(__file__).parent)

PROFILE = Topic("profile", words("perfil", "perfil", "profile"), _("Your profile"))
EXAMPLE = _("For example: `!profile pronouns she`")
