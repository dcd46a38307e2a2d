"""Declare the feature, the setting by which a room agrees, and the argument that names rooms."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, NamedArgument, Setting, Switch, _, words

feature = Feature("many_rooms", Path(__file__).parent)

ROOMS_ARGUMENT = NamedArgument(words("en", "em", "in", "en salas | nas salas | in rooms"))
"""In a line that makes something: `en: equipos`, `em: imprensa`, `in: all`."""

NETWORK_NOTICES = Setting(
    "network_notices",
    words("avisos-de-red", "avisos-da-rede", "network-notices"),
    Switch(),
    "no",
    _("Whether the network's moderators may ask or announce something here too."),
)
feature.settings.append(NETWORK_NOTICES)
