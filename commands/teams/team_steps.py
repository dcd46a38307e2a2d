"""The steps of teams: the leader sets them, and a team marks what is done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from bot.api import (
    NOTHING,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    MissingArgument,
    Number,
    Person,
    Rest,
    Say,
    TakesBack,
    UserError,
    _,
    find_taking_back,
    fold,
    n_,
    split_list,
    words,
)
from commands.teams import progress_view, step_dates, step_store, team_lookup, team_store
from commands.teams.declaration import TEAMS, feature
from commands.teams.step_store import TeamStep
from commands.teams.team_store import Team

MOST_STEPS = 20
LONGEST_TITLE = 60
_EDGES = " -*•,;"
_EXAMPLE = _('For example: `!teams steps "Reading" "Rehearsal" "Delivery"`')
_DATE_EXAMPLE = _("For example: `!teams steps 2 until in 3 days`")
_ONE_DATE = re.compile(r"(?:(?:paso|passo|step)\s+)?#?(\d{1,2})[.,:]?\s+(\D.*)", re.IGNORECASE)
"""`2 hasta el viernes`: a date for one step."""


# --- which steps there are ------------------------------------------------------------------------


feature.log_line(
    "steps",
    n_("set {count} step for teams {number}", "set {count} steps for teams {number}", 0),
)


async def set_steps(ctx: Context, *, text: str = "") -> Answer:
    """Set or show the steps of a cohort's teams: `57 "Reading" "Draft"`. Steps that keep their name
    keep their marks. Return what to say, if anything."""
    # Steps are quoted, listed by commas or one a line, behind a number or a title.
    item, typed = await _find_cohort(ctx, text)
    zone = (await ctx.policy_of_room(item.room)).zone
    before = await step_store.get_steps(ctx.db, item.number)
    one = _ONE_DATE.fullmatch(typed)
    if one is not None and step_dates.is_until(one[2]):
        return await _set_date(ctx, item, before, int(one[1]), one[2])
    titles = _read_titles(ctx, typed, zone)
    dated = _named_with_date(before, titles[0]) if len(titles) == 1 else None
    if dated is not None:
        return await _set_date(ctx, item, before, *dated)
    named = dict(step_dates.split_date(ctx, title, zone) for title in titles)
    if not named:
        return _step_lines(item, before)
    await _require_lead(ctx, item)
    _check_titles(tuple(named))
    kept = {title: old.id for title in named for old in before if fold(old.title) == fold(title)}
    gone = [step for step in before if step.id not in kept.values()]
    lost = await step_store.count_marks_of(ctx.db, (step.id for step in gone))
    if gone:
        names = tuple(step.title for step in gone)
        ctx.confirm(
            _(
                "These steps go, with what {count} teams marked of them: {steps}",
                count=lost,
                steps=names,
            )
            if lost
            else _("These steps go: {steps}", steps=names)
        )
    await step_store.set_steps(ctx.db, item.number, tuple(named), kept)
    for step in await step_store.get_steps(ctx.db, item.number):
        await step_store.set_due(ctx.db, step.id, named[step.title])
    await step_dates.schedule_reminders(ctx, item, zone)
    await ctx.log("steps", {"number": item.number, "count": len(named)}, room=item.room)
    return [
        *_step_lines(item, await step_store.get_steps(ctx.db, item.number)),
        *(
            _("I read no date in “{title}”: all of it is the step's name.", title=title)
            for title, due in named.items()
            if due is None and step_dates.find_until(title)
        ),
        _(
            "A team types `!step 1` in its room. How far all are: `!teams {number}`",
            number=item.number,
        ),
    ]


async def _find_cohort(ctx: Context, text: str) -> tuple[Item, str]:
    """Return the cohort that the text names by number or title, or the newest, and the rest."""
    number = re.match(r"#?(\d{1,9})(?=\s|$)", text)
    behind = text[number.end() :].strip() if number else text
    if number is not None and step_dates.is_until(behind):
        number = None  # a step's, with its date
    named = None if number else await team_lookup.find_by_title(ctx, text, r"\s*[:\n\"“]|\s*$")
    if named is not None:
        return named
    item = await team_lookup.find_cohort(ctx, number[1] if number else "")
    return item, behind if number else text


async def _require_lead(ctx: Context, item: Item) -> None:
    if not await team_lookup.may_lead(ctx, item):
        raise UserError(
            _("You can't do that here: it is for the room's moderators."),
            _("The teams of this room: `!teams`"),
        )


feature.log_line("dated", _("set until when a step of teams {number} is to be done"))


async def _set_date(
    ctx: Context, item: Item, steps: Sequence[TeamStep], place: int, typed: str
) -> Answer:
    """Set until when one step is to be done. Raises `UserError`."""
    step = next((one for one in steps if one.place == place), None)
    if step is None:
        raise UserError(_("There is no step {n}.", n=place), *_step_lines(item, steps))
    await _require_lead(ctx, item)
    zone = (await ctx.policy_of_room(item.room)).zone
    rest, due = step_dates.split_date(ctx, typed, zone)
    if due is None:
        raise _unreadable_date(rest)
    await step_store.set_due(ctx.db, step.id, due)
    await step_dates.schedule_reminders(ctx, item, zone)
    await ctx.log("dated", {"number": item.number}, room=item.room)
    return _step_lines(item, await step_store.get_steps(ctx.db, item.number))


def _unreadable_date(words: str) -> UserError:
    return UserError(_("I can't read “{words}” as a date.", words=words[:60]), _DATE_EXAMPLE)


def _named_with_date(steps: Sequence[TeamStep], title: str) -> tuple[int, str] | None:
    """Return the step that the title names and its date's words: `Leer hasta el viernes`."""
    for begins in step_dates.find_until(title):
        name = fold(title[:begins].strip(_EDGES))
        place = next((step.place for step in steps if fold(step.title) == name), None)
        if place is not None:
            return place, title[begins:]
    return None


def _read_titles(ctx: Context, text: str, zone: str) -> list[str]:
    """Return the titles as typed, each with its date behind it. Raises `UserError`."""
    lines = [line for line in re.split(r"[\n|]", text) if line.strip()]
    if '"' in text:
        typed = [quoted or loose for quoted, loose in re.findall(r'"([^"]*)"|([^"]+)', text)]
    else:
        typed = lines if len(lines) > 1 else [*split_list(text.strip())]
    clean = (re.sub(r"^\s*\d{1,2}[.)]\s+", "", " ".join(title.split())) for title in typed)
    titles: list[str] = []
    for title in filter(None, (one.strip(_EDGES) for one in clean)):
        if step_dates.is_until(title):  # `"Leer" hasta el viernes`
            if not step_dates.is_date(ctx, title, zone):
                raise _unreadable_date(title)
            if not titles:
                raise UserError(_("Which step is to be done until then?"), _DATE_EXAMPLE)
            titles[-1] += f" {title}"
        elif title not in titles:
            titles.append(title)
    if len(titles) > MOST_STEPS:
        raise UserError(_("Those are many steps: {most} at most.", most=MOST_STEPS))
    return titles


def _check_titles(titles: Sequence[str]) -> None:
    for title in titles:
        if len(title) > LONGEST_TITLE:
            raise UserError(
                _(
                    "A step's name has up to {most} letters: “{name}…”",
                    most=LONGEST_TITLE,
                    name=title[:40],
                )
            )


def _step_lines(item: Item, steps: Sequence[TeamStep]) -> list[Line]:
    if not steps:
        return [_("Teams {number} have no steps yet.", number=item.number), _EXAMPLE]
    named = tuple(map(step_dates.step_line, steps))
    return [_("Steps of teams {number}: {steps}", number=item.number, steps=named)]


# --- what is done ---------------------------------------------------------------------------------


async def find_team(ctx: Context, text: str) -> tuple[tuple[Team, Item], str]:
    """Return the team of this room, replied to or named by number, and the rest of the line."""
    here = None if ctx.is_private else await team_store.team_in(ctx.db, ctx.room)
    replied = await ctx.replied_item("team")
    number = re.match(r"#?(\d{1,9})(?!\d)\s*", text)
    own = here.item if here else replied.number if replied else None
    rest = text[number.end() :].strip(" ,.;") if number else ""
    if own is not None and not (await find_taking_back(ctx, rest))[1]:  # `2`, `2 no`: the step
        return await team_lookup.find_team(ctx, str(own)), text
    if number is None:
        raise MissingArgument("text", _("the team's number and the step"))
    if not rest and await team_store.get_team(ctx.db, Number(int(number[1]))) is None:
        raise UserError(
            _("Of which team? Write it in the team's room, or with the team's number first."),
            _("The teams of this room: `!teams`"),
        )
    return await team_lookup.find_team(ctx, number[1]), text[number.end() :]


@feature.command(
    words("paso", "passo", "step"),
    help=_("say that a step of your team is done"),
    example=_("For example: `!step 2` in the team's room, or `!step {number} 2`", number=57),
    topic=TEAMS,
    of=("team",),
)
async def mark_step(
    ctx: Context,
    found_team: Annotated[tuple[Team, Item], find_team],
    back: TakesBack,
    *,
    step: Rest = NOTHING,
) -> Answer:
    """Mark a team's step as done by number or name, or unmark it with `no`. Return the answer.
    Raises `UserError` for an unknown step, and for what is so already."""
    team, whole = found_team
    steps = await step_store.get_steps(ctx.db, whole.number)
    found = _find_step(steps, step)
    if found is None:
        raise progress_view.unclear_step(team, steps)
    if back:
        if not await step_store.unmark_step(ctx.db, team.item, found):
            raise UserError(
                _(
                    "{name}: step {n}, {title}, was not marked.",
                    name=team.name,
                    n=found.place,
                    title=found.title,
                )
            )
        said = _(
            "{name}: step {n}, {title}, is to be done again.",
            name=team.name,
            n=found.place,
            title=found.title,
        )
    else:
        if not await step_store.mark_step(ctx.db, team.item, found, ctx.said_at, ctx.who):
            raise UserError(
                _(
                    "{name}: step {n}, {title}, is done already.",
                    name=team.name,
                    n=found.place,
                    title=found.title,
                ),
                _("To take it back: `!step {number} {n} no`", number=team.item, n=found.place),
            )
        said = _(
            "{name}: step {n}, {title}, done.", name=team.name, n=found.place, title=found.title
        )
    return [said, await _progress_line(ctx, team, whole, steps), *_tell_team(ctx, team, said)]


def _find_step(steps: Sequence[TeamStep], text: str) -> TeamStep | None:
    number = re.search(r"\d{1,3}", text)
    if number is not None:
        return next((one for one in steps if one.place == int(number[0])), None)
    name = fold(text).strip(' ".,:')
    fits = [one for one in steps if fold(one.title) == name] or [
        one for one in steps if name and fold(one.title).startswith(name)
    ]
    return fits[0] if len(fits) == 1 else None


async def _progress_line(ctx: Context, team: Team, whole: Item, steps: Sequence[TeamStep]) -> Line:
    done = (await step_store.marked_steps(ctx.db, whole.number)).get(team.item, {})
    left = [one for one in steps if one.id not in done]
    if not left:
        return n_("That was the only step.", "Those were all {count} steps. Thank you!", len(steps))
    return _(
        "Done: {done} of {every}. Next: {n} {title}",
        done=len(steps) - len(left),
        every=len(steps),
        n=left[0].place,
        title=left[0].title,
    )


def _tell_team(ctx: Context, team: Team, said: Line) -> list[Effect]:
    """Tell the team's room about a mark made elsewhere."""
    if team.room is None or team.room == ctx.room:
        return []
    return [Say((said, _("Marked by {person}.", person=Person(ctx.who))), room=team.room)]
