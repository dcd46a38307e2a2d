"""Turns of companions: one is asked in private, and the newcomer is told a while later.

A companion has that time to say no. The turn passes on if they do, leave or are forgotten.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Length,
    Line,
    Membership,
    Moved,
    Number,
    Person,
    Room,
    RoomId,
    Say,
    Setting,
    Span,
    UserId,
    _,
    items,
    rooms,
    settings,
    words,
)
from commands.onboarding.areas import permissions
from commands.onboarding.companions import store
from commands.onboarding.companions.store import Pair
from commands.onboarding.declaration import feature

WAIT = Setting(
    "companion_wait",
    words("espera-acompañar", "espera-acompanhar", "companion-wait"),
    Length(timedelta(minutes=5), timedelta(days=3)),
    str(2 * 3600),
    _("How long whoever is to accompany a newcomer can say no before the newcomer hears of it."),
    network=True,
)
feature.settings.append(WAIT)
MOST = 5
"""How many newcomers one person accompanies in a week."""
WEEK = timedelta(days=7)
SETTLED = timedelta(days=7)
"""Members for less than this are not asked yet: nobody knows them well."""
KEPT = timedelta(days=30)
"""How long it is stored who accompanies whom."""
DAY = timedelta(days=1)
QUIET = "no_companion"
"""Name of the fact that holds when the moderators last heard that nobody is free."""


async def begin(ctx: Context, newcomer: UserId) -> list[Effect]:
    """Look for a companion, once for each newcomer."""
    return [] if await store.of_newcomer(ctx.db, newcomer) else await ask_next(ctx, newcomer)


async def ask_next(ctx: Context, newcomer: UserId, *, promised: bool = False) -> list[Effect]:
    """Ask whoever shares a room with the newcomer and was asked longest ago.

    If nobody is free, the moderators are told, at most once a day. `promised`: the newcomer was
    told of a companion who can't after all, so they are told of the change.
    """
    theirs = {room.room for room in await rooms.shared_rooms(ctx.db, newcomer)}
    if not theirs:
        return []
    new = ctx.read - SETTLED
    for person in await store.in_turn(ctx.db, newcomer, ctx.read - WEEK, MOST, new):
        shared = await _shared(ctx, person, theirs)
        if shared:
            asked = await _ask(ctx, newcomer, person, shared)
            return [_changed(newcomer), asked] if promised else [asked]
    before = await store.of_newcomer(ctx.db, newcomer)
    return await _nobody(ctx, newcomer, promised or any(pair.told for pair in before))


async def _shared(ctx: Context, person: UserId, theirs: Collection[RoomId]) -> list[Room]:
    return [one for one in await rooms.shared_rooms(ctx.db, person) if one.room in theirs]


async def _ask(ctx: Context, newcomer: UserId, person: UserId, shared: list[Room]) -> Say:
    """Ask the companion. They are told only of rooms that they are in themselves."""
    room = shared[0].room
    number = await items.add(ctx.db, feature.name, "companion", room, person, "", ctx.now)
    await store.put(ctx.db, number, newcomer, person, ctx.read)
    wait = timedelta(seconds=int(await ctx.setting(WAIT)))
    await ctx.schedule("companion_told", ctx.read + wait, item=number, room=room)
    await ctx.schedule("companion_over", ctx.read + KEPT, item=number, room=room)
    names = tuple(permissions.called(one) for one in shared[:5])
    lines = (
        _("{person} has just come in ({rooms}), and it is your turn to accompany them: to say"
          " hello and to answer what they ask.",
          person=Person(newcomer, full=True), rooms=names),
        _("In {span} I tell them that it is you. Sooner: `I can {number}`", span=Span(wait),
          number=number),
        _("If you can't this time: `I can't {number}`. Then it is somebody else's turn.",
          number=number),
    )  # fmt: skip
    return Say(lines, to=person, loud=True, item=number)


async def _nobody(ctx: Context, newcomer: UserId, promised: bool) -> list[Effect]:
    """Tell a newcomer who was promised somebody that nobody is free; the moderators once a day."""
    told: list[Effect] = [Say((_nobody_free(ctx),), to=newcomer, loud=True)] if promised else []
    place = await ctx.moderators_room()
    if place is None or not await store.everybody(ctx.db) or not await _first_today(ctx):
        return told
    lines = (
        _("Nobody who offered it is free to accompany those who are new now."),
        _("Whoever would like to: `!accompany yes`"),
    )
    return [*told, Say(lines, room=place)]


def _nobody_free(ctx: Context) -> Line:
    named = tuple(Person(one, full=True) for one in sorted(ctx.defaults.moderators)[:3])
    return _("Nobody else is free to accompany you now. For your questions: {people}", people=named)


async def _first_today(ctx: Context) -> bool:
    before = await settings.fact(ctx.db, QUIET)
    if before is not None and ctx.read - datetime.fromisoformat(before) < DAY:
        return False
    await settings.set_fact(ctx.db, QUIET, ctx.read.isoformat())
    return True


# --- the course of a turn -----------------------------------------------------------------------


async def tell(ctx: Context, pair: Pair) -> Say:
    """Tell the newcomer who accompanies them."""
    await ctx.call_off(pair.item, "companion_told")
    await store.told(ctx.db, pair.item, ctx.read)
    lines = (who(pair), rather_not(pair))
    return Say(lines, to=pair.newcomer, loud=True, item=pair.item)


def who(pair: Pair) -> Line:
    """Return the line that tells the newcomer who accompanies them."""
    return _("{person} accompanies you at the start. Write to them whenever you want to ask"
             " something.", person=Person(pair.person, full=True))  # fmt: skip


def rather_not(pair: Pair) -> Line:
    """Return the line that tells the newcomer how to decline."""
    return _("If you would rather not: `!accompany no {number}`", number=pair.item)


async def end(ctx: Context, pair: Pair) -> None:
    """End a turn. Its companion is not asked again for this newcomer."""
    await ctx.call_off(pair.item, "companion_told")
    await store.over(ctx.db, pair.item, ctx.read)
    await items.close(ctx.db, pair.item)


async def pass_on(ctx: Context, pair: Pair) -> list[Effect]:
    """End a turn and ask the next companion.

    A newcomer who was told of it is told that there is a change, not why.
    """
    await end(ctx, pair)
    return await ask_next(ctx, pair.newcomer, promised=pair.told is not None)


def _changed(newcomer: UserId) -> Say:
    line = _("There is a change in who accompanies you: I look for somebody else and tell you.")
    return Say((line,), to=newcomer, loud=True)


async def _open(ctx: Context, job: Job) -> Pair | None:
    pair = await store.get(ctx.db, Number(job.item)) if job.item is not None else None
    return pair if pair is not None and not pair.over else None


@feature.job("companion_told")
async def companion_told(ctx: Context, job: Job) -> Answer:
    """Tell the newcomer after the time to say no is over, if the two still share a room."""
    pair = await _open(ctx, job)
    if pair is None:
        return None
    if not await _together(ctx, pair):
        return await pass_on(ctx, pair)
    said = _("I told {person} that it is you. You can write to them first.",
             person=Person(pair.newcomer))  # fmt: skip
    return [await tell(ctx, pair), Say((said,), to=pair.person, item=pair.item)]


@feature.job("companion_over")
async def companion_over(ctx: Context, job: Job) -> Answer:
    """Delete a turn after `TURN_LIFETIME`."""
    if job.item is not None:
        await items.drop(ctx.db, Number(job.item))
    return None


@feature.job("companion_next")
async def companion_next(ctx: Context, job: Job) -> Answer:
    """Look for another companion after the one before was forgotten."""
    if job.person is None:
        return None
    return await ask_next(ctx, job.person, promised=bool(job.payload["promised"]))


async def _together(ctx: Context, pair: Pair) -> bool:
    theirs = {room.room for room in await rooms.shared_rooms(ctx.db, pair.newcomer)}
    return bool(await _shared(ctx, pair.person, theirs))


@feature.on(Moved)
async def moved(ctx: Context, what: Moved) -> Answer:
    """Pass on or end the turns of somebody who left or was banned."""
    if what.now not in (Membership.LEAVE, Membership.BAN):
        return None
    effects: list[Effect] = []
    for pair in await store.open_of(ctx.db, what.user):
        if what.now is Membership.BAN or not await _together(ctx, pair):
            effects += await pass_on(ctx, pair)
    if not await rooms.shared_rooms(ctx.db, what.user):
        for pair in await store.of_newcomer(ctx.db, what.user):
            if not pair.over:
                await end(ctx, pair)
    return effects
