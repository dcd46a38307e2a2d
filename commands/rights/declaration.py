"""Declaration of the rights feature, and the settings for how long things are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.api import (
    Context,
    Feature,
    Length,
    Line,
    RoomId,
    Setting,
    Topic,
    Unfit,
    Words,
    _,
    bare,
    fold,
    words,
)

feature = Feature("rights", Path(__file__).parent)

RIGHTS = Topic(
    "rights",
    words("derechos", "direitos", "rights", "mis derechos | meus direitos | my rights"),
    _("Your data and your rights"),
)

_LONG = re.compile(r"(\d{1,3}|un|uno|una|um|uma|a|one) ?(mes|meses|months?|anos?|years?)")
_ALWAYS = frozenset({"siempre", "sempre", "always", "todo", "tudo", "keep", "forever", "guardar"})
LEAST, MOST = timedelta(days=1), timedelta(days=3653)


_LENGTH = Length(LEAST, MOST, off=True)


class Keeping:
    """Setting value: how long something is kept, in seconds; 0 is for ever. A month has 30 days."""

    def read(self, typed: str) -> str:
        if bare(typed) in _ALWAYS:
            return "0"
        expected = _("a time such as `30 days` or `1 year`, or `always`")
        long = _LONG.fullmatch(fold(typed).strip(" ."))
        if long is not None:
            count = int(long[1]) if long[1].isdecimal() else 1
            days = count * (30 if long[2].startswith("m") else 365)
            if days > MOST.days:
                raise Unfit(expected, f"{MOST.days} d")
            typed = f"{days} d"
        try:
            return _LENGTH.read(typed)
        except Unfit as unfit:
            raise Unfit(expected, _near(unfit)) from None

    def show(self, kept: str) -> Line:
        return _("always") if kept == "0" else _LENGTH.show(kept)


def _near(unfit: Unfit) -> str | None:
    """Return the nearest allowed value, in days."""
    if unfit.nearest is None:
        return None
    minutes = int(unfit.nearest.partition(" ")[0])
    return f"{minutes // 1440} d"


async def _touched(_ctx: Context, _room: RoomId) -> Line:
    return _(
        "What I wrote before goes too, little by little. Others may have it on their phones; the"
        " homeserver may keep files, which nobody opens without the key that goes."
    )


RETENTION = Setting(
    "retention",
    words("retencion", "retenção", "retention"),
    Keeping(),
    "0",
    _("What I wrote in this room, files too, is taken away after this time; what is open stays."),
    affects=_touched,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """How long items of these kinds are kept once they are over."""

    setting: Setting
    kinds: tuple[str, ...]


def _kept(name: Words, kinds: tuple[str, ...], help: Line) -> Kept:  # noqa: A002
    setting = Setting(fold(name.en), name, Keeping(), "0", help, network=True)
    return Kept(setting, kinds)


KEPT = (
    _kept(words("guardar-encuestas", "guardar-enquetes", "keep-polls"), ("poll",),
          _("How long polls and decisions are kept after their end.")),
    _kept(words("guardar-eventos", "guardar-eventos", "keep-events"), ("event",),
          _("How long events are kept after their last date.")),
    _kept(words("guardar-reuniones", "guardar-reuniões", "keep-meetings"), ("meeting",),
          _("How long meetings and their minutes are kept.")),
    _kept(words("guardar-tareas", "guardar-tarefas", "keep-tasks"), ("task", "action"),
          _("How long tasks and calls for action are kept once they are done.")),
    _kept(words("guardar-recordatorios", "guardar-lembretes", "keep-reminders"), ("reminder",),
          _("How long reminders are kept after they rang.")),
    _kept(words("guardar-ofertas", "guardar-ofertas", "keep-offers"),
          ("offer", "need", "wish"),
          _("How long offers and needs are kept once they are over.")),
    _kept(words("guardar-prestamos", "guardar-empréstimos", "keep-loans"), ("loan",),
          _("How long loans are kept after their return.")),
    _kept(words("guardar-llegadas", "guardar-chegadas", "keep-arrivals"),
          ("request", "arrival", "invitations", "expected", "code", "companion"),
          _("How long requests, lists and codes of newcomers are kept once they are over.")),
)  # fmt: skip

LOG = Setting(
    "keep-log",
    words("guardar-historial", "guardar-historico", "keep-log"),
    Keeping(),
    "0",
    _("How long the lines of the rooms' logs are kept."),
    network=True,
)

feature.settings += [RETENTION, *(kept.setting for kept in KEPT), LOG]
OWN = frozenset(setting.key for setting in feature.settings)
