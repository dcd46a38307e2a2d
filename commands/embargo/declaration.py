"""Declare the embargo feature, its argument and its limits."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

from bot.api import Feature, NamedArgument, Topic, _, words

feature = Feature("embargo", Path(__file__).parent)

KIND = "embargo"
GONE_JOB = feature.job("gone")
EMBARGOES = Topic("embargo", words("embargos", "embargos", "embargoes"), _("Embargoes"))
PUBLISH_ARGUMENT = NamedArgument(
    words(
        "publicar",
        "publicar",
        "publish",
        "publica, publíquese, sale, embargo, con embargo, embargo hasta"
        " | publica, publique, publique-se, sai, embargo, com embargo, embargo até"
        " | publishes, embargo until",
    )
)
"""In a line that makes something: `publicar: domingo 6h`."""
MOST_HELD = 50
"""How many things one person may have waiting."""
MOST_AHEAD = timedelta(days=366)
DEFAULT_TIME = time(9)
"""When a day without an hour begins for what waits. The confirmation names it."""
LATE_AFTER = timedelta(minutes=5)
"""What is published later than this says so."""
