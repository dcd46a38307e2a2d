"""What governance does for other capabilities."""

from __future__ import annotations

from bot.api import Context, Effect, Job, Line, Number, RoomId, UserId, _, log, n_, verbatim
from commands.governance import deciding, moderators, reading, store, wishes
from commands.governance.base import feature
from commands.governance.rules import Rule

PAGE = 10


@feature.service("describe")
async def describe(ctx: Context, entry: log.Entry) -> Line | None:
    """Our own lines of the log."""
    facts = entry.facts
    if entry.act == "rule" and "key" in facts:
        was, now = (_rule(facts.get(name)) for name in ("before", "after"))
        return _("{title}: {before} → {after}", title=reading.title(ctx, str(facts["key"])),
                 before=was, after=now)  # fmt: skip
    if entry.act == "rename" and "after" in facts:
        return _("the room's name: “{before}” → “{after}”", before=str(facts.get("before", "")),
                 after=str(facts["after"]))  # fmt: skip
    number = facts.get("poll") or facts.get("number")
    told = {
        "carried": _("carried out what others agreed to, number {number}", number=number),
        "urgent": _("did that urgently, to be confirmed: number {number}", number=number),
        "confirmed": _("it stays, as others agreed: number {number}", number=number),
    }
    return told.get(entry.act) or await moderators.describe(entry)


def _rule(kept: object) -> Line:
    if isinstance(kept, dict):
        return reading.shown(Rule.of(kept))
    return Line("{none}", {"none": reading.NONE})


@feature.service("pending")
async def pending(ctx: Context, room: RoomId) -> list[Line]:
    """What waits for moderators; the room's decisions are among the polls."""
    found = await store.waiting(ctx.db, room, PAGE)
    return [
        _("Number {number} waits for moderators: {what}. `!support {number}`", number=one.item,
          what=verbatim(one.title))
        for one in found
        if one.poll is None
    ]  # fmt: skip


@feature.service("move")
async def move(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """The rules hold in the next room, and what waits goes on there."""
    await store.move(ctx.db, old, new)
    return []


@feature.service("forget")
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """What was to be done with them has no object; what they agreed to has a voice less."""
    for kept in await store.about(ctx.db, person):
        if kept.open:
            await wishes.close(ctx, kept)
            await ctx.schedule("orphaned", ctx.read, item=kept.item, room=kept.room)
    await store.forget(ctx.db, person)
    asked = len(await store.of_person(ctx.db, person))
    line = n_(
        "{count} thing that you wanted done here goes on without your name",
        "{count} things that you wanted done here go on without your name",
        asked,
    )
    return [line] if asked else []


@feature.job("orphaned")
async def orphaned(ctx: Context, job: Job) -> list[Effect]:
    """A vote on somebody who is gone ends without a result."""
    number = job.item
    kept = await store.get(ctx.db, Number(number)) if number is not None else None
    if kept is None:
        return []
    return await deciding.withdrawn(ctx, kept, _("whom it is about is gone."))


@feature.service("export")
async def export(ctx: Context, person: UserId) -> list[Line]:
    """What they asked for or agreed to, and waits."""
    return [
        _("You want, with others: {what} (number {number})", what=verbatim(one.title),
          number=one.item)
        for one in await store.of_person(ctx.db, person)
    ]  # fmt: skip
