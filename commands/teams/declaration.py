"""Declaration of the teams feature and its help topic."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("teams", Path(__file__).parent)

AGAIN_JOB = feature.job("again")
DUE_JOB = feature.job("due")
GREET_JOB = feature.job("greet")
INVITE_JOB = feature.job("invite")
INVITED_JOB = feature.job("invited")
OPENED_JOB = feature.job("opened")
REMIND_JOB = feature.job("remind")

TEAMS = Topic(
    "teams",
    words("equipos", "equipes", "teams", "cohortes, cohorte | turmas, turma | cohorts, cohort"),
    _("Teams"),
)
EXAMPLE = _("For example: `!teams North: @ana:server @bea:server` and a line for each team")
