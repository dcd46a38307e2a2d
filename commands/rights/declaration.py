"""Declaration of the rights feature, and the settings for how long things are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.api import (
    NO,
    Context,
    Feature,
    Line,
    LongLength,
    RoomId,
    Setting,
    Topic,
    Words,
    _,
    fold,
    words,
)

feature = Feature("rights", Path(__file__).parent)

DAILY_JOB = feature.job("daily")
FADE_JOB = feature.job("fade")
TAKE_BACK_JOB = feature.job("take_back")

RIGHTS = Topic(
    "rights",
    words(
        "mis datos",
        "meus dados",
        "my data",
        "derechos, mis derechos | direitos, meus direitos | rights, my rights",
    ),
    _("What is yours"),
)

SHORTEST_RETENTION, LONGEST_RETENTION = timedelta(days=1), timedelta(days=3653)
_RETENTION_LENGTH = LongLength(
    SHORTEST_RETENTION,
    LONGEST_RETENTION,
    timedelta(seconds=1),
    _("a time such as `30 days` or `1 year`, or `always`"),
    off=_("always"),
    off_words=NO | {"siempre", "sempre", "always", "todo", "tudo", "keep", "forever", "guardar"},
)


async def _effect_line(_ctx: Context, _room: RoomId, _value: str) -> Line:
    return _(
        "What I wrote before goes too, little by little. Others may have it on their phones; the"
        " homeserver may keep files, which nobody opens without the key that goes."
    )


RETENTION = Setting(
    "retention",
    words("retención", "retenção", "retention"),
    _RETENTION_LENGTH,
    "0",
    _("What I wrote in this room, files too, is taken away after this time; what is open stays."),
    affects=_effect_line,
)


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long items of these kinds are kept once they are over."""

    setting: Setting
    kinds: tuple[str, ...]


def _rule(name: Words, kinds: tuple[str, ...], help: Line) -> RetentionRule:  # noqa: A002
    setting = Setting(fold(name.en), name, _RETENTION_LENGTH, "0", help, network=True)
    return RetentionRule(setting, kinds)


RETENTION_RULES = (
    _rule(
        words("guardar-encuestas", "guardar-enquetes", "keep-polls"),
        ("poll",),
        _("How long polls and decisions are kept after their end."),
    ),
    _rule(
        words("guardar-eventos", "guardar-eventos", "keep-events"),
        ("event",),
        _("How long events are kept after their last date."),
    ),
    _rule(
        words("guardar-reuniones", "guardar-reuniões", "keep-meetings"),
        ("meeting",),
        _("How long meetings and their minutes are kept."),
    ),
    _rule(
        words("guardar-tareas", "guardar-tarefas", "keep-tasks"),
        ("task", "action"),
        _("How long tasks and calls for action are kept once they are done."),
    ),
    _rule(
        words("guardar-recordatorios", "guardar-lembretes", "keep-reminders"),
        ("reminder",),
        _("How long reminders are kept after they rang."),
    ),
    _rule(
        words("guardar-ofertas", "guardar-ofertas", "keep-offers"),
        ("offer", "need", "wish"),
        _("How long offers and needs are kept once they are over."),
    ),
    _rule(
        words("guardar-avisos", "guardar-avisos", "keep-announcements"),
        ("announcement",),
        _("How long announcements are kept once they are over."),
    ),
    _rule(
        words("guardar-préstamos", "guardar-empréstimos", "keep-loans"),
        ("loan",),
        _("How long loans are kept after their return."),
    ),
    _rule(
        words("guardar-llegadas", "guardar-chegadas", "keep-arrivals"),
        ("request", "arrival", "invitations", "expected", "code", "companion"),
        _("How long requests, lists and codes of newcomers are kept once they are over."),
    ),
)

LOG_RETENTION = Setting(
    "keep-log",
    words("guardar-historial", "guardar-histórico", "keep-log"),
    _RETENTION_LENGTH,
    "0",
    _("How long the lines of the rooms' logs are kept."),
    network=True,
)

feature.settings += [RETENTION, *(kept.setting for kept in RETENTION_RULES), LOG_RETENTION]
RETENTION_KEYS = frozenset(setting.key for setting in feature.settings)
