"""Find the thing or loan that is meant, and decide who may see and lend it."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    ItemAccess,
    Line,
    Number,
    Person,
    React,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    can_see_in,
    choice_of,
    is_in,
    items,
    require_voice_to_change,
    rooms,
    search,
    shorten_line,
)
from commands.lending import phrases, search_index, store
from commands.lending.declaration import feature
from commands.lending.loans import LentThing, Loan, ThingOwner

MOST_CHOICES = 10
"""How many things of one name are offered to choose from."""


def unknown_number(number: int | str) -> UserError:
    """Return the error for a number of which there is no thing or loan here."""
    return UserError(
        _("There is no number {number} here.", number=number),
        _("What is lent here: `!loans`"),
    )


async def may_see(ctx: Context, thing: LentThing) -> bool:
    """Return whether the person is in the room of the thing, or in any room for a thing of the
    network."""
    if not ctx.is_trusted and thing.room != ctx.room:
        return False
    if thing.room == ctx.room:
        return True
    network = thing.owner is ThingOwner.NETWORK
    return await can_see_in(ctx, thing.room, ctx.who, network=network)


async def may_lend(ctx: Context, thing: LentThing) -> bool:
    """Return whether the person may lend the thing: its keeper or, if it is the room's or
    network's, a moderator.
    """
    if thing.keeper == ctx.who:
        return True
    return thing.owner is not ThingOwner.PERSON and await ctx.moderates(thing.room, ctx.who)


feature.log_line("acted", _("spoke for what the room shares: loan {number}"))


async def log_moderator(ctx: Context, thing: LentThing, loan: Loan) -> None:
    """Log that a moderator decided about a thing of the room or network that somebody else
    keeps."""
    if thing.owner is not ThingOwner.PERSON and thing.keeper != ctx.who:
        await ctx.log("acted", {"number": loan.item}, room=thing.room)


async def find_lender(ctx: Context, thing: LentThing) -> UserId | None:
    """Return the person who decides about lending a thing, or None.

    It is the keeper. If the keeper can't be reached and the thing belongs to a room or the network,
    it is a moderator of the room.
    """
    if thing.keeper and await is_reachable(ctx, thing, thing.keeper):
        return thing.keeper
    if thing.owner is ThingOwner.PERSON:
        return None
    for one in await rooms.members(ctx.db, thing.room):
        if one != ctx.me and await ctx.moderates(thing.room, one):
            return one
    return None


async def is_reachable(ctx: Context, thing: LentThing, person: UserId) -> bool:
    """Return whether the person is in the thing's room; for an owner any room suffices."""
    if thing.owner is ThingOwner.PERSON:
        return await rooms.shares_room(ctx.db, person)
    return await is_in(ctx, thing.room, person)


async def find_by_number(ctx: Context, number: int) -> tuple[LentThing, Loan | None]:
    """Return the thing with this number, or the thing and loan of a loan's number.

    Lender and borrower may see it from anywhere. Raises `UserError` if there is none that the
    person may see.
    """
    item = await items.get(ctx.db, Number(number))
    loan = await store.get_loan(ctx.db, item.number) if item and item.kind == "loan" else None
    thing = await store.get_thing(ctx.db, loan.thing if loan else Number(number)) if item else None
    if thing is None or item is None or item.feature != "lending":
        raise unknown_number(number)
    theirs = ctx.who in (thing.keeper, loan.borrower if loan else thing.keeper)
    part = (
        theirs and ctx.is_trusted and ctx.does is not ItemAccess.CHANGES
    )  # so a loan can always end
    if not part and not await may_see(ctx, thing):
        raise unknown_number(number)
    await require_voice_to_change(ctx, thing.room)
    if not is_public(ctx, thing):
        ctx.answer_privately |= not ctx.is_private
    return thing, loan


def is_public(ctx: Context, thing: LentThing) -> bool:
    """Return whether everybody who reads the answer here may see the thing."""
    return ctx.is_private or thing.room == ctx.room or thing.owner is ThingOwner.NETWORK


async def find_by_reply(ctx: Context) -> tuple[LentThing, Loan | None] | None:
    """Return the thing that the message replied to is about, and its loan if there is one; or None.

    Raises `UserError` if the person may not see it.
    """
    item: Item | None = None
    if ctx.origin.reply_to is not None:
        item = await items.item_about(ctx.db, ctx.origin.reply_to)
    if item is None or item.kind not in ("loan", "thing"):
        return None
    return await find_by_number(ctx, item.number)


async def find_by_name(ctx: Context, name: str) -> LentThing | None:
    """Return the thing of this name that can be lent, or None. Raises `AnswerNeeded` if there are
    several."""
    found = await find_things(ctx, name)
    others = [one for one in found if one.keeper != ctx.who or one.owner is not ThingOwner.PERSON]
    found = others or found
    if len(found) < 2:
        return found[0] if found else None
    shown = found[:MOST_CHOICES]
    lines = [
        _("{n}) {thing}", n=n, thing=await thing_line(ctx, one))
        for n, one in enumerate(shown, start=1)
    ]
    answer = ctx.ask(
        "which thing",
        choice_of(len(shown)),
        _("Which thing do you mean?"),
        *lines,
        _("Answer with the number."),
    )
    return shown[int(answer) - 1]


async def find_things(ctx: Context, name: str) -> list[LentThing]:
    """Return the things that can be lent of exactly this name, else those with all of its words."""
    where, wanted = await searched_rooms(ctx), phrases.compared_name(name)
    if not wanted:
        return []
    if exact := await store.things_named_in(ctx.db, where, wanted, MOST_CHOICES):
        return exact
    query = search.Query(name, kinds=(search_index.THING_KIND,))
    near = await search.search(ctx.db, query, where, MOST_CHOICES)
    things = [
        await store.get_thing(ctx.db, one.item) for one in near.found if one.item and not near.near
    ]
    return [one for one in things if one is not None and one.open]


async def searched_rooms(ctx: Context) -> list[RoomId]:
    """Return the rooms in which to look for a thing that somebody named: the room of the line, and
    in private all rooms that they share with the bot."""
    if ctx.is_private:
        return [one.room for one in await rooms.shared_rooms(ctx.db, ctx.who)] or [ctx.room]
    return [ctx.room]


async def thing_line(_ctx: Context, thing: LentThing) -> Line:
    """Return the line with the title of a thing and its owner."""
    return _("“{title}” ({whose})", title=shorten_line(thing.title, 60), whose=owner_name(thing))


def owner_name(thing: LentThing) -> object:
    """Return the name of a thing's owner, to be put into a sentence: a person, the room's or the
    network's."""
    if thing.owner is ThingOwner.NETWORK:
        return _("the network's")
    if thing.owner is ThingOwner.ROOM:
        return _("the room's")
    return Person(thing.keeper)


def lender_name(thing: LentThing) -> object:
    """Return the name of who lends a thing, to be put into a sentence: a person, the room or the
    network."""
    if thing.owner is ThingOwner.PERSON:
        return Person(thing.keeper)
    return _("the network") if thing.owner is ThingOwner.NETWORK else _("the room")


def keeper_name(thing: LentThing) -> Person | Line:
    """Return the name of who decides about lending a thing, to be put into a sentence.

    Its keeper, or else the moderators.
    """
    return Person(thing.keeper) if thing.keeper else _("the moderators")


async def close_question(ctx: Context) -> None:
    """Delete the open question that the person has answered by typing a command.

    It would otherwise hold up further questions.
    """
    if await store.is_being_asked(ctx.db, ctx.who):
        await ctx.end_own_question(ctx.who)


def answer_quietly(ctx: Context, loan: Loan, answer: Answer) -> Answer:
    """Return the answer in private to a person, with a ✓ in the room where they wrote.

    What two people confirm to each other concerns nobody else there.
    """
    event = ctx.origin.event
    if answer is None or ctx.is_private or ctx.answer_privately or event is None:
        return answer
    said = [answer] if isinstance(answer, Line | Effect) else list(answer)
    lines = tuple(one for one in said if isinstance(one, Line))
    letter = Say(lines, to=ctx.who, item=loan.item)
    return [React(event, "✓"), letter, *(one for one in said if not isinstance(one, Line))]
