"""`!requests`: who is at which step since when; for a newcomer, their own requests."""

from __future__ import annotations

from collections import Counter

from bot.api import (
    Answer,
    Context,
    ItemAccess,
    Line,
    Say,
    UserError,
    _,
    chosen_moderators_room,
    is_in_moderators_room,
    n_,
    rooms,
    words,
)
from commands.doors import deciders, interview, knocks, request_lines, request_lookup, store
from commands.doors.declaration import feature
from commands.doors.store import Request, RequestStep
from commands.onboarding.areas import permissions
from commands.onboarding.declaration import NEWCOMERS
from commands.rules import acceptance_requests, awaiting_entry

SHOWN = 20


@feature.command(
    words(
        "solicitudes",
        "solicitações",
        "requests",
        "llegadas, solicitud, quién espera, ingresos, nuevas, quién quiere entrar, quién está"
        " esperando, quién espera para entrar, quiénes están esperando, qué personas están"
        " esperando,"
        " quién quiere unirse | "
        "chegadas, solicitação, quem espera, novas, quem quer entrar, quem está esperando, quem"
        " está na porta | "
        "newcomers, request, who is waiting, who is waiting to join, who wants to join, who is at"
        " the door",
    ),
    help=_("who knocks and at which step they are"),
    example=_("For example: `!requests` or `!requests {number}`", number=57),
    topic=NEWCOMERS,
    of=("request",),
    does=ItemAccess.READS,
)
async def requests(ctx: Context, request: request_lookup.AnyRequest = None) -> Answer:
    """Show all requests to come in, or one of them, to those who decide; to newcomers their own.
    Return the answer.

    Raises `UserError` if the number is no request that the person may decide.
    """
    if request is not None:
        return await _one(ctx, request)
    mine = [
        one for one in await store.open_requests(ctx.db) if await deciders.may_decide(ctx, one.room)
    ]
    lines = [await request_lines.request_line(ctx, one) for one in mine[:SHOWN]]
    if len(mine) > SHOWN:
        lines.append(_("and {more} more", more=len(mine) - SHOWN))
    lines += await _outside_lines(ctx)
    if ctx.who in ctx.defaults.moderators or await is_in_moderators_room(ctx, ctx.who):
        lines += [
            *await acceptance_requests.missing_acceptances(ctx),
            *await awaiting_entry.entry_lines(ctx),
        ]
    own = await store.open_requests_of(ctx.db, ctx.who)
    if own and ctx.is_private and not lines:
        return await _own(ctx, own)
    if not lines and ctx.is_private:
        lines = [_("Nobody waits at a door for you to decide, and you have no request open.")]
    return await _in_private(ctx, lines or [_("Nobody is at a door whose requests you decide.")])


async def _outside_lines(ctx: Context) -> list[Line]:
    """Return how many people wait outside each door, by homeserver."""
    lines: list[Line] = []
    for room in await rooms.network_rooms(ctx.db):
        if not deciders.is_door(ctx, room) or not await deciders.may_decide(ctx, room.room):
            continue
        waiting = await store.people_knocking(ctx.db, room.room)
        if waiting:
            await knocks.schedule_look(ctx, room.room)
        servers = Counter(person.partition(":")[2] for person in waiting)
        for server, count in servers.most_common(5):
            lines.append(
                n_(
                    "Outside “{room}”: {count} person of {server}",
                    "Outside “{room}”: {count} people of {server}",
                    count,
                    room=permissions.room_label(room),
                    server=server,
                )
            )
    return lines


async def _one(ctx: Context, request: Request) -> Answer:
    chosen = await chosen_moderators_room(ctx.db)
    read_here = ctx.is_private or ctx.room == chosen
    if not request.open:
        raise UserError(_("Request {number} is decided already.", number=request.item))
    lines = tuple(await interview.request_lines(ctx, request, answers=read_here))
    slot = f"{interview.REREAD_SLOT}{ctx.origin.event}" if read_here else None
    return Say(lines, item=request.item, slot=slot)


async def _own(ctx: Context, own: list[Request]) -> Answer:
    lines: list[Line] = []
    for one in own:
        room = await permissions.room_label_of(ctx, one.room)
        if one.step is RequestStep.DECIDING:
            lines.append(_("“{room}”: somebody decides; I write to you then.", room=room))
        elif await interview.ask_next_question(ctx, one.item, ctx.who):
            lines.append(
                _(
                    "“{room}”: we go on from question {n}.",
                    room=room,
                    n=await store.count_answers(ctx.db, one.item) + 1,
                )
            )
        else:
            place = await store.count_answers(ctx.db, one.item)
            lines += await interview.pending_question_lines(ctx, one, place)
    return lines


async def _in_private(ctx: Context, lines: list[Line]) -> Answer:
    """Answer in private where others would read the list."""
    if ctx.is_private or ctx.room == await chosen_moderators_room(ctx.db):
        return lines
    return [_("I wrote to you in private."), Say(tuple(lines), to=ctx.who, loud=True)]
