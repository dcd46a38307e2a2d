"""Declaration of the safety feature, its times and limits."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.api import Feature, Setting, Switch, Topic, _, words

feature = Feature("safety", Path(__file__).parent)

ASK_JOB = feature.job("ask")
CALL_JOB = feature.job("call")
END_JOB = feature.job("end")
FEWER_JOB = feature.job("fewer")
LEFT_JOB = feature.job("left")
LOOK_JOB = feature.job("look")
NOT_RECALLED_JOB = feature.job("not_recalled")
RECALL_JOB = feature.job("take_back")
RECALLED_BACK_JOB = feature.job("recalled_back")
RECALLED_OVER_JOB = feature.job("recalled_over")
SOON_JOB = feature.job("soon")
SERVER_CHOICE_JOB = feature.job("server_choice")
TAKEN_BACK_JOB = feature.job("taken_back")
TELL_JOB = feature.job("tell")
feature.personal_kinds |= {"return"}

SAFETY = Topic(
    "safety",
    words("protección", "proteção", "protection", "seguridad | segurança | safety"),
    _("To be safe"),
)

LEAVES_ALARMS = Setting(
    "server_alarms",
    words("aviso-en-el-servidor", "aviso-no-servidor", "alarm-at-the-server"),
    Switch(),
    "yes",
    _(
        "Whether the alarm of a `back-by` waits at the server, in case my computer is off. The"
        " server sees when, and for whom."
    ),
    network=True,
)
feature.settings += [LEAVES_ALARMS]

SHORTEST_ABSENCE, LONGEST_ABSENCE = timedelta(minutes=5), timedelta(days=30)
REMIND_BEFORE = timedelta(minutes=15)
"""How long before the time the person is reminded, if that much is left."""
ANSWER_TIME = timedelta(minutes=10)
"""How long the person has to answer, once asked, before the contacts are told."""
TELL_INTERVAL, MOST_ALARMS = timedelta(minutes=15), 4
"""Interval and number of alarms to the contacts, until one of them takes care of it."""
DELETE_AFTER = timedelta(hours=24)
"""When a check-in without any answer is deleted."""
LATE_AFTER = timedelta(minutes=5)
MOST_CONTACTS, LONGEST_NOTE = 10, 500
ACKNOWLEDGED_WITHIN = timedelta(minutes=3)
"""An `ok` sooner than this after the bot's answer only acknowledges it."""
SERVER_MARGIN = timedelta(minutes=1)
"""How long after the bot's own alarm the one at the homeserver goes out, unless taken back."""
LEFT_WITHIN = timedelta(minutes=2)
"""When the person is told for whom the alarm does not lie at the homeserver yet."""
RECALLED_WITHIN, REPLACED_WITHIN = timedelta(seconds=30), timedelta(seconds=90)
"""How long the homeserver has to give alarms back, or old ones for new ones, before it is told."""
LOOK_AFTER, LOOK_INTERVAL = timedelta(seconds=15), timedelta(minutes=1)
"""How long after its time it is asked whether an alarm went out all the same, and how often."""
