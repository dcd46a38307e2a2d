"""`!admit` and `!reject`. The newcomer is told kindly; reasons stay with who decides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.api import (
    NOTHING,
    ActRequest,
    Answer,
    Context,
    Day,
    Effect,
    Job,
    Line,
    Number,
    Person,
    Remove,
    Rest,
    Room,
    RoomId,
    Say,
    UserError,
    _,
    acknowledge,
    carry_out,
    chosen_moderators_room,
    words,
)
from commands.doors import ballot, deciders, knocks, request_lookup, store, vouches
from commands.doors.declaration import ENOUGH_JOB, feature
from commands.doors.store import Request, RequestStep
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as area_store
from commands.onboarding.declaration import NEWCOMERS
from commands.rules import gate
from commands.rules.store import Admission

LONGEST_REASON = 1000
"""Letters of a reason; the rest is cut off."""

feature.stands_for(
    words(
        "deja entrar a",
        "deixa entrar",
        "let in",
        "dejen entrar a, que entre | deixa entrar a, deixem entrar |",
    ),
    "admit",
)
feature.stands_for(
    words("let", "let", "let"),
    "admit",
    takes=re.compile(r"(?!me\b|us\b).{1,60} in[\s.!]{0,5}", re.IGNORECASE),
)


@feature.command(
    words("admitir", "admitir", "admit", "aceptar | aceitar | accept"),
    help=_("let in who knocked"),
    example=_("For example: `!admit {number}` or `!admit {number} press`", number=57),
    topic=NEWCOMERS,
    of=("request",),
)
async def admit(
    ctx: Context, request: request_lookup.OpenRequest, *, area: Rest = NOTHING
) -> Answer:
    """Let a newcomer into the door's room and its areas, or into those of the area named. Return
    the answer.

    Raises `UserError` if there is no such open request, if vouches are missing, or without the
    right.
    """
    if instead := await ballot.start_room_decision(ctx, request):
        return instead
    given, wanted = (
        len(await vouches.vouchers_of(ctx.db, request.item)),
        await vouches.vouches_needed(ctx),
    )
    if given < wanted:
        raise UserError(
            _(
                "Request {number} has {given} of the {wanted} vouches that it needs.",
                number=request.item,
                given=given,
                wanted=wanted,
            ),
            _("Members vouch in private: `vouch {number}`", number=request.item),
        )
    await _places(ctx, await ctx.joined_room(request.room), area)
    payload = {"number": request.item, "area": area}
    what = _("request {number}: whoever knocks is let in", number=request.item)
    return await carry_out(ctx, ActRequest("admit", request.room, what, payload, entitled=True))


@feature.act("admit", words("admitir", "admitir", "admit"), _("let in who knocked"))
async def carry_out_admission(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out the act: let a newcomer in, with invitations to the rooms of the area. Return what
    to say, if anything.

    A single person lets in as far as their own right reaches; a decision of several, to all rooms.
    Raises `UserError` if the request is closed meanwhile.
    """
    request = await store.get_request(ctx.db, Number(payload["number"]))
    if request is None or not request.open:
        raise UserError(_("Request {number} does not wait any more.", number=payload["number"]))
    door = await ctx.joined_room(request.room)
    places = await _places(ctx, door, str(payload["area"]))
    every = frozenset(one.room for one in places)
    given = every if ctx.who == ctx.me else await _granted_rooms(ctx, door, places)
    effects = await _let_in(ctx, request, door, places, given)
    said = _(
        "Request {number}: {person} is let in.", number=request.item, person=Person(request.person)
    )
    answer = Say((said,), reply_to=ctx.origin.event, thread=ctx.origin.thread)
    return [await acknowledge(ctx, answer), *effects]


feature.log_line(
    "admitted",
    _("let in request {number}, as proposal {poll} decided"),
    _("let in request {number}"),
)


async def _let_in(
    ctx: Context,
    request: Request,
    door: Room,
    places: list[Room],
    given: frozenset[RoomId],
    poll: int | None = None,
) -> list[Effect]:
    """Close the request, tell the newcomer, and let them in. `given`: see `Admission.granted`."""
    over = await knocks.close_request(ctx, request, RequestStep.ADMITTED)
    await ctx.log("admitted", {"number": request.item, "poll": poll}, room=request.room)
    coming = Admission(
        request.person,
        permissions.room_label(door),
        request.room,
        ctx.who,
        None,
        tuple(room.room for room in places),
        tuple(given),
        ctx.now,
    )
    hello = _("Good news: {network} lets you in.", network=ctx.defaults.network)
    return [*over, *await gate.let_in(ctx, coming, hello)]


@feature.runs(ENOUGH_JOB)
async def admit_by_vouches(ctx: Context, job: Job) -> Answer:
    """Let a newcomer in once enough members vouch for them. Nobody is told whose was the last one.
    Return what to say, if anything."""
    request = await store.get_request(ctx.db, Number(job.item)) if job.item is not None else None
    if request is None or not await vouches.are_decisive(ctx, request):
        return None
    return await admit_automatically(ctx, request)


async def admit_automatically(
    ctx: Context, request: Request, poll: int | None = None
) -> list[Effect]:
    """Let a newcomer into the door and its areas in the bot's name: vouches or a vote decided.
    Return what to send."""
    door = await ctx.joined_room(request.room)
    places = await _places(ctx, door, "")
    every = frozenset(room.room for room in places)
    return await _let_in(ctx, request, door, places, every, poll)


async def _places(ctx: Context, door: Room, name: str) -> list[Room]:
    """Return the door first, then the rooms of the area named, else of the door's areas.

    Raises `UserError` if there is no such area for this person.
    """
    if name:
        one = await area_store.find_area(ctx.db, name)
        if one is None or not await permissions.may_bring_anywhere(ctx, one):
            raise permissions.unknown_area(name, await area_store.areas_of_room(ctx.db, door.room))
        found = [one]
    else:
        found = await area_store.areas_of_room(ctx.db, door.room)
    every = {door.room: door}
    for one in found:
        every |= {room.room: room for room in await permissions.rooms_of(ctx, one)}
    return list(every.values())


async def _granted_rooms(ctx: Context, door: Room, places: list[Room]) -> frozenset[RoomId]:
    """Return the rooms where this person's decision is enough of a right to invite."""
    given = {door.room}
    if await ctx.moderates(door.room):
        for one in await area_store.areas_of_room(ctx.db, door.room):
            given |= set(one.rooms)
    for room in places:
        for one in await area_store.areas_of_room(ctx.db, room.room):
            if await permissions.may_bring(ctx, ctx.who, room, one):
                given.add(room.room)
    return frozenset(given)


@feature.command(
    words("rechazar", "recusar", "reject", "denegar | rejeitar, negar | decline"),
    help=_("turn down who knocked; the reason stays with who decides"),
    example=_("For example: `!reject {number} we do not know them`", number=57),
    topic=NEWCOMERS,
    of=("request",),
)
async def reject(
    ctx: Context, request: request_lookup.OpenRequest, *, reason: Rest = NOTHING
) -> Answer:
    """Turn a newcomer's request down. They are told kindly, without the reason, and when they can
    ask again. Return the answer.

    Raises `UserError` if there is no such open request.
    """
    if instead := await ballot.start_room_decision(ctx, request):
        return instead
    effects = await turn_down(ctx, request)
    until = await store.refused_until(ctx.db, request.person, request.room, ctx.said_at)
    assert until is not None
    told = await _tell_reason(ctx, request, reason.strip(" .,;:"))
    return [
        *told,
        _(
            "Request {number}: turned down. I told {person} kindly, without the reason.",
            number=request.item,
            person=Person(request.person),
        ),
        _("They can ask again from {day}.", day=Day(until)),
        *effects,
    ]


async def _tell_reason(ctx: Context, request: Request, reason: str) -> list[Line | Effect]:
    """Tell the reason once to those who decide, and store it nowhere.

    Where others could read it, the typed line is redacted.
    """
    chosen = await chosen_moderators_room(ctx.db)
    if ctx.room != chosen:
        ctx.discreet = not ctx.is_private
    if not reason or ctx.room == chosen:
        return []
    if chosen is None:
        return [
            _(
                "There is no moderators' room that could read the reason, so I don't keep it."
                " To choose one, write there: `!config moderation yes`"
            )
        ]
    said = _(
        "Request {number}, {person}: turned down by {who}. The reason: “{reason}”",
        number=request.item,
        person=Person(request.person, full=True),
        who=Person(ctx.who),
        reason=reason[:LONGEST_REASON],
    )
    return [Say((said,), room=chosen)]


feature.log_line(
    "rejected",
    _("turned down request {number}, as proposal {poll} decided"),
    _("turned down request {number}"),
)


async def turn_down(ctx: Context, request: Request, poll: int | None = None) -> list[Effect]:
    """Close a request as rejected, tell the newcomer, and refuse their requests for the time set.
    Return what to send."""
    effects = await knocks.close_request(ctx, request, RequestStep.REJECTED)
    until = ctx.said_at + timedelta(
        seconds=int(await ctx.setting_value(deciders.ASK_AGAIN_AFTER, request.room))
    )
    await store.add_refusal(ctx.db, request.person, request.room, until)
    await ctx.log("rejected", {"number": request.item, "poll": poll}, room=request.room)
    kindly = Say(tuple(_refusal_lines(ctx, until)), to=request.person, loud=True)
    return [kindly, Remove(request.person, request.room), *effects]


def _refusal_lines(ctx: Context, until: datetime) -> list[Line]:
    return [
        _(
            "{network} read your answers with care and can't take you in for now.",
            network=ctx.defaults.network,
        ),
        _("You can ask again from {day}. Your answers are deleted already.", day=Day(until)),
    ]
