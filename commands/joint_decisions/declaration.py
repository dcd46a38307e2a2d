"""The `Feature` of joint decisions, its jobs and its setting."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Length, Setting, _, words

feature = Feature(
    "joint_decisions",
    Path(__file__).parent,
    needs=("decision_rules", "link_introductions", "links", "shares"),
    cut_from="links",
)
ANEW_JOB = feature.job("anew")
COMPARE_JOB = feature.job("compare")
COUNTED_JOB = feature.job("counted")
RETURNED_JOB = feature.job("returned")
STEP_JOB = feature.job("step")

GRACE = Setting(
    "joint grace",
    words("espera-redes", "espera-redes", "networks-grace"),
    Length(timedelta(minutes=1), timedelta(days=7)),
    "7200",
    _("How long a joint decision waits for each step of the other networks after its end."),
    network=True,
)
feature.settings.append(GRACE)
