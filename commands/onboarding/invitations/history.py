"""What was said before: the setting that gives it to whoever is invited, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import (
    ROOM_KEYS_KEPT_FOR,
    SHARED_HISTORY,
    Context,
    Line,
    Room,
    RoomId,
    Setting,
    Switch,
    _,
    rooms,
    settings,
    words,
)
from commands.onboarding.declaration import feature

DAYS = ROOM_KEYS_KEPT_FOR.days
"""How many days back a newcomer can read: older keys the bot has forgotten."""
SPACE = "m.space"


async def _effect_line(ctx: Context, room: RoomId, value: str) -> Line:
    """Return what the change means in this room, as its visibility stands now."""
    if value == "no":
        return _("Whoever came before keeps what they could read: that can't be taken back.")
    known = await rooms.get(ctx.db, room)
    if known is None or not known.is_encrypted:
        return _("This room is not encrypted: its settings in the apps decide who reads what.")
    if not known.shares_history:
        return _(
            "No effect yet: newcomers can't read what was said here before (Element: the room's"
            " settings, Security and privacy)."
        )
    return _(
        "They read the last {days} days on a confirmed phone. What was read can't be taken back.",
        days=DAYS,
    )


HISTORY = Setting(
    settings.HISTORY,
    words("historia-al-entrar", "história-ao-entrar", "history-on-entry"),
    Switch(),
    "no",
    _("Whoever I invite reads what was said here before; and whom others invite, what I said."),
    affects=_effect_line,
)
feature.settings.append(HISTORY)


async def gives_history(ctx: Context, room: RoomId) -> bool:
    """Return whether people whom the bot invites into the room get the keys of earlier messages."""
    known = await rooms.get(ctx.db, room)
    return known is not None and known.shares_history and await settings.gives_history(ctx.db, room)


async def invitation_reason(ctx: Context, room: RoomId) -> Line:
    """Return the sentence that stands in a room's invitation itself. Servers read it too."""
    if await gives_history(ctx, room):
        return _("You can read what was said here in the last {days} days.", days=DAYS)
    known = await rooms.get(ctx.db, room)
    if known is not None and _is_open(known):
        return _("You can read what was said here before you came.")
    return _("You can't read what was said here before you came.")


async def newcomer_lines(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
    """Return the lines that tell an invited person which earlier messages they will be able to
    read."""
    found = [await rooms.get(ctx.db, place) for place in places]
    every = [room for room in found if room is not None and room.kind != SPACE]
    given = [room for room in every if await gives_history(ctx, room.room)]
    open_to_all = [room for room in every if _is_open(room)]
    lines: list[Line] = []
    if given:
        lines += [
            _(
                "In {rooms} you can read what was said in the last {days} days.",
                days=DAYS,
                rooms=_names(given),
            ),
            _("It takes a confirmed phone, and not every app gives away what was said before."),
        ]
    if open_to_all:
        lines.append(
            _("In {rooms} you can read all that was said before.", rooms=_names(open_to_all))
        )
    if len(given) + len(open_to_all) < len(every):
        lines.append(
            _("In the others you can't read what was said before you came.")
            if lines
            else _("You can't read what was said there before you came.")
        )
    return lines


def _is_open(room: Room) -> bool:
    """Return whether the room is not encrypted, so that newcomers read all that was said before."""
    return not room.is_encrypted and room.history in SHARED_HISTORY


def _names(some: Sequence[Room]) -> tuple[str, ...]:
    return tuple(room.name or room.room for room in some)
