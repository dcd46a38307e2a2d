"""Delete what has been over for as long as the network chose."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    ITEM_DELETED,
    RETENTION_LINES,
    Answer,
    Context,
    Item,
    Job,
    Line,
    Membership,
    MembershipChanged,
    Setting,
    _,
    items,
    log,
    rooms,
)
from commands.rights.declaration import (
    DAILY_JOB,
    LOG_RETENTION,
    RETENTION,
    RETENTION_RULES,
    feature,
)

MOST_AT_ONCE, PAUSE, DAY = 200, timedelta(seconds=30), timedelta(days=1)


@feature.on(MembershipChanged)
async def begin_at_join(ctx: Context, what: MembershipChanged) -> Answer:
    """Schedule the daily deletion of old items when the bot joins its first room. Return what to
    say, if anything."""
    if what.user == ctx.me and what.after is Membership.JOIN:
        await schedule_daily(ctx)
    return None


async def schedule_daily(ctx: Context) -> None:
    """Schedule the daily deletion of messages and items that are too old, unless it is scheduled
    already."""
    waits = await ctx.db.one("SELECT 1 FROM job WHERE feature = 'rights' AND name = 'daily'")
    if waits is None:
        await ctx.schedule(DAILY_JOB, ctx.now)


@feature.runs(DAILY_JOB)
async def delete_expired(ctx: Context, _job: Job) -> Answer:
    """Mark items that are over, and delete those kept long enough, a limited number at a time.
    Return what to say, if anything."""
    await rooms.delete_departed(ctx.db)
    await items.mark_over(ctx.db, ctx.now)
    more = False
    for kept in RETENTION_RULES:
        length = await _retention_of(ctx, kept.setting)
        if length is None:
            continue
        found = await items.over_before(ctx.db, kept.kinds, ctx.now - length, MOST_AT_ONCE)
        for item in found:
            await _delete_item(ctx, item)
        more |= len(found) == MOST_AT_ONCE
    if (length := await _retention_of(ctx, LOG_RETENTION)) is not None:
        await log.prune(ctx.db, ctx.now - length)
    ctx.db.shred()
    await ctx.schedule(DAILY_JOB, ctx.now + (PAUSE if more else DAY))
    return None


async def _retention_of(ctx: Context, setting: Setting) -> timedelta | None:
    seconds = int(await ctx.setting_value(setting))
    return timedelta(seconds=seconds) if seconds else None


async def _delete_item(ctx: Context, item: Item) -> None:
    """Delete an item with its feature's data and jobs."""
    asker, ctx.feature = ctx.feature, item.feature
    await ctx.cancel_jobs(item.number)
    ctx.feature = asker
    for service in ctx.registry.offers(ITEM_DELETED):
        await service(ctx, item.number)
    await items.delete(ctx.db, item.number)


@feature.offers(RETENTION_LINES)
async def retention_lines(ctx: Context) -> list[Line]:
    """Return the lines for `!privacy` that say what is deleted when."""
    lines = []
    if not ctx.is_private:
        chosen = await ctx.setting_value(RETENTION)
        if chosen != "0":
            lines.append(
                _(
                    "What I write in this room is taken away after {length}.",
                    length=RETENTION.kind.show(chosen),
                )
            )
    limits = []
    for setting in (*(kept.setting for kept in RETENTION_RULES), LOG_RETENTION):
        chosen = await ctx.setting_value(setting)
        if chosen != "0":
            limits.append(
                _("{name}: {length}", name=setting.name, length=setting.kind.show(chosen))
            )
    if limits:
        lines.append(_("What is over goes for good after: {limits}", limits=tuple(limits)))
    return lines
