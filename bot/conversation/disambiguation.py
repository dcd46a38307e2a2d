"""Chooses the date or room that was meant, and asks if there are several.

Choices are stored with the answers, so that they stay the same when the handler runs again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import dates
from bot.capability.errors import UserError, choice
from bot.i18n import _, verbatim
from bot.text.normalisation import fold
from bot.types import Day, Membership, Moment, RoomId
from storage import room_moves, rooms
from storage.rooms import Room

if TYPE_CHECKING:
    from bot.capability.context import Context


def reading(ctx: Context, phrase: str, read: dates.Reading) -> dates.When:
    """Return the only reading of a date, asking if there are several. Raises `UserError`."""
    key = f"date:{phrase}"
    if key in ctx.known:
        wall = datetime.fromisoformat(ctx.known[key])
        zone = ctx.known.get(f"zone:{phrase}", ctx.policy.zone)
        clock = ctx.known.get(f"clock:{phrase}") != "no"
        return dates.When(dates.to_utc(wall, zone), wall, zone, clock)
    if isinstance(read, dates.Doubtful) or f"options:{phrase}" in ctx.known:
        return _doubtful(ctx, phrase, read)
    if isinstance(read, dates.Past):
        raise UserError(
            _("{moment} has passed.", moment=_shown(read.when)),
            _("Write a date to come, for example `tomorrow 18:00`."),
        )
    if not isinstance(read, dates.When):
        raise UserError(
            _("I can't read “{words}” as a date.", words=phrase[:80]),
            _("For example: `tomorrow 18:00` or `{date} 19:00`.", date=_coming(ctx)),
        )
    return _kept(ctx, phrase, read)


def _coming(ctx: Context) -> str:
    """Return an example date in about a week."""
    return f"{dates.to_wall(ctx.now + timedelta(days=8), ctx.policy.zone):%d/%m}"


def _kept(ctx: Context, phrase: str, when: dates.When) -> dates.When:
    """Store a reading with the answers: `tomorrow` must not change with the clock."""
    ctx.known[f"date:{phrase}"] = when.wall.isoformat()
    ctx.known[f"zone:{phrase}"] = when.zone
    ctx.known[f"clock:{phrase}"] = "yes" if when.has_time else "no"
    return when


def _doubtful(ctx: Context, phrase: str, read: dates.Reading) -> dates.When:
    found = _offered(ctx, phrase, read)
    options = tuple(
        _("{n}) {moment}", n=n, moment=_shown(option)) for n, option in enumerate(found, start=1)
    )
    answer = ctx.ask(
        f"which:{phrase}",
        choice(len(options), walls=[option.wall for option in found]),
        _("Which do you mean? {options}", options=options),
        _("Answer with the number."),
    )
    return _kept(ctx, phrase, found[int(answer) - 1])


def _offered(ctx: Context, phrase: str, read: dates.Reading) -> tuple[dates.When, ...]:
    """Return the readings as they were first offered, so that they don't change at midnight."""
    key = f"options:{phrase}"
    if isinstance(read, dates.Doubtful) and key not in ctx.known:
        rows = [(o.wall.isoformat(), o.zone, o.has_time) for o in read.options]
        ctx.known[key] = json.dumps(rows)
    kept = [(datetime.fromisoformat(w), z, t) for w, z, t in json.loads(ctx.known[key])]
    return tuple(dates.When(dates.to_utc(w, z), w, z, t) for w, z, t in kept)


def _shown(when: dates.When) -> Moment | Day:
    """Show a reading with its time, if it has one."""
    kind = Moment if when.has_time else Day
    return kind(when.at, when.zone)


async def place(ctx: Context, named: str) -> Room:
    """Return the room that a command is for, the same as in its first run."""
    first = RoomId(ctx.known.get("place", ""))
    kept = await rooms.get(ctx.db, await room_moves.where(ctx.db, first) or first)
    here = kept and await rooms.membership(ctx.db, kept.room, ctx.who) is Membership.JOIN
    if kept is not None and kept.joined and here:
        return kept
    found = await ctx.place(named)
    ctx.known["place"] = found.room
    return found


def room_named(shared: Sequence[Room], named: str) -> Room:
    """Return the only shared room with this name. Raises `UserError`."""
    wanted = fold(named)
    fits = [r for r in shared if fold(r.name) == wanted] or [
        r for r in shared if wanted in fold(r.name)
    ]
    if len(fits) == 1:
        return fits[0]
    raise UserError(
        _("Which room is “{name}”?", name=named[:60]),
        _("We share: {rooms}", rooms=tuple(verbatim(r.name or r.room) for r in shared[:20])),
    )
