"""A person's data about companions."""

from __future__ import annotations

from bot.api import Context, Line, Number, Person, UserId, _, items
from commands.welcome.companions import languages, store
from commands.welcome.declaration import COMPANION_NEXT_JOB


async def forget(ctx: Context, person: UserId) -> None:
    """Delete the person's turns of accompanying; newcomers who counted on them get another
    companion."""
    for pair in await store.turns_of_newcomer(ctx.db, person):
        await _drop(ctx, pair.item)
    for pair in await store.turns_of_companion(ctx.db, person):
        await _drop(ctx, pair.item)
        if not pair.is_over:
            await ctx.schedule(
                COMPANION_NEXT_JOB, ctx.now, person=pair.newcomer, promised=pair.told_at is not None
            )


async def _drop(ctx: Context, item: Number) -> None:
    await ctx.cancel_jobs(item)
    await items.delete(ctx.db, item)


async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return lines that say whether the person offers to accompany, whom they accompany, and who
    them."""
    told: list[Line] = []
    if await store.has_offered(ctx.db, person):
        spoken = languages.language_names(await languages.languages_of(ctx, person))
        told.append(_("You offer to be there for those who are new: {languages}", languages=spoken))
    told += [
        _("You accompany, or were asked to: {person}", person=Person(pair.newcomer, full=True))
        for pair in await store.turns_of_companion(ctx.db, person)
    ]
    told += [
        _("Accompanies you: {person}", person=Person(pair.person, full=True))
        for pair in await store.turns_of_newcomer(ctx.db, person)
        if pair.told_at is not None
    ]
    return told
