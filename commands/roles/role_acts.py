"""Acts on a role under the room's rules: make, give, take, draw and drop it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.api import (
    Answer,
    Context,
    Number,
    Person,
    RoomId,
    UserError,
    UserId,
    _,
    is_in,
    items,
    moderators,
    require_rank,
    rooms,
    words,
)
from commands.roles import draws, grant, store, terms
from commands.roles.declaration import feature, log_values
from commands.roles.store import Role


@feature.act("role", words("cargo", "cargo", "role"), _("change a role that does not moderate"))
@feature.act(
    "empower",
    words("cargo-que-modera", "cargo-que-modera", "moderating-role"),
    _("change a role that moderates"),
    like="promote",
    urgent=False,
)
async def carry_out_role_act(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Carry out an act on a role (make, give, take, drop) that the room's rules allowed. Return
    what to say, if anything."""
    return await _ACTS[payload["do"]](ctx, room, payload)


async def get_role(ctx: Context, payload: Mapping[str, Any]) -> Role:
    """Return the role that an act's payload names. Raises `UserError` if it was deleted."""
    known = await store.get_role(ctx.db, Number(payload["role"]))
    if known is None:
        raise UserError(_("There is no such role any more. All of them: `!role`"))
    return known


feature.log_line("made", _("made the role “{name}”"), values=log_values)


async def _make(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    name, moderates = str(payload["name"]), bool(payload["moderates"])
    if await store.get_role_by_name(ctx.db, room, name) is not None:
        raise UserError(_("There is a role “{name}” here already.", name=name))
    number = await ctx.add_item("role", name, room)
    term = timedelta(seconds=payload["term"]) if payload["term"] else None
    await store.add_role(ctx.db, number, room, name, moderates=moderates, term=term)
    await ctx.log("made", {"role": name, "moderates": moderates}, room=room, undo={"role": number})
    return _("There is a role “{name}” now. To give it: `!role give {name} @ana`", name=name)


feature.log_line("dropped", _("dropped the role “{name}”"), values=log_values)


async def _drop(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    known = await get_role(ctx, payload)
    people = [one.person for one in await store.list_holders(ctx.db, known.item)]
    await _require_above(ctx, known, people)
    await _require_not_last(ctx, known, people)
    await _delete_role(ctx, known)
    await ctx.log("dropped", {"role": known.title}, room=room)
    return _("The role “{name}” is gone.", name=known.title)


async def _delete_role(ctx: Context, known: Role) -> None:
    draw = await store.get_draw_for_role(ctx.db, known.item)
    for number in (known.item, *([draw.item] if draw else [])):
        await ctx.cancel_jobs(number)
        await items.close(ctx.db, number)
    await store.drop_role(ctx.db, known.item)


async def _give(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    known, person = await get_role(ctx, payload), UserId(payload["user"])
    await require_can_give(ctx, known, person)
    until = datetime.fromtimestamp(payload["until"], UTC) if payload.get("until") else None
    if until is None and known.term is not None:
        until = ctx.now + known.term
    return await grant.grant_role(ctx, known, person, until)


async def require_can_give(ctx: Context, known: Role, person: UserId) -> None:
    """Raise `UserError` if this person cannot be given the role."""
    if not await is_in(ctx, known.room, person):
        raise UserError(_("{person} is not in this room.", person=Person(person, full=True)))
    if person in [one.person for one in await store.list_holders(ctx.db, known.item)]:
        raise UserError(_("{person} has that role already.", person=Person(person, full=True)))


feature.log_line("took", _("{person} does not have the role “{name}”"), values=log_values)


async def _take(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    known, person = await get_role(ctx, payload), UserId(payload["user"])
    had = {one.person: one.until for one in await store.list_holders(ctx.db, known.item)}
    if person not in had:
        raise UserError(_("{person} does not have that role.", person=Person(person, full=True)))
    await _require_above(ctx, known, [person])
    await _require_not_last(ctx, known, [person])
    await store.remove_holder(ctx.db, known.item, person)
    until = had[person]
    undo = {
        "role": known.item,
        "user": person,
        "do": "give",
        "until": until.timestamp() if until else None,
    }
    await ctx.log("took", {"role": known.title, "user": person}, room=room, undo=undo)
    return _(
        "{person} does not have the role “{name}” any more.",
        person=Person(person, full=True),
        name=known.title,
    )


async def leave_role(ctx: Context, known: Role, payload: Mapping[str, Any]) -> Answer:
    """Give up one's own role. Nobody else has to agree. Return what to say, if anything."""
    return await _take(ctx, known.room, payload)


async def _require_above(ctx: Context, known: Role, people: list[UserId]) -> None:
    """Require that the person who takes a moderating role ranks above its holders.

    Raises `UserError` otherwise.
    """
    room = await rooms.get(ctx.db, known.room)
    if room is None or not known.moderates:
        return
    for person in people:
        await require_rank(ctx, room, person)


async def _require_not_last(ctx: Context, known: Role, people: list[UserId]) -> None:
    if not known.moderates or not people:
        return
    left = set(await moderators(ctx, known.room)) - set(people)
    if not left:
        raise UserError(_("Nobody else moderates here. Give that to somebody else first."))


async def _draw(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    known = await get_role(ctx, payload)
    return await draws.begin_draw(
        ctx, known, int(payload["seats"]), timedelta(seconds=payload["within"])
    )


_ACTS: dict[str, Callable[[Context, RoomId, Mapping[str, Any]], Awaitable[Answer]]] = {
    "make": _make,
    "drop": _drop,
    "give": _give,
    "take": _take,
    "draw": _draw,
}


@feature.undo("made")
async def undo_make(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Delete the role that was made, for `!undo`. Return what to say, if anything. Raises
    `UserError` if somebody has it."""
    known = await get_role(ctx, kept)
    if await store.list_holders(ctx.db, known.item):
        raise UserError(
            _("Somebody has that role. To drop it: `!role drop {name}`", name=known.title)
        )
    await _delete_role(ctx, known)
    return None


@feature.undo("gave")
@feature.undo("took")
async def undo_give_or_take(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Undo giving or taking a role, if that is still possible. Return what to say, if anything.
    Raises `UserError` otherwise."""
    known, person = await get_role(ctx, kept), UserId(kept["user"])
    if kept["do"] == "give":
        await require_can_give(ctx, known, person)
        until = datetime.fromtimestamp(kept["until"], UTC) if kept["until"] else None
        if until is not None and until <= ctx.now:
            raise UserError(_("That term is over meanwhile."))
        await store.add_holder(ctx.db, known.item, person, until)
        await terms.plan_term_end(ctx, known, person, until)
    else:
        if kept.get("by") != ctx.who:
            await _require_above(ctx, known, [person])
        await _require_not_last(ctx, known, [person])
        await store.remove_holder(ctx.db, known.item, person)
    return None
