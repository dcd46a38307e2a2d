"""Chooses the date or room that was meant, and asks if there are several.

Choices are stored with the answers, so that they stay the same when the handler runs again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot import dates
from bot.capability.errors import UserError, choice_of
from bot.capability.request_state import RequestState
from bot.i18n import _, verbatim
from bot.lines import Day, Moment
from bot.text.normalisation import fold
from storage import rooms
from storage.membership.room import Room


def choose_reading(ctx: RequestState, phrase: str, read: dates.Reading) -> dates.ZonedTime:
    """Return the reading of an ambiguous date that the person means, asking if there are several.

    Raises `AnswerNeeded` to ask, and `UserError` if there is no reading.
    """
    key = f"date:{phrase}"
    if key in ctx.answers:
        wall = datetime.fromisoformat(ctx.answers[key])
        zone = ctx.answers.get(f"zone:{phrase}", ctx.policy.zone)
        clock = ctx.answers.get(f"clock:{phrase}") != "no"
        return dates.ZonedTime(dates.to_utc(wall, zone), wall, zone, clock)
    if isinstance(read, dates.AmbiguousDate) or f"options:{phrase}" in ctx.answers:
        return _ask_which(ctx, phrase, read)
    if isinstance(read, dates.PastDate):
        raise UserError(
            _("{moment} has passed.", moment=_shown_moment(read.when)),
            _("Write a date to come, for example `tomorrow 18:00`."),
        )
    if not isinstance(read, dates.ZonedTime):
        raise UserError(
            _("I can't read “{words}” as a date.", words=phrase[:80]),
            _("For example: `tomorrow 18:00` or `{date} 19:00`.", date=_example_date(ctx)),
        )
    return _remember(ctx, phrase, read)


def _example_date(ctx: RequestState) -> str:
    """Return an example date in about a week."""
    return f"{dates.to_wall(ctx.said_at + timedelta(days=8), ctx.policy.zone):%d/%m}"


def _remember(ctx: RequestState, phrase: str, when: dates.ZonedTime) -> dates.ZonedTime:
    """Store a reading with the answers: `tomorrow` must not change with the clock."""
    ctx.answers[f"date:{phrase}"] = when.wall.isoformat()
    ctx.answers[f"zone:{phrase}"] = when.zone
    ctx.answers[f"clock:{phrase}"] = "yes" if when.has_time else "no"
    return when


def _ask_which(ctx: RequestState, phrase: str, read: dates.Reading) -> dates.ZonedTime:
    found = _offered_readings(ctx, phrase, read)
    options = tuple(
        _("{n}) {moment}", n=n, moment=_shown_moment(option))
        for n, option in enumerate(found, start=1)
    )
    answer = ctx.ask(
        f"which:{phrase}",
        choice_of(len(options), walls=[option.wall for option in found]),
        _("Which do you mean? {options}", options=options),
        _("Answer with the number."),
    )
    return _remember(ctx, phrase, found[int(answer) - 1])


def _offered_readings(
    ctx: RequestState, phrase: str, read: dates.Reading
) -> tuple[dates.ZonedTime, ...]:
    """Return the readings as they were first offered, so that they don't change at midnight."""
    key = f"options:{phrase}"
    if isinstance(read, dates.AmbiguousDate) and key not in ctx.answers:
        rows = [(o.wall.isoformat(), o.zone, o.has_time) for o in read.options]
        ctx.answers[key] = json.dumps(rows)
    kept = [(datetime.fromisoformat(w), z, t) for w, z, t in json.loads(ctx.answers[key])]
    return tuple(dates.ZonedTime(dates.to_utc(w, z), w, z, t) for w, z, t in kept)


def _shown_moment(when: dates.ZonedTime) -> Moment | Day:
    """Show a reading with its time, if it has one."""
    kind = Moment if when.has_time else Day
    return kind(when.at, when.zone)


_PLACE = re.compile(
    r"\s(?:(?:en|em|in|na|no)\s+|(?P<colon>(?:en|em|in)\s?:\s?))(?P<name>[^\n\"]{1,60})$"
)


async def split_room(
    ctx: RequestState, text: str, *, by_word: bool = False
) -> tuple[Room | None, str]:
    """Split the name of a room that the person shares with the bot off the end of a private line:
    `… en prensa`, `… en: prensa`.

    With `by_word` one word of its name is enough, but not behind a colon, where it may be an area.
    Raises `UserError` if several rooms have that name.
    """
    match = _PLACE.search(text) if ctx.is_private else None
    if match is None:
        return None, text
    wanted = fold(match["name"].strip(" ."))
    by_word = by_word and not match["colon"]
    shared = await rooms.shared_rooms(ctx.db, ctx.who)
    if any(wanted and fold(room.name) == wanted for room in shared):
        return room_named(shared, wanted), text[: match.start()].strip()
    fits = [room for room in shared if by_word and wanted in fold(room.name).split()]
    if len(fits) == 1:
        return fits[0], text[: match.start()].strip()
    return None, text


def room_named(shared: Sequence[Room], named: str) -> Room:
    """Return the room of this name that the person shares with the bot.

    Raises `UserError` if there is none, or several.
    """
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
