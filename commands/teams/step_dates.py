"""Until when steps are to be done: read it, remind the teams' rooms, and tell who leads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.api import (
    Answer,
    Context,
    Day,
    Effect,
    Item,
    Job,
    Line,
    Moment,
    Number,
    Say,
    _,
    dates,
    items,
    rooms,
)
from commands.teams import step_store, team_lookup, team_store
from commands.teams.declaration import DUE_JOB, REMIND_JOB, feature
from commands.teams.step_store import TeamStep

REMIND_HOUR = time(9)
"""The hour, on the clock of the cohort's room, at which teams are reminded the day before."""
PAGE = 10
"""How many teams' rooms are reminded in one transaction."""
PAUSE = timedelta(seconds=1)
MOST_NAMED = 20
_UNTIL = re.compile(r"(?<![^\s,;])(?:hasta|at[eé]|until|by)\s+", re.IGNORECASE)


def find_until(text: str) -> list[int]:
    """Return the positions at which `until`, `by` or such a word stands in a text: there the time
    until which a step is to be done may begin."""
    return [found.start() for found in _UNTIL.finditer(text)]


def is_until(text: str) -> bool:
    """Return whether the text begins as the date of a step does: `hasta luego`."""
    return _UNTIL.match(text) is not None


def is_date(ctx: Context, text: str, zone: str) -> bool:
    """Return whether the text is only the date of a step: `hasta el viernes`."""
    found = _UNTIL.match(text)
    return found is not None and _is_readable(ctx, text[found.end() :], zone)


def split_date(ctx: Context, title: str, zone: str) -> tuple[str, datetime | None]:
    """Return a step's title and until when (UTC) it is to be done: `Leer hasta el 3/12`.

    Without a time it is the end of the day. What is no date stays in the title. Raises `UserError`
    for a date that is past.
    """
    for found in reversed(list(_UNTIL.finditer(title))):
        if _is_readable(ctx, title[found.end() :], zone):
            due = ctx.parse_date(title[found.end() :], zone=zone, end_of_day=True)
            return title[: found.start()].strip(" ,;"), due
    return title, None


def _is_readable(ctx: Context, phrase: str, zone: str) -> bool:
    read = dates.read_date(phrase, ctx.said_at, zone)
    return not isinstance(read, dates.UnreadableDate)


def step_line(step: TeamStep) -> Line:
    """Return a team's step as a line, with its number and until when it is to be done."""
    if step.due is None:
        return _("{n} {title}", n=step.place, title=step.title)
    return _("{n} {title}, until {day}", n=step.place, title=step.title, day=Day(step.due))


async def schedule_reminders(ctx: Context, cohort: Item, zone: str) -> None:
    """Schedule the reminders of all steps of a cohort, in place of earlier ones."""
    for kind in (REMIND_JOB, DUE_JOB):
        await ctx.cancel_jobs(cohort.number, kind)
    for step in await step_store.get_steps(ctx.db, cohort.number):
        if step.due is None or step.due <= ctx.now:
            continue
        wall = dates.to_wall(step.due, zone)
        before = dates.to_utc(datetime.combine(wall.date() - timedelta(days=1), REMIND_HOUR), zone)
        over = step.due
        if (wall.hour, wall.minute) == (23, 59):  # nobody is written to at midnight
            over = dates.to_utc(
                datetime.combine(wall.date() + timedelta(days=1), REMIND_HOUR), zone
            )
        for kind, at in ((REMIND_JOB, max(before, ctx.now)), (DUE_JOB, over)):
            await ctx.schedule(kind, at, item=cohort.number, room=cohort.room, step=step.id)


async def _open_step(ctx: Context, job: Job) -> tuple[Item | None, TeamStep | None]:
    """Return the cohort and the step of a job, if both are still there."""
    whole = await items.get(ctx.db, job.item) if job.item is not None else None
    if whole is None or not whole.open:
        return None, None
    steps = await step_store.get_steps(ctx.db, whole.number)
    return whole, next((one for one in steps if one.id == job.payload["step"]), None)


@feature.runs(REMIND_JOB)
async def remind_teams(ctx: Context, job: Job) -> Answer:
    """Remind the next rooms of teams that have not marked a step as done; the other teams hear
    nothing. Return what to say, if anything."""
    whole, step = await _open_step(ctx, job)
    if whole is None or step is None or step.due is None or step.due <= ctx.now:
        return None
    first = int(job.payload.get("first", 1))
    teams = await team_store.teams_of(ctx.db, whole.number, first, PAGE)
    if len(teams) == PAGE:
        await ctx.schedule(
            REMIND_JOB,
            ctx.now + PAUSE,
            item=whole.number,
            room=whole.room,
            step=step.id,
            first=teams[-1].place + 1,
        )
    marked = await step_store.marked_steps(ctx.db, whole.number)
    effects: list[Effect] = []
    for team in teams:
        room = await rooms.get(ctx.db, team.room) if team.room else None
        if room is None or not room.joined or step.id in marked.get(team.item, {}):
            continue
        lines = (
            _(
                "Step {n}, {title}, is to be done until {moment}.",
                n=step.place,
                title=step.title,
                moment=Moment(step.due),
            ),
            _("When it is done: `!step {n}`", n=step.place),
        )
        effects.append(Say(lines, room=room.room, item=team.item, loud=True))
    return effects


@feature.runs(DUE_JOB)
async def tell_missing(ctx: Context, job: Job) -> Answer:
    """Tell the cohort's room how many teams have marked a step whose date has come. Return what to
    say, if anything.

    Those who lead the teams read in private which ones have not.
    """
    whole, step = await _open_step(ctx, job)
    if whole is None or step is None or step.due is None or step.due > ctx.now:
        return None
    marked = await step_store.marked_steps(ctx.db, whole.number)
    teams = [one for one in await team_store.teams_of(ctx.db, whole.number) if one.room is not None]
    missing = [one.name for one in teams if step.id not in marked.get(one.item, {})]
    done = _(
        "Step {n}, {title}: done by {done} of {every} teams.",
        n=step.place,
        title=step.title,
        done=len(teams) - len(missing),
        every=len(teams),
    )
    told = (done, *_missing_lines(whole.number, missing))
    leaders = await team_lookup.leaders_there(ctx, whole) if missing else []
    return [Say((done,), room=whole.room), *(Say(told, to=person) for person in leaders)]


def _missing_lines(number: Number, missing: Sequence[str]) -> list[Line]:
    shown: list[str | Line] = list(missing[:MOST_NAMED])
    if len(missing) > MOST_NAMED:
        shown.append(_("and {more} more teams", more=len(missing) - MOST_NAMED))
    return [
        _("Still at it: {teams}", teams=tuple(shown)),
        _("How far all are: `!teams {number}`", number=number),
    ]
