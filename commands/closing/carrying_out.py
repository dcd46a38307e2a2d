"""Close a room once its time has come: archive, tell, leave. One transaction."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.api import (
    Answer,
    Context,
    Effect,
    Job,
    Leave,
    Line,
    Moment,
    Number,
    Room,
    Say,
    SendFile,
    _,
    items,
    n_,
    rooms,
    words,
)
from commands.closing import open_items, plan_store, record
from commands.closing.close_command import kept_lines
from commands.closing.declaration import CLOSE_JOB, REMIND_JOB, WAIT_FOR_VOTES, feature
from commands.closing.plan_store import ClosingPlan
from commands.closing.taking_back import stop_closing
from commands.library import room_archive
from commands.teams import team_store

FILE_STEM = words("acta", "ata", "record")
LEFT = _("This room is closed.")
"""The reason of the bot's leaving, which the server can read."""


async def _plan_and_room(ctx: Context, job: Job) -> tuple[ClosingPlan | None, Room | None]:
    plan = await plan_store.get_plan(ctx.db, Number(job.item)) if job.item is not None else None
    return plan, await rooms.get(ctx.db, plan.room) if plan else None


@feature.runs(REMIND_JOB)
async def remind_room(ctx: Context, job: Job) -> Answer:
    """Tell the room a day before that it closes. Return what to say, if anything."""
    plan, room = await _plan_and_room(ctx, job)
    if plan is None or room is None or not room.joined:
        return None
    target = await rooms.get(ctx.db, plan.keep) if plan.keep else None
    lines = (
        _("This room closes on {moment}.", moment=Moment(plan.at)),
        *await kept_lines(ctx, room, target),
        _("Who moderates can take it back: `!close-room no`"),
    )
    return Say(lines, room=plan.room, item=plan.item, loud=True)


@feature.runs(CLOSE_JOB)
async def carry_out_closing(ctx: Context, job: Job) -> Answer:
    """Close the room, unless something is being decided there or its library has no place to go.
    Return what to say, if anything."""
    plan, room = await _plan_and_room(ctx, job)
    if plan is None or room is None:
        return None
    if not room.joined:
        await items.close(ctx.db, plan.item)
        return None
    if deciding := await open_items.deciding_items(ctx, plan.room):
        return await _put_off(ctx, plan, deciding[0].title, told=bool(job.payload.get("told")))
    target = await rooms.get(ctx.db, plan.keep) if plan.keep else None
    if plan.keep is not None and (target is None or not target.joined):
        gone = _("I am no more in the room that was to keep what this one holds.")
        again = _("Say anew where it goes: `!close-room keep: Plenary`")
        return [Say((gone, again), room=plan.room, loud=True), *await stop_closing(ctx, plan)]
    return await _close(ctx, plan, room, target)


async def _put_off(ctx: Context, plan: ClosingPlan, title: str, *, told: bool) -> Answer:
    """Look again a day later, and say so the first time."""
    later = replace(plan, at=plan.at + WAIT_FOR_VOTES)
    await plan_store.put_plan(ctx.db, later)
    await ctx.schedule(CLOSE_JOB, later.at, item=plan.item, room=plan.room, told=True)
    if told:
        return None
    waits = _("This room stays until “{title}” is decided.", title=title)
    return Say((waits,), room=plan.room, item=plan.item)


async def _close(ctx: Context, plan: ClosingPlan, room: Room, target: Room | None) -> list[Effect]:
    rows = await record.compile_record(ctx, room)
    effects: list[Effect] = [await _record_file(ctx, plan, rows)] if rows else []
    lines = [_("This room is closed. Thank you to everybody who was here.")]
    if target is not None:
        moved, names = await _archive(ctx, room, target, rows)
        if not plan.together and (moved or names):
            effects.append(Say(_arrived_lines(room, moved, names), room=target.room))
        lines.append(_("What it kept is in the library of “{room}”.", room=target.name))
    await ctx.log("closed", {"number": plan.item}, room=plan.room)
    await items.close(ctx.db, plan.item)
    effects += await open_items.end_or_move_items(ctx, plan.room)
    effects += await _end_cohort(ctx, plan)
    said = Say(tuple(lines), room=plan.room, item=plan.item, loud=True)
    return [*effects, said, Leave(plan.room, LEFT)]


async def _record_file(ctx: Context, plan: ClosingPlan, rows: list[Line]) -> SendFile:
    place = await ctx.policy_of_room(plan.room)
    return SendFile(
        f"{FILE_STEM.in_language(place.language)}-{plan.item}.txt",
        "text/plain",
        partial(record.make_file, rows),
        caption=(_("What was decided here, as a file."),),
        room=plan.room,
        item=plan.item,
    )


async def _archive(
    ctx: Context, room: Room, target: Room, rows: list[Line]
) -> tuple[int, list[str]]:
    """Move the room's library and keep its record. Return how many things, and the names of it."""
    moved = await room_archive.move_resources(ctx, room.room, target.room)
    if not rows:
        return moved, []
    stem = FILE_STEM.in_language((await ctx.policy_of_room(target.room)).language)
    told = [await ctx.render_line(row, target.room) for row in rows]
    return moved, await room_archive.keep_text(ctx, target.room, f"{stem} {room.name}", told)


def _arrived_lines(room: Room, moved: int, names: list[str]) -> tuple[Line, ...]:
    came = n_(
        "“{room}” is closed. {count} thing of its library is here now: `!resources`",
        "“{room}” is closed. {count} things of its library are here now: `!resources`",
        moved,
        room=room.name or room.room,
    )
    decided = [_("What it decided: {names}", names=tuple(f"`#{one}`" for one in names))]
    return (came, *(decided if names else ()))


async def _end_cohort(ctx: Context, plan: ClosingPlan) -> list[Effect]:
    """Put a cohort away when the room of its last team is closed, and say so where it began."""
    team = await team_store.team_in(ctx.db, plan.room)
    whole = await items.get(ctx.db, team.cohort) if team else None
    if whole is None:
        return []
    for other in await team_store.teams_of(ctx.db, whole.number):
        room = await rooms.get(ctx.db, other.room) if other.room else None
        if room is None or not room.joined or await plan_store.was_closed(ctx.db, room.room):
            continue
        return []
    await items.close(ctx.db, whole.number)
    home = await rooms.get(ctx.db, whole.room)
    if home is None or not home.joined or await plan_store.was_closed(ctx.db, home.room):
        return []
    told = _(
        "All rooms of teams {number}, {title}, are closed. What they kept is in the library.",
        number=whole.number,
        title=whole.title,
    )
    return [Say((told, _("All of it: `!resources`")), room=whole.room)]
