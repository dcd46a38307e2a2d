"""Declared data of introductions."""

from __future__ import annotations

from bot.api import _
from commands.link_introductions.declaration import feature
from commands.links.services import A_NETWORK

feature.log_line("accepted_on_word", _("accepted {count} networks on others' word: {names}"))
for table in ("link_introductions_word", "link_introductions_accepted"):
    feature.rows(table, person="bot", on_forget="keep", why=A_NETWORK)
