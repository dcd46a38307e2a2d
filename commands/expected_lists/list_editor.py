"""Changes of a list: look at it, add people, and take people off it."""

from __future__ import annotations

from bot.api import Answer, Context, Line, Moment, Number, UserError, _, fold, n_, words
from commands.expected_lists import arrivals, list_creation, list_parser, store
from commands.expected_lists.declaration import feature
from commands.expected_lists.list_creation import EXAMPLE, MOST, SHOWN
from commands.expected_lists.store import ExpectedList
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as area_store
from commands.onboarding.areas.store import RoomArea
from commands.onboarding.invitations.texts import people_line

ADD = words("agregar", "adicionar", "add", "añadir, sumar, incluir")
REMOVE = words("quitar", "remover", "remove", "sacar, borrar, tirar, delete")
_VERBS = {fold(word): verb for verb in (ADD, REMOVE) for word in verb}


async def find_own_list(ctx: Context, number: Number) -> tuple[ExpectedList, RoomArea | None]:
    """Return an open list of expected people that this person made, or of an area where they
    moderate.

    Raises `UserError` if there is none of this number.
    """
    one = await store.get_list(ctx.db, number)
    area = await area_store.find_area(ctx.db, one.area) if one else None
    if one is None or not await permissions.may_manage(ctx, area, one.author):
        raise UserError(_("There is no list {number} for you.", number=number), _("Lists: `!list`"))
    return one, area


async def show_lists(ctx: Context, area: RoomArea | None = None) -> Answer:
    """Show the person's lists of expected people, all of them or those for the area. Return what to
    say, if anything."""
    lines: list[Line] = []
    for one in await store.open_lists(ctx.db):
        found = await area_store.find_area(ctx.db, one.area)
        mine = await permissions.may_manage(ctx, found, one.author)
        if mine and (area is None or area == found):
            came, count = (
                await arrivals.people_arrived(ctx, one, found),
                await store.count_people(ctx.db, one),
            )
            lines.append(
                _(
                    "List {number}, “{area}”: {came} of {count} have come; until {moment}.",
                    number=one.item,
                    area=one.area,
                    came=len(came),
                    count=count,
                    moment=Moment(one.expires),
                )
            )
    if not lines:
        return [
            _("There is no list. With one, an organisation's people are let in without questions."),
            EXAMPLE,
            _("Or the area on the first line and the people below, or a file (CSV) with it."),
        ]
    return [*lines[:SHOWN], _("One of them: `!list {number}`", number=await ctx.example_number())]


async def show_or_change(
    ctx: Context, one: ExpectedList, area: RoomArea | None, text: str
) -> Answer:
    """Change a list of expected people as `text` says, or show it if there is no text. Return what
    to say, if anything."""
    return await (change_list(ctx, one, area, text) if text else show_list(ctx, one, area))


async def show_list(ctx: Context, one: ExpectedList, area: RoomArea | None) -> Answer:
    """Show which people of a list of expected people have come and which have not. Return what to
    say, if anything."""
    came = await arrivals.people_arrived(ctx, one, area)
    every = [entry.person for entry in await store.expected_people(ctx.db, one)]
    missing = [person for person in every if person not in set(came)]
    lines = [
        _(
            "List {number}, “{area}”: {came} of {count} have come; until {moment}.",
            number=one.item,
            area=one.area,
            came=len(came),
            count=len(every),
            moment=Moment(one.expires),
        )
    ]
    lines += [_("Have come: {people}", people=people_line(came))] if came else []
    lines += [_("Not yet: {people}", people=people_line(missing))] if missing else []
    return [
        *lines,
        _("To take somebody off: `!list {number} remove @name:server`", number=one.item),
        _("To end and delete it: `!cancel {number}`", number=one.item),
    ]


feature.log_line(
    "list_grew",
    n_(
        "added {count} person to list {number}",
        "added {count} people to list {number}",
        0,
    ),
)


async def change_list(ctx: Context, one: ExpectedList, area: RoomArea | None, text: str) -> Answer:
    """Add people to a list of expected people or take them off it. Return what to say, if anything.

    Raises `UserError` for other words, without the right, for nobody and for too many.
    """
    word, _space, rest = text.strip().partition(" ")
    verb, given = (
        _VERBS.get(fold(word)),
        list_parser.parse_typed(rest, list_creation.mentioned_people(ctx)),
    )
    if verb is None:
        raise UserError(
            _(
                "To add or take off: `!list {number} add @name:server` or"
                " `!list {number} remove @name:server`",
                number=one.item,
            )
        )
    people = list_creation.require_people(ctx, given).people
    if verb is REMOVE:
        gone = [person for person in people if await store.remove_person(ctx.db, one, person)]
        return [
            n_(
                "Taken off list {number}: {count} person.",
                "Taken off list {number}: {count} people.",
                len(gone),
                number=one.item,
            ),
            _("Who came in already stays in."),
        ]
    if area is None or not await permissions.moderates_any_room(ctx, area):
        raise UserError(
            _(
                "You can't make a list for “{area}”: it is for those who moderate its rooms.",
                area=one.area,
            )
        )
    if await store.count_people(ctx.db, one) + len(people) > MOST:
        raise UserError(
            _(
                "That are {count} people; a list has {most} at most.",
                count=await store.count_people(ctx.db, one) + len(people),
                most=MOST,
            )
        )
    added = await store.add_people(ctx.db, one, people)
    for room in area.rooms:
        facts = {"number": one.item, "area": area.name, "count": added}
        await ctx.log("list_grew", facts, room=room)
    await arrivals.schedule_admissions(ctx, people)
    return n_(
        "Added to list {number}: {count} person.",
        "Added to list {number}: {count} people.",
        added,
        number=one.item,
    )
