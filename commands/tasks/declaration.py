"""Declaration of the tasks feature and its help topic."""

from __future__ import annotations

from pathlib import Path

from bot.api import Feature, Topic, _, words

feature = Feature("tasks", Path(__file__).parent)

COUNTS_JOB = feature.job("counts")
END_ACTION_JOB = feature.job("end action")
REMIND_JOB = feature.job("remind")

TASKS = Topic(
    "tasks",
    words("tareas", "tarefas", "tasks", "trabajo | trabalho | work"),
    _("Tasks and calls for action"),
)
