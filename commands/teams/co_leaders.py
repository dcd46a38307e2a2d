"""`!co-lead`: somebody who leads a cohort too, once they have accepted it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from bot.api import (
    NO_NUMBER,
    YES_NO,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Number,
    People,
    Person,
    Say,
    TakesBack,
    UserError,
    UserId,
    _,
    is_in,
    items,
    moderators_only,
    n_,
    named_people,
)
from commands.teams import (
    leader_power,
    leader_store,
    progress_view,
    room_opening,
    team_lookup,
)
from commands.teams.declaration import TEAMS, feature
from commands.teams.leader_power import CO_LEAD

MOST_LEADERS = 10
_EXAMPLE = _("For example: `!co-lead @bea:server.org`")


_BARE_NAME = re.compile(r"\s*[^\W\d_]\w*")


async def find_leaders(ctx: Context, text: str) -> tuple[People, str]:
    """Return the people whom the text names to lead a cohort, also as `@bea` or `bea`, and the
    rest.

    Raises `UserError` or `AnswerNeeded` for a name that fits nobody or several.
    """
    if not ctx.origin.mentions and _BARE_NAME.match(text):
        text = f"@{text.lstrip()}"
    found, rest = await named_people(ctx, text)
    mentioned = tuple(user for user in ctx.origin.mentions if user != ctx.me)
    return tuple(dict.fromkeys((*mentioned, *found))), rest


@feature.command(
    CO_LEAD,
    help=_("ask somebody to lead the teams with you"),
    example=_EXAMPLE,
    topic=TEAMS,
)
async def name_leader(
    ctx: Context,
    back: TakesBack,
    people: Annotated[People, find_leaders],
    number: Number = NO_NUMBER,
) -> Answer:
    """Ask a person in private to lead a cohort (teams opened together) too, or take that back.
    Return the answer. Raises `UserError` without the right, for somebody outside of the room, for
    too many leaders, and for what is so already.

    Whoever leads too can give it back themselves.
    """
    item = await team_lookup.find_cohort(ctx, str(number) if number != NO_NUMBER else "")
    if back:
        return await _take_back(ctx, item, people or (ctx.who,))
    if not people:
        return [*await progress_view.leader_lines(ctx, item), _EXAMPLE]
    if not await team_lookup.may_lead(ctx, item):
        raise moderators_only()
    return [line for person in people for line in await _ask(ctx, item, person)]


async def _ask(ctx: Context, item: Item, person: UserId) -> list[Line]:
    shown = Person(person, full=True)
    if not await is_in(ctx, item.room, person):
        raise UserError(
            _("{person} is not in the room in which the teams were begun.", person=shown),
        )
    if person == item.author or person == ctx.me:
        raise UserError(_("{person} leads these teams already.", person=shown))
    if len(await leader_store.leaders_of(ctx.db, item.number)) >= MOST_LEADERS:
        raise UserError(_("These teams have {count} people who lead.", count=MOST_LEADERS + 1))
    if not await leader_store.ask_leader(ctx.db, item.number, person):
        raise UserError(_("{person} leads these teams already, or was asked.", person=shown))
    await ctx.begin_dialogue("co-lead", person, {"cohort": item.number, "by": ctx.who})
    return [
        _("I ask {person} in private. It holds once they accept.", person=shown),
        _("To take it back: `!co-lead {who} no`", who=person),
    ]


@feature.dialogue("co-lead")
async def ask_leader(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask a person whether they lead a cohort beside those who do. After a yes, give them the power
    in its rooms, as the rules of each allow. Return what to say, if anything."""
    item = await items.get(ctx.db, Number(int(data["cohort"])))
    by = UserId(str(data["by"]))
    waiting = await leader_store.leaders_of(ctx.db, item.number, accepted=False) if item else []
    if item is None or not item.open or ctx.who not in waiting:
        return _("That has been taken back.") if ctx.answers else None
    answer = ctx.ask(
        "co-lead",
        YES_NO,
        _(
            "{person} asks you to lead teams {number}, {title}, too.",
            person=Person(by),
            number=item.number,
            title=item.title,
        ),
        _("I invite you to each of their rooms, where you moderate. Do you accept? `yes` or `no`"),
    )
    if answer != "yes":
        await leader_store.delete_leader(ctx.db, item.number, ctx.who)
        told = _(
            "{person} does not lead teams {number}.", person=Person(ctx.who), number=item.number
        )
        return [_("I left it as it was."), Say((told,), to=by)]
    return await _accept(ctx, item, by)


def _named(facts: Mapping[str, Any]) -> dict[str, Any]:
    user = facts.get("user")
    return {"person": Person(UserId(user)) if user else _("somebody who is gone")}


feature.log_line("led", _("{person} leads teams {number} too"), values=_named)
feature.log_line("unled", _("{person} does not lead teams {number} any more"), values=_named)


async def _accept(ctx: Context, item: Item, by: UserId) -> Answer:
    """Let the person lead, by the present rights of who asked them. Raises `UserError`."""
    asker = replace(ctx, who=by)
    if not await team_lookup.may_lead(asker, item):
        await leader_store.delete_leader(ctx.db, item.number, ctx.who)
        raise UserError(_("Who asked you does not lead these teams any more."))
    await leader_store.accept_leader(ctx.db, item.number, ctx.who)
    await leader_store.add_to_teams(ctx.db, item.number, ctx.who)
    await room_opening.schedule_wave(ctx, item)
    effects, refused = await leader_power.give_power(asker, item, ctx.who)
    ctx.has_scheduled |= asker.has_scheduled
    facts = {"number": item.number, "user": ctx.who}
    asker.feature = feature.name
    await asker.log("led", facts, room=item.room)
    told = _(
        "{person} leads teams {number}, {title}, too.",
        person=Person(ctx.who),
        number=item.number,
        title=item.title,
    )
    lines = [_("You lead teams {number} too: `!teams {number}`", number=item.number)]
    if refused:
        lines.append(
            n_(
                "In {count} room the rules ask for more before you moderate.",
                "In {count} rooms the rules ask for more before you moderate.",
                refused,
            )
        )
    return [*lines, Say((told,), room=item.room), *effects]


# --- taking back ----------------------------------------------------------------------------------


async def _take_back(ctx: Context, item: Item, people: People) -> Answer:
    leads = await team_lookup.may_lead(ctx, item)
    told: list[Line | Effect] = []
    for person in people:
        if person != ctx.who and not leads:
            raise moderators_only()
        if person == item.author:
            raise UserError(
                _("{person} began these teams, and leads them to the end.", person=Person(person)),
                _("To end them: `!teams close`"),
            )
        led = person in await leader_store.leaders_of(ctx.db, item.number)
        if not await leader_store.delete_leader(ctx.db, item.number, person):
            raise UserError(
                _("{person} does not lead these teams too.", person=Person(person, full=True)),
                *await progress_view.leader_lines(ctx, item),
            )
        if led:
            told += await _end_leading(ctx, item, person)
        else:  # they were only asked, and got nothing by it
            told.append(
                _(
                    "{person} does not lead teams {number}.",
                    person=Person(person),
                    number=item.number,
                )
            )
    return told


async def _end_leading(ctx: Context, item: Item, person: UserId) -> list[Line | Effect]:
    await ctx.log("unled", {"number": item.number, "user": person}, room=item.room)
    effects, refused = await leader_power.take_power(ctx, item, person)
    told: list[Line | Effect] = [
        _(
            "{person} does not lead teams {number} any more.",
            person=Person(person),
            number=item.number,
        )
    ]
    if refused:
        told.append(
            n_(
                "{person} still moderates {count} room: its rules ask for more.",
                "{person} still moderates {count} rooms: their rules ask for more.",
                refused,
                person=Person(person),
            )
        )
    return [*told, *effects]
