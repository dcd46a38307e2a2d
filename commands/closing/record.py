"""The record of a room that closes: what was decided there, and the minutes of its meetings.

It names nobody, for it stays in a library after people ask to be forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import (
    DECISION_LINES,
    MINUTES,
    Context,
    FileContent,
    Line,
    Moment,
    Person,
    RenderLine,
    Room,
    UserError,
    _,
    answer_parts,
)
from commands.closing import plan_store

_SPAN = timedelta(days=30)
"""How much of the record is asked for at once: a page of it holds so much in any room."""


async def compile_record(ctx: Context, room: Room) -> list[Line]:
    """Return the record of a closed room, a line for each decision and meeting; empty if there were
    none."""
    decided = await _decisions(ctx, room)
    minuted = await _minutes(ctx, room)
    if not decided and not minuted:
        return []
    head = _("What was decided in “{room}”, until {moment}", room=room.name, moment=Moment(ctx.now))
    return [head, *decided, *minuted]


def make_file(rows: Sequence[Line], tell: RenderLine) -> FileContent:
    """Return the record of a closed room as a plain text file, which every phone opens."""
    return FileContent(("\n".join(tell(row) for row in rows) + "\n").encode())


async def _decisions(ctx: Context, room: Room) -> list[Line]:
    """Return a line for each decision, the oldest first."""
    ended = await plan_store.ended_items(ctx.db, room.room)
    since = min((one.at for one in ended), default=ctx.now)
    found: list[Line] = []
    for offer in ctx.registry.offers(DECISION_LINES):
        for begin in _months(since, ctx.now):
            found += await offer(ctx, room.room, begin, begin + _SPAN - timedelta(seconds=1))
    return [one for one in found if not _names_people(one)]


def _months(since: datetime, until: datetime) -> list[datetime]:
    """Return the beginnings of spans that cover the time between."""
    spans = (until - since) // _SPAN + 1
    return [since + _SPAN * n for n in range(spans)]


async def _minutes(ctx: Context, room: Room) -> list[Line]:
    """Return the minutes of each meeting, without who took part."""
    found: list[Line] = []
    for item in await plan_store.ended_items(ctx.db, room.room):
        for offer in ctx.registry.offers(MINUTES.of(item.kind)):
            try:
                answer = answer_parts(await offer(ctx, item))
            except UserError:  # it has no minutes, which is said of it alone
                continue
            found += [Line(""), *(one for one in answer if isinstance(one, Line))]
    return [one for one in found if not _names_people(one)]


def _names_people(value: object) -> bool:
    if isinstance(value, Line):
        return any(map(_names_people, value.values.values()))
    if isinstance(value, (tuple, list)):
        return any(map(_names_people, value))
    return isinstance(value, Person)
