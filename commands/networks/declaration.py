"""The `Feature` of `!network`, its jobs and its help topic."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature(
    "networks",
    Path(__file__).parent,
    needs=("joint_decisions", "joint_publication", "link_introductions", "links", "shares"),
    cut_from="links",
)
CLOSED_JOB = feature.job("closed")
LOOK_JOB = feature.job("look")
OPEN_JOB = feature.job("open")
REPLACED_JOB = feature.job("replaced")
ROOM_JOB = feature.job("room")
STRANGERS_JOB = feature.job("strangers")

NETWORKS = Topic(
    "links", words("redes", "redes", "networks", "enlaces | ligações | links"), _("Other networks")
)
