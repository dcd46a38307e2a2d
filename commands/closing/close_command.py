"""`!close-room`: say that a room closes in a week, under its rules, with time to object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.api import (
    ActRequest,
    Answer,
    CommandPlace,
    Context,
    Item,
    Line,
    Moment,
    ParsedArguments,
    Room,
    RoomId,
    Say,
    TakesBack,
    UserError,
    _,
    carry_out,
    chosen_moderators_room,
    fold,
    has_moderator_power,
    items,
    may_act,
    moderators_only,
    n_,
    room_named,
    rooms,
    settings,
    shorten_line,
)
from commands.closing import open_items, plan_store, taking_back
from commands.closing.declaration import (
    ACT,
    CLOSE_JOB,
    CLOSE_ROOM,
    EXAMPLE,
    KEEP_ARGUMENT,
    KIND,
    OBJECTION_TIME,
    REMIND_BEFORE,
    REMIND_JOB,
    feature,
)
from commands.closing.plan_store import ClosingPlan
from commands.library import room_archive
from commands.rooms.declaration import ROOMS
from commands.teams import team_store

KEEPING = ("guardar", "y guardar", "y guardar todo", "e guardar", "e guardar tudo", "and keep")
"""Words before `en: Plenaria` that say nothing more."""
NOT_KEPT = ("no", "nao", "nada", "not", "nothing")
MOST_SHOWN = 5
_CARE_KEY = "care"
"""The setting of the care team's room, which another capability has."""


@feature.command(
    CLOSE_ROOM,
    help=_("close a room: archive what it keeps, say so, and leave"),
    example=EXAMPLE,
    topic=ROOMS,
    where=CommandPlace.ROOM,
    args=(KEEP_ARGUMENT,),
)
async def close_room(ctx: Context, back: TakesBack, said: ParsedArguments) -> Answer:
    """Announce that the room closes, after a confirmation and by its rules; or cancel that. Return
    the answer.

    Raises `UserError` for words that are not understood, without the right, for a room that has to
    stay, and if there is nothing to cancel or it is announced already.
    """
    room = ctx.target_room
    before = await plan_store.plan_for(ctx.db, room.room)
    if back:
        if before is None:
            raise UserError(_("This room is not about to be closed."))
        return await taking_back.stop_by_moderator(ctx, before)
    if (said.free and fold(said.free) not in KEEPING) or said.quoted:
        raise await _unknown_words(ctx, said.free or " ".join(said.quoted))
    if before is not None:
        return await _keep_elsewhere(ctx, room, before, said.named.get(KEEP_ARGUMENT.key, ""))
    if not await may_act(ctx, ACT, room.room):
        raise moderators_only()
    await require_closable(ctx, room)
    target = await find_target(ctx, room, said.named.get(KEEP_ARGUMENT.key, ""))
    ctx.confirm(*await _preview(ctx, room, target))
    return await carry_out(ctx, request_closing(room, target))


async def _unknown_words(ctx: Context, words: str) -> UserError:
    """Return the error for words behind the command: another room's name, or anything else."""
    others = await rooms.shared_rooms(ctx.db, ctx.who)
    if any(fold(one.name or "") == fold(words) for one in others):
        return UserError(_("A room is closed in the room itself, by who moderates it."), EXAMPLE)
    return UserError(
        _("I don't know what “{words}” asks of me.", words=words[:40]),
        _("To close this room: `!close-room`"),
        EXAMPLE,
    )


async def _keep_elsewhere(ctx: Context, room: Room, plan: ClosingPlan, typed: str) -> Answer:
    """Change where a room that closes keeps what it has. Raises `UserError` if none is named."""
    if not typed or plan.together:
        raise UserError(*_announced(plan))
    if not await may_act(ctx, ACT, room.room):
        raise moderators_only()
    target = await find_target(ctx, room, typed)
    changed = replace(plan, keep=target.room if target else None)
    await plan_store.set_keep(ctx.db, changed)
    lines = (
        _("This room closes on {moment}.", moment=Moment(plan.at)),
        *await kept_lines(ctx, room, target),
    )
    return [Say(lines, room=room.room, item=plan.item), *_tell_target(room, target, changed)]


def request_closing(room: Room, target: Room | None, *, together: bool = False) -> ActRequest:
    """Return the act of closing a room whose library goes to the room `target`.

    `together` is for all rooms of a cohort.
    """
    what = _("close this room, “{room}”", room=room.name or room.room)
    payload = {"keep": target.room if target else "", "together": together}
    return ActRequest(ACT, room.room, what, payload)


async def require_closable(ctx: Context, room: Room) -> None:
    """Raise `UserError` for a room that can't be closed, because news for the network or the care
    team come there."""
    care = await settings.rooms_with(ctx.db, _CARE_KEY, "yes")
    if room.room == await chosen_moderators_room(ctx.db) or room.room in care:
        raise UserError(
            _("News for the moderators or the care team come to “{room}”.", room=room.name),
            _("Choose another room for them first: `!config moderation yes` or `!config care yes`"),
        )


async def find_target(ctx: Context, room: Room, typed: str) -> Room | None:
    """Return the room that takes over the library of the room that closes, or None for none.

    Without a name that is the room in which a team's cohort was begun. Raises `UserError`.
    """
    if fold(typed) in NOT_KEPT:
        return None
    shared = [one for one in await rooms.shared_rooms(ctx.db, ctx.who) if one.room != room.room]
    if typed:
        return room_named(shared, typed)
    team = await team_store.team_in(ctx.db, room.room)
    whole = await items.get(ctx.db, team.cohort) if team else None
    return next((one for one in shared if whole is not None and one.room == whole.room), None)


# --- what is said before --------------------------------------------------------------------------


async def _preview(ctx: Context, room: Room, target: Room | None) -> list[Line]:
    lines = [
        _(
            "“{room}” closes on {moment}. Until then the room can object, or it is taken back.",
            room=room.name or room.room,
            moment=Moment(ctx.now + OBJECTION_TIME),
        ),
        *await kept_lines(ctx, room, target),
        *await _open_lines(ctx, room),
    ]
    people = await rooms.members(ctx.db, room.room)
    if not any(has_moderator_power(room, one) for one in people if one != ctx.me):
        lines.append(_("Nobody else has the power to moderate it: afterwards nobody will."))
    return lines


async def kept_lines(ctx: Context, room: Room, target: Room | None) -> list[Line]:
    """Return the lines that say where the closed room's library will be, and who will see it
    there."""
    count = await room_archive.count_resources(ctx, room.room)
    if target is None:
        lost = n_(
            "The {count} thing of its library goes with it.",
            "The {count} things of its library go with it.",
            count,
        )
        how = _("To keep them: `!close-room keep: Plenary`")
        return [lost, how] if count else []
    people = len([one for one in await rooms.members(ctx.db, target.room) if one != ctx.me])
    return [
        n_(
            "What it decided, and {count} thing of its library, goes to “{target}”.",
            "What it decided, and {count} things of its library, go to “{target}”.",
            count,
            target=target.name or target.room,
        ),
        n_(
            "There {count} person can read it.",
            "There {count} people can read it.",
            people,
        ),
    ]


async def _open_lines(ctx: Context, room: Room) -> list[Line]:
    deciding = await open_items.deciding_items(ctx, room.room)
    waits = _(
        "It waits for the end of what is being decided: {titles}", titles=item_titles(deciding)
    )
    return [*([waits] if deciding else []), *await _ending_lines(ctx, room.room)]


async def _ending_lines(ctx: Context, room: RoomId) -> list[Line]:
    ending = await open_items.ending_items(ctx, room)
    ends = n_(
        "{count} thing ends with it: {titles}",
        "{count} things end with it: {titles}",
        len(ending),
        titles=item_titles(ending),
    )
    return [ends] if ending else []


def item_titles(found: Sequence[Item]) -> tuple[Line, ...]:
    """Return lines with number and title of up to `MOST_SHOWN` items."""
    return tuple(
        _("{number} {title}", number=one.number, title=shorten_line(one.title))
        for one in found[:MOST_SHOWN]
    )


def _announced(plan: ClosingPlan) -> list[Line]:
    return [
        _("This room closes on {moment} already.", moment=Moment(plan.at)),
        _("To take it back: `!close-room no`"),
    ]


# --- under the rules ------------------------------------------------------------------------------


feature.log_line("announced", _("announced that this room will be closed (number {number})"))
feature.log_line("stopped", _("took back that this room will be closed (number {number})"))
feature.log_line("closed", _("closed this room (number {number})"))


@feature.act(ACT, CLOSE_ROOM, _("close the room"), urgent=False)
async def announce_closing(ctx: Context, room: RoomId, payload: Mapping[str, Any]) -> Answer:
    """Plan the closing of a room, which its rules allowed, and tell the room how to object. Return
    what to say, if anything."""
    known = await ctx.joined_room(room)
    if (before := await plan_store.plan_for(ctx.db, room)) is not None:
        raise UserError(*_announced(before))
    await require_closable(ctx, known)
    kept = RoomId(str(payload["keep"])) if payload["keep"] else None
    target = await rooms.get(ctx.db, kept) if kept else None
    number = await ctx.add_item(KIND, known.name or room, room)
    together = bool(payload.get("together"))
    plan = ClosingPlan(number, room, ctx.now + OBJECTION_TIME, kept, together)
    await plan_store.put_plan(ctx.db, plan)
    undo = {"number": number}
    line = await ctx.log("announced", {"number": number}, room=room, undo=undo)
    await ctx.schedule(REMIND_JOB, plan.at - REMIND_BEFORE, item=number, room=room)
    await ctx.schedule(CLOSE_JOB, plan.at, item=number, room=room)
    lines = (
        _("This room closes on {moment}.", moment=Moment(plan.at)),
        *await kept_lines(ctx, known, target),
        *await _ending_lines(ctx, room),
        _("Then I leave, and answer no more here. You can go on reading and writing in it."),
        _("Whoever disagrees can have the room vote on it: `!challenge {line}`", line=line),
        _("Who moderates can take it back: `!close-room no`"),
    )
    return [Say(lines, room=room, item=number, loud=True), *_tell_target(known, target, plan)]


def _tell_target(room: Room, target: Room | None, plan: ClosingPlan) -> list[Say]:
    if target is None or plan.together:
        return []
    line = _(
        "“{room}” closes on {moment}. What it keeps comes into the library here.",
        room=room.name or room.room,
        moment=Moment(plan.at),
    )
    return [Say((line,), room=target.room)]
