"""Somebody knocks, goes away again, or is let in by hand. A flood from one server waits outside."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Day,
    Effect,
    Job,
    Membership,
    Moved,
    Number,
    Redact,
    Ref,
    Remove,
    Room,
    RoomId,
    Say,
    UserId,
    _,
    items,
    n_,
    rooms,
    settings,
)
from commands.onboarding.agreement import store as agreement
from commands.onboarding.base import feature
from commands.onboarding.doors import asking, ballot, store, vouches, waiting, who
from commands.onboarding.doors.store import Asked, Request, Step
from commands.onboarding.lists import recognising

KEPT = timedelta(days=30)
"""How long a request and its answers wait for a decision."""
PER_SERVER = 50
"""People of one other server that are asked at one door at a time; the rest waits, knocking."""
SLOW = timedelta(days=1)
"""Who has not answered by then keeps nobody else waiting."""
LOOK_AGAIN = timedelta(minutes=2)
WAITING_TOLD = 20
"""So many of a server are told in a day that they have to wait."""
MOST_KNOCKS, IN_A_DAY = 3, timedelta(days=1)
"""Who knocks and goes away so often within a day is asked again when the day is over."""


@feature.on(Moved)
async def moved(ctx: Context, what: Moved) -> Answer:
    """A knock opens a request; whatever else becomes of who knocked ends it."""
    if what.user == ctx.me and what.now is Membership.JOIN:
        await look_soon(ctx, what.room)  # somebody may be at this door already
    now = await rooms.membership(ctx.db, what.room, what.user)
    if now is Membership.KNOCK and what.now is Membership.KNOCK:
        return await _knocked(ctx, what.user)
    if now is Membership.KNOCK:
        return None
    effects: list[Effect] = []
    for request in await store.open_of(ctx.db, what.user, what.room):
        effects += await over(ctx, request, Step.GONE)
    return effects


async def _knocked(ctx: Context, person: UserId) -> Answer:
    room = await rooms.get(ctx.db, ctx.room)
    if room is None or not who.is_door(ctx, room):
        return None
    if await store.open_of(ctx.db, person, room.room):
        return None
    until = await store.refused_until(ctx.db, person, room.room, ctx.read)
    if until is not None:
        said = _("You can ask to come into “{room}” again from {day}.", room=room.name,
                 day=Day(until))  # fmt: skip
        return [Remove(person, room.room), Say((said,), to=person, loud=True)]
    if await _comes_and_goes(ctx, room, person):
        await look_soon(ctx, room.room, LOOK_AGAIN)
        return None
    server = person.partition(":")[2]
    if await _crowd_went(ctx, room, server) or await _full(ctx, room, server):
        return await _wait_outside(ctx, room, person)
    return await opened(ctx, room, person)


async def opened(ctx: Context, room: Room, person: UserId) -> list[Effect]:
    """Ask the first question, in private; who is let in already or expected is asked nothing."""
    if await agreement.held(ctx.db, person):
        return []
    if (expected := await recognising.at_the_door(ctx, room, person)) is not None:
        return expected
    asked = await store.questions(ctx.db, room.room) or [Asked("")]
    number = await items.add(ctx.db, feature.name, "request", room.room, person, "", ctx.now)
    await store.put(ctx.db, number, person, room.room, asked, ctx.read)
    await ctx.schedule("lapse", ctx.read + KEPT, item=number, room=room.room)
    await waiting.begin(ctx, number)
    await asking.begin(ctx, number, person)
    request = await store.get(ctx.db, number)
    assert request is not None
    return await vouches.asked(ctx, request, room.room)


async def _comes_and_goes(ctx: Context, room: Room, person: UserId) -> bool:
    """Do they knock and go away all the time? Each time costs a number and words in the room for
    good. They can wait outside, and are asked later.
    """
    gone = await store.count_gone_of(ctx.db, room.room, ctx.read - IN_A_DAY, person)
    return gone >= MOST_KNOCKS


async def _crowd_went(ctx: Context, room: Room, server: str) -> bool:
    """Do people of that server?"""
    if server == ctx.me.partition(":")[2]:
        return False
    since = ctx.read - IN_A_DAY
    return await store.count_at(ctx.db, room.room, server, Step.GONE, since) >= PER_SERVER


async def _full(ctx: Context, room: Room, server: str) -> bool:
    """Are as many people of that server being asked as may be? Our own server's are ours."""
    asked = await store.count_at(ctx.db, room.room, server, Step.ASKING, ctx.read - SLOW)
    return asked >= PER_SERVER and server != ctx.me.partition(":")[2]


async def _wait_outside(ctx: Context, room: Room, person: UserId) -> list[Effect]:
    """The moderators hear of it once a day for each server, and so do the first who wait.

    Not everybody: who has many accounts made could have us write to all of them.
    """
    await look_soon(ctx, room.room, LOOK_AGAIN)
    server = person.partition(":")[2]
    told = await _told_today(ctx, room, server)
    if told > WAITING_TOLD:
        return []
    said = _("Many people of {server} want to come into “{room}” now, so it takes a while until I"
             " ask you: up to a day. Keep your request as it is, and I write to you.",
             server=server, room=room.name)  # fmt: skip
    effects: list[Effect] = [Say((said,), to=person, loud=True)]
    place = await ctx.moderators_room()
    if told > 1 or place is None:
        return effects
    lines = (
        _("Many people of {server} knock at “{room}” at once. I ask {most} of them at a time; the"
          " rest waits outside, for up to a day.", server=server, room=room.name, most=PER_SERVER),
        _("Somebody whom you expect can come in now: invite them in your app."),
        _("Who is at which step: `!requests`"),
    )  # fmt: skip
    return [Say(lines, room=place, loud=True), *effects]


async def _told_today(ctx: Context, room: Room, server: str) -> int:
    """Which one they are of those of their server that have to wait there since a day."""
    key = f"crowd:{room.room}:{server}"
    since, _space, count = (await settings.fact(ctx.db, key) or "").partition(" ")
    fresh = since and ctx.read - datetime.fromisoformat(since) < IN_A_DAY
    number = int(count) + 1 if fresh else 1
    begun = since if fresh else ctx.read.isoformat()
    await settings.set_fact(ctx.db, key, f"{begun} {min(number, WAITING_TOLD + 1)}")
    return number


async def look_soon(ctx: Context, room: RoomId, pause: timedelta = timedelta(0)) -> bool:
    """Look for those who knock and were not asked. False if that is to come already."""
    if await settings.fact(ctx.db, f"look:{room}"):
        return False
    await settings.set_fact(ctx.db, f"look:{room}", "yes")
    await ctx.schedule("look", ctx.read + pause, room=room)
    return True


@feature.job("look")
async def look(ctx: Context, _job: Job) -> Answer:
    """Those who had to wait outside come to the door as others leave it."""
    await settings.drop_fact(ctx.db, f"look:{ctx.room}")
    room = await rooms.get(ctx.db, ctx.room)
    if room is None or not who.is_door(ctx, room):
        return None
    effects: list[Effect] = []
    for person in await store.knocking(ctx.db, room.room):
        refused = await store.refused_until(ctx.db, person, room.room, ctx.read)
        server = person.partition(":")[2]
        later = refused is not None or await _comes_and_goes(ctx, room, person)
        later = later or await _crowd_went(ctx, room, server)
        if not later and not await _full(ctx, room, server):
            effects += await opened(ctx, room, person)
    if await store.knocking(ctx.db, room.room):
        await look_soon(ctx, room.room, LOOK_AGAIN)
    return effects


async def over(ctx: Context, request: Request, step: Step) -> list[Effect]:
    """However it ended: the answers go, on our disk and in the moderators' room."""
    effects = await ballot.withdrawn(ctx, request)
    await store.goes_to(ctx.db, request.item, step, ctx.read)
    await store.shred(ctx.db, request.item)
    await ctx.call_off(request.item)
    await items.close(ctx.db, request.item)
    again = await items.recall(ctx.db, request.item, asking.AGAIN)
    effects.append(Redact(Ref(request.item, "answers"), quiet=True))
    return [*effects, *(Redact(event, room, quiet=True) for event, room in again)]


@feature.job("lapse")
async def lapse(ctx: Context, job: Job) -> Answer:
    """Nobody decided, or they never answered: what they wrote is deleted, and they are told."""
    request = await store.get(ctx.db, Number(job.item)) if job.item is not None else None
    if request is None or not request.open:
        return None
    name = await _name(ctx, request)
    lines = (
        n_("It is {count} day now; I deleted what you answered for “{room}”.",
           "It is {count} days now; I deleted what you answered for “{room}”.",
           KEPT.days, room=name),
        _("If you still want to come in, knock again."),
    )  # fmt: skip
    told = Say(lines, to=request.person, loud=True)
    return [*await over(ctx, request, Step.LAPSED), Remove(request.person, request.room), told]


async def _name(ctx: Context, request: Request) -> str:
    room = await rooms.get(ctx.db, request.room)
    return (room.name if room else "") or request.room
