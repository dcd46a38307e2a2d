"""Delete what has been over for as long as the network chose."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    Answer,
    Context,
    Item,
    Job,
    Line,
    Membership,
    Moved,
    Setting,
    _,
    items,
    log,
    rooms,
)
from commands.rights.declaration import KEPT, LOG, RETENTION, feature

AT_ONCE, PAUSE, DAY = 200, timedelta(seconds=30), timedelta(days=1)


@feature.on(Moved)
async def entered(ctx: Context, what: Moved) -> Answer:
    """Schedule the daily job when the bot joins its first room."""
    if what.user == ctx.me and what.now is Membership.JOIN:
        await begin(ctx)
    return None


async def begin(ctx: Context) -> None:
    """Schedule the daily job unless it is scheduled already."""
    waits = await ctx.db.one("SELECT 1 FROM job WHERE feature = 'rights' AND name = 'daily'")
    if waits is None:
        await ctx.schedule("daily", ctx.read)


@feature.job("daily")
async def daily(ctx: Context, _job: Job) -> Answer:
    """Mark items that are over, and delete those kept long enough, a limited number at a time."""
    await rooms.drop_gone(ctx.db)
    await items.note_over(ctx.db, ctx.read)
    more = False
    for kept in KEPT:
        length = await _length(ctx, kept.setting)
        if length is None:
            continue
        found = await items.over_before(ctx.db, kept.kinds, ctx.read - length, AT_ONCE)
        for item in found:
            await _drop(ctx, item)
        more |= len(found) == AT_ONCE
    if (length := await _length(ctx, LOG)) is not None:
        await log.prune(ctx.db, ctx.read - length)
    ctx.db.shred()
    await ctx.schedule("daily", ctx.read + (PAUSE if more else DAY))
    return None


async def _length(ctx: Context, setting: Setting) -> timedelta | None:
    seconds = int(await ctx.setting(setting))
    return timedelta(seconds=seconds) if seconds else None


async def _drop(ctx: Context, item: Item) -> None:
    """Delete an item with its feature's data and jobs."""
    asker, ctx.feature = ctx.feature, item.feature
    await ctx.call_off(item.number)
    ctx.feature = asker
    for service in ctx.registry.services("gone"):
        await service(ctx, item.number)
    await items.drop(ctx.db, item.number)


@feature.service("kept")
async def told(ctx: Context) -> list[Line]:
    """Return what is deleted when, for `!privacy`."""
    lines = []
    if not ctx.private:
        chosen = await ctx.setting(RETENTION)
        if chosen != "0":
            lines.append(_("What I write in this room is taken away after {length}.",
                           length=RETENTION.kind.show(chosen)))  # fmt: skip
    limits = []
    for setting in (*(kept.setting for kept in KEPT), LOG):
        chosen = await ctx.setting(setting)
        if chosen != "0":
            limits.append(_("{name}: {length}", name=setting.name,
                            length=setting.kind.show(chosen)))  # fmt: skip
    if limits:
        lines.append(_("What is over goes for good after: {limits}", limits=tuple(limits)))
    return lines
