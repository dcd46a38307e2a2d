"""Services of the doors: moved rooms, and what is kept of a person."""

from __future__ import annotations

from bot.api import (
    EXPORT_PERSON,
    FORGET,
    ITEM_READERS,
    MOVE_ROOM,
    Context,
    Effect,
    Item,
    Line,
    RoomId,
    UserId,
    _,
    items,
    n_,
)
from commands.doors import ballot, door_marks, store, vouches, waiting_list
from commands.doors.declaration import feature

feature.rows("doors_question", room="room")
feature.rows("doors_request", room="room", person="person", on_forget="code")
feature.rows(
    "doors_refused",
    room="room",
    person="person",
    on_forget="keep",
    why="being forgotten must not undo a refusal, which ends by itself",
)
feature.rows("doors_vouch", person="person", says=n_("{count} vouch", "{count} vouches", 0))
feature.rows("doors_door", room="room", on_move="code")
feature.rows("doors_crowd", room="room", on_move="code")


@feature.offers(MOVE_ROOM)
async def move_door_marks(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Let the room that replaced another take over when requests to join the old one are looked at
    next, who was told to wait, and the list of who waits. Return no effects."""
    await door_marks.move_room(ctx.db, old, new)
    await waiting_list.begin_anew(ctx, new)
    return []


@feature.offers(FORGET)
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Delete a person's requests to come in. Return a line that says so."""
    await waiting_list.schedule_lists(ctx, await store.requests_of(ctx.db, person))
    requests = await store.forget_requests(ctx.db, person)
    for request in requests:
        await ctx.cancel_jobs(request.item)
        await items.delete(ctx.db, request.item)
        await ballot.schedule_withdrawal(ctx, request)
    asked = len(requests)
    return [n_("{count} request", "{count} requests", asked)] if asked else []


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return the line that says who reads the answers of an open request to come in."""
    request = await store.get_request(ctx.db, item.number)
    if request is None or not request.open:
        return []
    return [_("the answers: only who moderates")]


@feature.offers(EXPORT_PERSON)
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return a person's open requests to come in and their vouches, as lines for them to read."""
    told = []
    for request in await store.open_requests_of(ctx.db, person):
        answers = tuple(await store.get_answers(ctx.db, request.item))
        told.append(
            _("Request {number}, your answers: {answers}", number=request.item, answers=answers)
        )
    return told + [
        _("You vouched for request {number}.", number=number)
        for number in await vouches.vouches_by(ctx.db, person)
    ]
