"""Votes of a room on newcomers: a proposal opens for each one, for a few at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.api import (
    PROPOSE,
    WITHDRAW,
    Callback,
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
    UnfitValue,
    WholeNumber,
    _,
    chosen_moderators_room,
    fold,
    items,
    n_,
    rooms,
    verbatim,
    words,
)
from commands.doors import deciders, store, vouches, waiting_list
from commands.doors.declaration import BALLOT_JOB, ENOUGH_JOB, ORPHANED_JOB, VOTED_JOB, feature
from commands.doors.store import Request, RequestStep
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as area_store

MOST_AT_ONCE = 10
"""Newcomers that a room votes on at a time; the others wait for their turn."""
HERE = words("puerta", "porta", "door", "aquí, aqui, here, esta")
MODERATORS = words("moderación", "moderação", "moderators", "moderation")


@dataclass(frozen=True, slots=True)
class VotingRoomSetting:
    """Setting type: the door itself, the moderators' room, or a room of its areas by name."""

    def read(self, typed: str) -> str:
        """Return the stored form of a room's name that was typed. Raises `UnfitValue` if it is no
        name."""
        named = " ".join(typed.split())
        if not named or len(named) > 80:
            raise UnfitValue(
                _(
                    "{here}, {moderators}, or the name of a room of the door's areas",
                    here=HERE,
                    moderators=MODERATORS,
                )
            )
        for key, known in (("door", HERE), ("moderators", MODERATORS)):
            if fold(named) in {fold(word) for word in known}:
                return key
        return named

    def show(self, kept: str) -> Line:
        """Return the stored room as people read it."""
        known = {"door": HERE, "moderators": MODERATORS}.get(kept)
        return Line("{choice}", {"choice": known}) if known else verbatim(kept)


VOTING_ROOM = Setting(
    "door_votes_in",
    words("sala-que-vota", "sala-que-vota", "voting-room"),
    VotingRoomSetting(),
    "door",
    _("Which room votes on who knocks here, where the room decides."),
)
VOTE_TIME = Setting(
    "door_vote_time",
    words("plazo-de-ingreso", "prazo-de-ingresso", "entry-vote-time"),
    Length(timedelta(hours=1), timedelta(days=14)),
    str(3 * 86400),
    _("How long a room can vote on who knocks here."),
)
QUORUM = Setting(
    "door_quorum",
    words("quórum-de-ingreso", "quórum-de-ingresso", "entry-quorum"),
    WholeNumber(0, 100),
    "20",
    _("How many of a hundred have to vote on who knocks here; with fewer the moderators decide."),
)
feature.settings += [VOTING_ROOM, VOTE_TIME, QUORUM]


async def voting_room(ctx: Context, door: RoomId) -> Room | None:
    """Return the room that votes on requests at this door: the one that is set, else the door's
    room itself.

    None if the bot is in neither, or neither is encrypted.
    """
    wanted, own = await ctx.setting_value(VOTING_ROOM, door), await rooms.get(ctx.db, door)
    found = [own] if wanted == "door" else [*await _rooms_set(ctx, door, wanted), own]
    return next((one for one in found if one is not None and one.joined and one.is_encrypted), None)


async def _rooms_set(ctx: Context, door: RoomId, wanted: str) -> list[Room]:
    """Return the room that is set, if it is the moderators' or in one of the door's areas.

    No other room has agreed to decide for this door.
    """
    if wanted == "moderators":
        chosen = await chosen_moderators_room(ctx.db)
        room = await rooms.get(ctx.db, chosen) if chosen else None
        return [room] if room else []
    near = {
        room.room: room
        for area in await area_store.areas_of_room(ctx.db, door)
        for room in await permissions.rooms_of(ctx, area)
    }
    fits = [room for room in near.values() if fold(room.name) == fold(wanted)]
    return fits if len(fits) == 1 else []


async def deciding_room(ctx: Context, request: Request) -> Room | None:
    """Return the room that decides by vote on this request to come in.

    None if the network decides in another way, or if the room's vote came to nothing.
    """
    if request.is_undecided or not ctx.registry.offers(PROPOSE):
        return None
    if request.poll is not None:
        proposal = await items.get(ctx.db, request.poll)
        room = await rooms.get(ctx.db, proposal.room) if proposal else None
        return room if room is not None and room.joined else None
    decides = await deciders.decision_mode(ctx, request.room)
    return await voting_room(ctx, request.room) if decides == "room" else None


async def is_ready(ctx: Context, request: Request) -> bool:
    """Return whether the room's vote on this request can open now."""
    if request.step is not RequestStep.DECIDING or request.poll is not None:
        return False
    given = len(await vouches.vouchers_of(ctx.db, request.item))
    return (
        given >= await vouches.vouches_needed(ctx) and await deciding_room(ctx, request) is not None
    )


async def start_decision(ctx: Context, request: Request) -> None:
    """Start the decision on a request that needs no moderator, by vouches or by a room's vote, if
    it is due.

    It runs as a job, in the bot's name.
    """
    if await vouches.are_decisive(ctx, request):
        await ctx.schedule(ENOUGH_JOB, ctx.now, item=request.item, room=request.room)
    elif await is_ready(ctx, request):
        await ctx.schedule(BALLOT_JOB, ctx.now, room=request.room)


@feature.runs(BALLOT_JOB)
async def open_next_ballots(ctx: Context, _job: Job) -> list[Effect]:
    """Open the votes on requests that are due, the longest waiting first, up to `MOST_AT_ONCE` in a
    room. Return what to send."""
    effects: list[Effect] = []
    for request in await store.requests_awaiting_vote(ctx.db):
        room = await deciding_room(ctx, request)
        if room is None or not await is_ready(ctx, request):
            continue
        if await store.count_ballots_in(ctx.db, room.room) < MOST_AT_ONCE:
            effects += await _open_ballot(ctx, request, room)
    return effects


async def _open_ballot(ctx: Context, request: Request, room: Room) -> list[Effect]:
    """Open the proposal about one request. What the newcomer answered is not shown to the room."""
    door = await permissions.room_label_of(ctx, request.room)
    given = len(await vouches.vouchers_of(ctx.db, request.item))
    first = [
        _(
            "{person} knocks at “{room}”. Who is here decides: shall they come in?",
            person=Person(request.person, full=True),
            room=door,
        )
    ]
    if given:
        first.append(
            n_("{count} member vouches for them.", "{count} members vouch for them.", given)
        )
    quorum = await ctx.setting_value(QUORUM, request.room)
    wanted = Proposal(
        room.room,
        _("Request {number}: whoever knocks at {room} comes in", number=request.item, room=door),
        ctx.now + timedelta(seconds=int(await ctx.setting_value(VOTE_TIME, request.room))),
        Callback.of(VOTED_JOB, request.item),
        tuple(first),
        quorum=f"{quorum}%" if quorum != "0" else "",
        remind=False,
    )
    effects: list[Effect]
    number, effects = await ctx.registry.offers(PROPOSE)[0](ctx, wanted)
    await store.set_ballot(ctx.db, request.item, number)
    await waiting_list.show_step(ctx, request.item)
    return effects


async def withdraw_ballot(ctx: Context, request: Request) -> list[Effect]:
    """End the vote on a request that was settled without it, and let the next one have its turn.
    Return what to send."""
    if request.poll is None:
        return []
    await store.set_ballot(ctx.db, request.item, None)
    await ctx.schedule(BALLOT_JOB, ctx.now, room=request.room)
    return await _withdraw_poll(ctx, request.poll)


async def schedule_withdrawal(ctx: Context, request: Request) -> None:
    """Let a job end the room's vote on a request that is deleted now, if there is one, and another
    put the next request to the vote."""
    if request.poll is not None:
        await ctx.schedule(ORPHANED_JOB, ctx.now, room=request.room, poll=request.poll)
        await ctx.schedule(BALLOT_JOB, ctx.now, room=request.room)


@feature.runs(ORPHANED_JOB)
async def withdraw_orphaned_ballot(ctx: Context, job: Job) -> list[Effect]:
    """End the vote on a request that was deleted. Return what to send."""
    return await _withdraw_poll(ctx, Number(job.payload["poll"]))


async def _withdraw_poll(ctx: Context, poll: Number) -> list[Effect]:
    why, effects = _("who knocked does not wait any more."), list[Effect]()
    for withdraw in ctx.registry.offers(WITHDRAW):
        effects += await withdraw(ctx, poll, why)
    return effects


async def start_room_decision(ctx: Context, request: Request) -> list[Line]:
    """Start the room's vote on a request if a room decides, and return the lines for a moderator;
    empty if they may decide."""
    room = await deciding_room(ctx, request)
    if room is None:
        return []
    await start_decision(ctx, request)
    return [await ballot_line(ctx, request, room)]


async def ballot_line(ctx: Context, request: Request, room: Room) -> Line:
    """Return a line that says how the room's vote on this request stands."""
    named = {"number": request.item, "room": permissions.room_label(room)}
    if request.poll is not None:
        return _(
            "Request {number}: “{room}” decides, in proposal {poll}: `!results {poll}`",
            **named,
            poll=request.poll,
        )
    if request.step is RequestStep.ASKING:
        return _(
            "Request {number}: “{room}” decides, as soon as the questions are answered.", **named
        )
    if await is_ready(ctx, request):
        return _(
            "Request {number}: “{room}” decides. I open the vote as soon as it is its turn.",
            **named,
        )
    return _("Request {number}: “{room}” decides, as soon as there are vouches enough.", **named)
