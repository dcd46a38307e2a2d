"""Creation of a list: what was given is checked, shown and confirmed first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.api import Answer, Context, Line, Moment, UserError, UserId, _, dates, n_, spreadsheets
from commands.expected_lists import arrivals, list_parser, recognition, store
from commands.expected_lists.declaration import LIST_OVER_JOB, feature
from commands.expected_lists.list_parser import ParsedList
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as area_store
from commands.onboarding.areas.store import RoomArea

MOST, MOST_LISTS = 1000, 20
"""People of a list; open lists of one person."""
DAYS, LONGEST = timedelta(days=90), timedelta(days=366)
"""How long a list lasts if no date is given, and at most."""
LARGEST = 500_000
"""Bytes of a file."""
SHOWN = 20
EXAMPLE = _("For example: `!list press @ana:server @bea:server`")
"""An example of the command, for its help and its errors."""


def mentioned_people(ctx: Context) -> tuple[UserId, ...]:
    """Return the people mentioned in the message, without the bot."""
    return tuple(user for user in ctx.origin.mentions if user != ctx.me)


def may_have_file(ctx: Context) -> bool:
    """Return whether a file came with the message, or it replies to something that may be one."""
    return ctx.origin.media is not None or ctx.origin.reply_to is not None


def people_with_file(ctx: Context, given: ParsedList) -> ParsedList:
    """Return the people that are given, or those named in the file if nobody is given."""
    if given.people or given.wrong or not may_have_file(ctx):
        return given
    return list_parser.parse_table(spreadsheets.decode_text(ctx.attached_file(LARGEST)))


def require_people(ctx: Context, given: ParsedList) -> ParsedList:
    """Return the people without the bot. Raises `UserError` if there is nobody, or too many."""
    people = tuple(person for person in given.people if person != ctx.me)
    if not people:
        shown = [unreadable_line(given.wrong)] if given.wrong else []
        raise UserError(
            _("I find nobody in it: an address is written `@name:server`."), *shown, EXAMPLE
        )
    if len(people) > MOST:
        raise UserError(
            _("That are {count} people; a list has {most} at most.", count=len(people), most=MOST)
        )
    return ParsedList(people, given.wrong)


def unreadable_line(lines: Sequence[str]) -> Line:
    """Return a line that shows the lines in which no address was found."""
    more = len(lines) - SHOWN
    shown = tuple(lines[:SHOWN])
    if more > 0:
        return _("Without an address: {lines} and {more} more", lines=shown, more=more)
    return _("Without an address: {lines}", lines=shown)


async def named_area(ctx: Context, name: str) -> RoomArea:
    """Return the area of this name, or the only one there is if none is named.

    Raises `UserError` if there is none, or if the sender moderates none of its rooms.
    """
    found = await permissions.visible_areas(ctx)
    if not name and len(found) == 1:
        name = found[0].name
    if not name:
        raise UserError(_("Missing: the area into which they come."), EXAMPLE)
    for one in found:
        if area_store.comparison_key(one.name) == area_store.comparison_key(name):
            if await permissions.moderates_any_room(ctx, one):
                return one
            raise UserError(
                _(
                    "You can't make a list for “{area}”: it is for those who moderate its rooms.",
                    area=one.name,
                )
            )
    raise permissions.unknown_area(name, found)


def parse_end(
    ctx: Context, typed: str | None, usual: timedelta, longest: timedelta, too_late: Line
) -> datetime:
    """Return when (UTC) a list of expected people, or a code to come in by, ends: at the date or
    after the duration that was typed, or after its `usual` time if nothing was.

    Raises `UserError`: with the line `too_late` if it is more than `longest` from now, and with one
    of its own for what is neither a date nor a duration.
    """
    if typed is None:
        return ctx.said_at + usual
    length = dates.read_duration(typed)
    until = ctx.said_at + length if length else ctx.parse_date(typed, end_of_day=True)
    if until > ctx.said_at + longest:
        raise UserError(too_late)
    return until


feature.log_line(
    "list_made",
    n_(
        "made list {number} for the area “{area}”: {count} person",
        "made list {number} for the area “{area}”: {count} people",
        0,
    ),
)


async def make_list(ctx: Context, area: RoomArea, given: ParsedList, until: datetime) -> Answer:
    """Make a list of expected people after a confirmation, log it, and let in who is waiting
    already. Return what to say, if anything.

    Raises `UserError` beyond the number of lists that a person can have.
    """
    mine = [one for one in await store.open_lists(ctx.db) if one.author == ctx.who]
    if len(mine) >= MOST_LISTS and not ctx.defaults.unlimited:
        raise UserError(_("You have {most} lists. End one first: `!list`", most=MOST_LISTS))
    ctx.confirm(*await _preview(ctx, area, given, until))
    number = await ctx.add_item("expected", area.name)
    one = await store.add_list(ctx.db, number, area.name, until)
    await store.add_people(ctx.db, one, given.people)
    await ctx.schedule(LIST_OVER_JOB, until, item=number)
    for room in area.rooms:
        facts = {"number": number, "area": area.name, "count": len(given.people)}
        await ctx.log("list_made", facts, room=room, undo={"number": number})
    await arrivals.schedule_admissions(ctx, given.people)
    return [
        n_(
            "List {number} for “{area}”: {count} person, until {moment}.",
            "List {number} for “{area}”: {count} people, until {moment}.",
            len(given.people),
            number=number,
            area=area.name,
            moment=Moment(until),
        ),
        _(
            "They knock at a door or write to me: {me}. Their app can find me: {link}",
            me=ctx.me,
            link=f"https://matrix.to/#/{ctx.me}",
        ),
        _(
            "Who has come: `!list {number}`. To end and delete it: `!cancel {number}`",
            number=number,
        ),
    ]


async def _preview(ctx: Context, area: RoomArea, given: ParsedList, until: datetime) -> list[Line]:
    there = await arrivals.people_inside(ctx, area)
    lines = [
        n_(
            "For “{area}”: {count} person, {there} of them in its rooms already.",
            "For “{area}”: {count} people, {there} of them in its rooms already.",
            len(given.people),
            area=area.name,
            there=len(there & set(given.people)),
        )
    ]
    if given.wrong:
        lines.append(unreadable_line(given.wrong))
    if await ctx.setting_value(recognition.ADMITS) == "yes":
        lines.append(
            _(
                "Until {moment} they are let in when they knock or write to me, without questions.",
                moment=Moment(until),
            )
        )
    else:
        lines.append(
            _("Until {moment} whoever decides reads that they are on it.", moment=Moment(until))
        )
    return lines
