"""Votes of a room on newcomers: a proposal opens for each one, for a few at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.api import (
    Context,
    Effect,
    Job,
    Length,
    Line,
    Number,
    Person,
    Proposal,
    Room,
    RoomId,
    Setting,
    Then,
    Unfit,
    Whole,
    _,
    fold,
    items,
    n_,
    rooms,
    verbatim,
    words,
)
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as areas
from commands.onboarding.declaration import feature
from commands.onboarding.doors import deciders, store, vouches
from commands.onboarding.doors.store import Request, Step

MOST = 10
"""Newcomers that a room votes on at a time; the others wait for their turn."""
HERE = words("puerta", "porta", "door", "aquí, aqui, here, esta")
MODERATORS = words("moderacion", "moderação", "moderators", "moderación, moderation")


@dataclass(frozen=True, slots=True)
class Place:
    """Setting type: the door itself, the moderators' room, or a room of its areas by name."""

    def read(self, typed: str) -> str:
        """Return what is stored for the words typed. Raises `UnfitValue` if they are no name."""
        named = " ".join(typed.split())
        if not named or len(named) > 80:
            raise Unfit(_("{here}, {moderators}, or the name of a room of the door's areas",
                          here=HERE, moderators=MODERATORS))  # fmt: skip
        for key, known in (("door", HERE), ("moderators", MODERATORS)):
            if fold(named) in {fold(word) for word in known}:
                return key
        return named

    def show(self, kept: str) -> Line:
        """Return the stored value as people read it."""
        known = {"door": HERE, "moderators": MODERATORS}.get(kept)
        return Line("{choice}", {"choice": known}) if known else verbatim(kept)


WHERE = Setting(
    "door_votes_in",
    words("sala-que-vota", "sala-que-vota", "voting-room"),
    Place(),
    "door",
    _("Which room votes on who knocks here, where the room decides."),
)
TIME = Setting(
    "door_vote_time",
    words("plazo-de-ingreso", "prazo-de-ingresso", "entry-vote-time"),
    Length(timedelta(hours=1), timedelta(days=14)),
    str(3 * 86400),
    _("How long a room can vote on who knocks here."),
)
QUORUM = Setting(
    "door_quorum",
    words("quorum-de-ingreso", "quorum-de-ingresso", "entry-quorum"),
    Whole(0, 100),
    "20",
    _("How many of a hundred have to vote on who knocks here; with fewer the moderators decide."),
)
feature.settings += [WHERE, TIME, QUORUM]


async def place(ctx: Context, door: RoomId) -> Room | None:
    """Return the room that votes for this door: the one that is set, else the door itself.

    None if the bot is in neither, or neither is encrypted.
    """
    wanted, own = await ctx.setting(WHERE, door), await rooms.get(ctx.db, door)
    found = [own] if wanted == "door" else [*await _named(ctx, door, wanted), own]
    return next((one for one in found if one is not None and one.joined and one.encrypted), None)


async def _named(ctx: Context, door: RoomId, wanted: str) -> list[Room]:
    """Return the room that is set, if it is the moderators' or in one of the door's areas.

    No other room has agreed to decide for this door.
    """
    if wanted == "moderators":
        chosen = await deciders.chosen_room(ctx)
        room = await rooms.get(ctx.db, chosen) if chosen else None
        return [room] if room else []
    near = {
        room.room: room
        for area in await areas.of_room(ctx.db, door)
        for room in await permissions.rooms_of(ctx, area)
    }
    fits = [room for room in near.values() if fold(room.name) == fold(wanted)]
    return fits if len(fits) == 1 else []


async def rules(ctx: Context, request: Request) -> Room | None:
    """Return the room that decides on this request.

    None if the network decides in another way, or if the room's vote came to nothing.
    """
    if request.undecided or not ctx.registry.services("propose"):
        return None
    if request.poll is not None:
        proposal = await items.get(ctx.db, request.poll)
        room = await rooms.get(ctx.db, proposal.room) if proposal else None
        return room if room is not None and room.joined else None
    decides = await deciders.decision(ctx, request.room)
    return await place(ctx, request.room) if decides == "room" else None


async def ready(ctx: Context, request: Request) -> bool:
    """Tell whether the room's vote on this request can open now."""
    if request.step is not Step.DECIDING or request.poll is not None:
        return False
    given = len(await vouches.of(ctx.db, request.item))
    return given >= await vouches.needed(ctx) and await rules(ctx, request) is not None


async def decide(ctx: Context, request: Request) -> None:
    """Start the decision that needs no moderator, by vouches or by a room, if it is due.

    It runs as a job, in the bot's name.
    """
    if await vouches.suffice(ctx, request):
        await ctx.schedule("enough", ctx.read, item=request.item, room=request.room)
    elif await ready(ctx, request):
        await ctx.schedule("ballot", ctx.read, room=request.room)


@feature.job("ballot")
async def next_ones(ctx: Context, _job: Job) -> list[Effect]:
    """Open the votes that are due, the longest waiting first, up to `MOST_AT_ONCE` in a room."""
    effects: list[Effect] = []
    for request in await store.before_a_vote(ctx.db):
        room = await rules(ctx, request)
        if room is None or not await ready(ctx, request):
            continue
        if await store.votes_in(ctx.db, room.room) < MOST:
            effects += await _opened(ctx, request, room)
    return effects


async def _opened(ctx: Context, request: Request, room: Room) -> list[Effect]:
    """Open the proposal about one request. What the newcomer answered is not shown to the room."""
    door = await permissions.name_of(ctx, request.room)
    given = len(await vouches.of(ctx.db, request.item))
    first = [_("{person} knocks at “{room}”. Who is here decides: shall they come in?",
               person=Person(request.person, full=True), room=door)]  # fmt: skip
    if given:
        first.append(n_("{count} member vouches for them.", "{count} members vouch for them.",
                        given))  # fmt: skip
    quorum = await ctx.setting(QUORUM, request.room)
    wanted = Proposal(
        room.room,
        _("Request {number}: whoever knocks at {room} comes in", number=request.item, room=door),
        ctx.read + timedelta(seconds=int(await ctx.setting(TIME, request.room))),
        Then(feature.name, "voted", request.item),
        tuple(first),
        quorum=f"{quorum}%" if quorum != "0" else "",
        remind=False,
    )
    effects: list[Effect]
    number, effects = await ctx.registry.services("propose")[0](ctx, wanted)
    await store.votes(ctx.db, request.item, number)
    return effects


async def withdrawn(ctx: Context, request: Request) -> list[Effect]:
    """Withdraw the vote on a request that has ended, and let the next one have its turn."""
    if request.poll is None:
        return []
    await store.votes(ctx.db, request.item, None)
    await ctx.schedule("ballot", ctx.read, room=request.room)
    return await _ended(ctx, request.poll)


async def forgotten(ctx: Context, request: Request) -> None:
    """Schedule the withdrawal of the vote on a deleted request."""
    if request.poll is not None:
        await ctx.schedule("orphaned", ctx.read, room=request.room, poll=request.poll)
        await ctx.schedule("ballot", ctx.read, room=request.room)


@feature.job("orphaned")
async def orphaned(ctx: Context, job: Job) -> list[Effect]:
    """Withdraw the vote on a request that was deleted."""
    return await _ended(ctx, Number(job.payload["poll"]))


async def _ended(ctx: Context, poll: Number) -> list[Effect]:
    why, effects = _("who knocked does not wait any more."), list[Effect]()
    for withdraw in ctx.registry.services("withdraw"):
        effects += await withdraw(ctx, poll, why)
    return effects


async def instead(ctx: Context, request: Request) -> list[Line]:
    """Return what to tell a moderator if a room decides instead; empty if they may decide."""
    room = await rules(ctx, request)
    if room is None:
        return []
    await decide(ctx, request)
    return [await line(ctx, request, room)]


async def line(ctx: Context, request: Request, room: Room) -> Line:
    """Return a line about where the room's decision on this request stands."""
    named = {"number": request.item, "room": permissions.called(room)}
    if request.poll is not None:
        return _("Request {number}: “{room}” decides, in proposal {poll}: `!results {poll}`",
                 **named, poll=request.poll)  # fmt: skip
    if request.step is Step.ASKING:
        return _("Request {number}: “{room}” decides, as soon as the questions are answered.",
                 **named)  # fmt: skip
    if await ready(ctx, request):
        return _("Request {number}: “{room}” decides. I open the vote as soon as it is its turn.",
                 **named)  # fmt: skip
    return _("Request {number}: “{room}” decides, as soon as there are vouches enough.", **named)
