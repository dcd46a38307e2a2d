"""Requests that wait for others: stored, carried out when they agree, or closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.api import (
    ActRequest,
    Context,
    Effect,
    Line,
    Number,
    Person,
    Say,
    UserError,
    _,
    answer_parts,
    items,
    rooms,
    run_act,
    verbatim,
)
from commands.governance import store
from commands.governance.declaration import feature
from commands.governance.store import StoredRequest

MOST_SHOWN = 3
MOST_WAITING = 5
"""How many requests of one person can wait in a room at the same time."""


def without_names(line: Line) -> Line:
    """Return the line with names of people replaced.

    For a title, which is stored as text.
    """
    values = {key: _without_person(value) for key, value in line.values.items()}
    return Line(line.msgid, values, line.plural, line.count)


def public_line(wish: ActRequest) -> Line:
    """Return the line that the room reads about a request while moderators decide."""
    return without_names(wish.what) if wish.personal else wish.what


def _without_person(value: object) -> object:
    if isinstance(value, Person):
        return _("somebody")
    if isinstance(value, Line):
        return without_names(value)
    if isinstance(value, tuple):
        return tuple(_without_person(one) for one in value)
    return value


async def store_request(
    ctx: Context, wish: ActRequest, *, lines: tuple[int, ...] = (), challenge: bool = False
) -> Number:
    """Store a request for an act and return its number.

    Raises `UserError` if this person has too many that wait.
    """
    if await store.count_waiting(ctx.db, wish.room, ctx.who) >= MOST_WAITING:
        raise UserError(
            _("You have asked for {count} things here that wait still.", count=MOST_WAITING),
            _("What waits: `!who-decides`. To take one back: `!cancel` and its number"),
        )
    title = await ctx.render_line(without_names(wish.what), wish.room)
    number = await ctx.add_item("wish", title, wish.room)
    await store.add_request(ctx.db, number, wish, keep=lines, challenge=challenge)
    return number


async def competing_requests(
    ctx: Context, wish: ActRequest, but: Number | None = None
) -> list[StoredRequest]:
    """Return the other open requests for the same act in the room if that act sets a value, of
    which only one can hold; none for other acts."""
    known = ctx.registry.acts.get(wish.act)
    if known is None or not known[1].value:
        return []
    return await store.find_competing(ctx.db, wish, but)


def competing_lines(others: list[StoredRequest]) -> list[Line]:
    """Return lines that warn of other requests about the same thing, before anybody approves this
    one."""
    return [
        _(
            "About the same waits already, as number {number}: “{what}”. Only one can hold.",
            number=one.poll or one.item,
            what=verbatim(one.title),
        )
        for one in others[:MOST_SHOWN]
    ]


async def close_request(ctx: Context, kept: StoredRequest) -> None:
    """Close a request for an act: nobody can approve it any more, and its jobs are cancelled."""
    await items.close(ctx.db, kept.item)
    await ctx.cancel_jobs(kept.item)


async def carry_out_request(ctx: Context, kept: StoredRequest) -> list[Line | Effect]:
    """Carry out an approved request for an act, or tell the room why that can't be done any more.
    Return what to say."""
    await close_request(ctx, kept)
    ctx.target, ctx.is_agreed = await rooms.get(ctx.db, kept.room), True
    try:
        async with ctx.db.savepoint():
            answer = answer_parts(await run_act(ctx, await _with_person(ctx, kept)))
    except UserError as error:
        cannot = _("It was agreed to, and can't be carried out: {what}", what=verbatim(kept.title))
        return [Say((cannot, *error.lines), room=kept.room, item=kept.item)]
    await log_approval(ctx, kept, "carried")
    said = [one for one in answer if isinstance(one, Line)]
    done = [one for one in answer if not isinstance(one, Line)]
    said += [
        _(
            "Number {number} is about the same and waits still: “{what}”. If others agree to it"
            " too, it takes the place of this.",
            number=one.poll or one.item,
            what=verbatim(one.title),
        )
        for one in (await competing_requests(ctx, kept.as_request(), kept.item))[:MOST_SHOWN]
    ]
    return [*done, Say(tuple(said), room=kept.room, item=kept.item)] if said else list(done)


async def _with_person(ctx: Context, kept: StoredRequest) -> ActRequest:
    """Return the request with the address of a forgotten person who is still here.

    Raises `UserError` if they are gone.
    """
    payload = store.reveal_person(kept.payload, await rooms.members(ctx.db, kept.room))
    if payload is None:
        raise UserError(_("whom it is about is gone."))
    return replace(kept.as_request(), payload=payload)


def _decided_number(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": facts.get("poll") or facts.get("number")}


for done, line in {
    "carried": _("carried out what others agreed to, number {number}"),
    "urgent": _("did that urgently, to be confirmed: number {number}"),
    "confirmed": _("it stays, as others agreed: number {number}"),
}.items():
    feature.log_line(done, line, values=_decided_number)


async def log_approval(ctx: Context, kept: StoredRequest, act: str) -> None:
    """Log in the room by whose approval something was done."""
    by = await store.list_approvers(ctx.db, kept.item)
    facts = {"number": kept.item, "poll": kept.poll, "by": by}
    asker, ctx.feature = ctx.feature, feature.name
    await ctx.log(act, facts, room=kept.room)
    ctx.feature = asker
