"""Show how far the teams are: a table with pages, or one team's card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.api import (
    Answer,
    Context,
    Day,
    Item,
    Line,
    Number,
    Person,
    Say,
    UserError,
    _,
    items,
    n_,
    rooms,
)
from commands.teams import leader_store, step_dates, step_store, team_lookup, team_store
from commands.teams.declaration import EXAMPLE
from commands.teams.step_store import TeamStep
from commands.teams.team_store import OpeningState, Team

PAGE_LINES = 15
"""How many lines fit on a phone's screen."""


async def show_progress(ctx: Context, number: str, page: int) -> Answer:
    """Show the cohort or team of this number; without one, the newest in this room. Return what to
    say, if anything.

    Raises `UserError` if there is none.
    """
    if not number:
        return await _show_here(ctx, page)
    item = await items.get(ctx.db, Number(int(number)))
    if item is not None and item.kind == "team":
        found, whole = await team_lookup.find_team(ctx, number)
        card = await team_card(ctx, found, whole)
        if ctx.is_private or found.room == ctx.room:
            return card
        return Say(tuple(card), to=ctx.who, item=found.item)  # not before the other teams
    return await _show_table(ctx, await team_lookup.find_cohort(ctx, number), page)


async def _show_here(ctx: Context, page: int) -> Answer:
    own = None if ctx.is_private else await team_store.team_in(ctx.db, ctx.room)
    whole = await items.get(ctx.db, own.cohort) if own else None
    if own is not None and whole is not None:
        return await team_card(ctx, own, whole)
    found = await team_lookup.cohorts_here(ctx)
    if not found:
        return [
            _("There are no teams here yet. I open a room for each team of a list."),
            EXAMPLE,
        ]
    if len(found) == 1:
        return await _show_table(ctx, await team_lookup.find_cohort(ctx, str(found[0])), page)
    every = await items.get_each(ctx.db, found)
    return [
        *(_("{number}: {title}", number=one.number, title=one.title) for one in every),
        _("To see one: `!teams {number}`", number=found[0]),
    ]


async def _show_table(ctx: Context, item: Item, page: int) -> Answer:
    """Show how far all are together; team by team only to who leads them, in private.

    A table of names would show in the room who is behind.
    """
    counted = await team_store.count_team_states(ctx.db, item.number)
    pages = max(-(-sum(counted.values()) // PAGE_LINES), 1)
    page = min(max(page, 1), pages)
    steps = await step_store.get_steps(ctx.db, item.number)
    marked, people = (
        await step_store.marked_steps(ctx.db, item.number),
        await team_store.count_people(ctx.db, item.number),
    )
    shown = await team_store.teams_of(ctx.db, item.number, (page - 1) * PAGE_LINES + 1, PAGE_LINES)
    whole = sum(len(done) == len(steps) for done in marked.values()) if steps else 0
    together = [
        n_(
            "Teams {number}, {title}: {count} team.",
            "Teams {number}, {title}: {count} teams.",
            sum(counted.values()),
            number=item.number,
            title=item.title,
        ),
        *_step_lines(item, steps, whole),
    ]
    if not await team_lookup.may_lead(ctx, item):
        return [*together, _("How each team goes, who leads them reads in private.")]
    lines = [
        await _closed_line(ctx, team)
        or _team_line(team, steps, marked.get(team.item, {}), people.get(team.item, (0, 0)))
        for team in shown
    ]
    if page < pages:
        lines.append(
            _(
                "Page {page} of {pages}. More: `!teams {number} {next}`",
                page=page,
                pages=pages,
                number=item.number,
                next=page + 1,
            )
        )
    if ctx.is_private:
        return [*together, *lines]
    return [*together, Say(tuple(lines), to=ctx.who, item=item.number)]


def _step_lines(item: Item, steps: Sequence[TeamStep], whole: int) -> list[Line]:
    if not steps:
        return [
            _('To set their steps: `!teams steps {number} "Reading" "Draft"`', number=item.number)
        ]
    named = tuple(map(step_dates.step_line, steps))
    return [
        _("Steps: {steps}", steps=named),
        n_("{count} team has done all.", "{count} teams have done all.", whole),
    ]


async def _closed_line(ctx: Context, team: Team) -> Line | None:
    """Return the line of a team whose room the bot has left, or None."""
    room = await rooms.get(ctx.db, team.room) if team.room else None
    if room is None or room.joined:
        return None
    return _("{number} {name}: its room is closed", number=team.item, name=team.name)


def _team_line(
    team: Team, steps: Sequence[TeamStep], done: Mapping[int, datetime], people: tuple[int, int]
) -> Line:
    """Return one line such as `58 North: 2 of 3, next: Draft. Here: 5 of 8.`"""
    values = {"number": team.item, "name": team.name}
    if team.room is None:
        return _("{number} {name}: {state}", **values, state=_state_line(team.state))
    here = _("here: {there} of {every}", there=people[1], every=people[0])
    if not steps:
        return _("{number} {name}: {state}", **values, state=here)
    return _("{number} {name}: {done}; {here}", **values, done=_done_line(steps, done), here=here)


def _state_line(state: OpeningState) -> Line:
    if state in (OpeningState.REFUSED, OpeningState.SILENT):
        return _("its room could not be opened")
    if state is OpeningState.STOPPED:
        return _("its room was not opened, as it was stopped")
    return _("its room is being opened")


def _done_line(steps: Sequence[TeamStep], done: Mapping[int, datetime]) -> Line:
    left = [step for step in steps if step.id not in done]
    if not left:
        return n_("its one step done", "all {count} steps done", len(steps))
    return _(
        "{done} of {every}, next: {title}",
        done=len(steps) - len(left),
        every=len(steps),
        title=left[0].title,
    )


async def team_card(ctx: Context, team: Team, whole: Item) -> list[Line]:
    """Return lines about a team: who leads it, which steps are done since when, and what to type
    next."""
    steps = await step_store.get_steps(ctx.db, whole.number)
    done = (await step_store.marked_steps(ctx.db, whole.number)).get(team.item, {})
    lines = [
        _(
            "Team {number}, {name}, of “{title}”.",
            number=team.item,
            name=team.name,
            title=whole.title,
        )
    ]
    lines += await leader_lines(ctx, whole)
    if team.room is None:
        return [
            *lines,
            _(
                "{number} {name}: {state}",
                number=team.item,
                name=team.name,
                state=_state_line(team.state),
            ),
        ]
    for step in steps:
        if step.id in done:
            lines.append(
                _(
                    "{n} {title}: done, {day}",
                    n=step.place,
                    title=step.title,
                    day=Day(done[step.id]),
                )
            )
        else:
            lines.append(_("{step}: still to do", step=step_dates.step_line(step)))
    left = [step for step in steps if step.id not in done]
    if left:
        lines.append(
            _("When a step is done: `!step {number} {n}`", number=team.item, n=left[0].place)
        )
    return lines


async def leader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return lines that say who leads a cohort, and who does so too."""
    lines = [_("Who leads it: {person}", person=Person(item.author))] if item.author else []
    if others := await leader_store.leaders_of(ctx.db, item.number):
        lines.append(_("Together with: {people}", people=tuple(map(Person, others))))
    return lines


def unclear_step(team: Team, steps: Sequence[TeamStep]) -> UserError:
    """Return the refusal that lists a team's steps, as it is not clear which one is meant."""
    if not steps:
        return UserError(
            _(
                "These teams have no steps yet. Who leads them sets them:"
                ' `!teams steps "Reading" "Draft"`'
            )
        )
    named = tuple(_("{n} {title}", n=step.place, title=step.title) for step in steps)
    return UserError(
        _("Which step? {steps}", steps=named),
        _("For example: `!step {number} {n}`", number=team.item, n=steps[0].place),
    )
