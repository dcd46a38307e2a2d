"""Find the thing or loan that is meant, and decide who may see and lend it."""

from __future__ import annotations

from bot.api import (
    Context,
    Does,
    Item,
    Line,
    Membership,
    Number,
    Person,
    RoomId,
    UserError,
    UserId,
    _,
    choice,
    items,
    need_to_act,
    rooms,
    search,
)
from commands.lending import phrases, search_index, store
from commands.lending.loans import Loan, Owner, Thing

MOST = 10
"""How many things of one name are offered to choose from."""


def none(number: int | str) -> UserError:
    """Return the error for a number that is not here."""
    return UserError(
        _("There is no number {number} here.", number=number),
        _("What is lent here: `!loans`"),
    )


async def sees(ctx: Context, thing: Thing) -> bool:
    """True if the person is in the thing's room, or in any room for a thing of the network."""
    if not ctx.trusted and thing.room != ctx.room:
        return False
    if thing.room == ctx.room:
        return True
    if await rooms.membership(ctx.db, thing.room, ctx.who) is Membership.JOIN:
        return True
    return thing.owner is Owner.NETWORK and await rooms.shares_room(ctx.db, ctx.who)


async def lends(ctx: Context, thing: Thing, person: UserId | None = None) -> bool:
    """True for the keeper, and for a moderator if the thing belongs to the room or network.

    `person` is the one who typed by default.
    """
    who = person or ctx.who
    if thing.keeper == who:
        return True
    return thing.owner is not Owner.PERSON and await ctx.moderates(thing.room, who)


async def acted(ctx: Context, thing: Thing, loan: Loan) -> None:
    """Log that a moderator spoke for a thing of the room or network that somebody else keeps."""
    if thing.owner is not Owner.PERSON and thing.keeper != ctx.who:
        await ctx.log("acted", {"number": loan.item}, room=thing.room)


async def lender(ctx: Context, thing: Thing) -> UserId | None:
    """Return the person who is asked about a thing, or None.

    It is the keeper. If the keeper can't be reached and the thing belongs to a room or the network,
    it is a moderator of the room.
    """
    if thing.keeper and await reachable(ctx, thing, thing.keeper):
        return thing.keeper
    if thing.owner is Owner.PERSON:
        return None
    for one in await rooms.members(ctx.db, thing.room):
        if one != ctx.me and await ctx.moderates(thing.room, one):
            return one
    return None


async def reachable(ctx: Context, thing: Thing, person: UserId) -> bool:
    """True if the person is in the thing's room; an owner in any room is enough."""
    if thing.owner is Owner.PERSON:
        return await rooms.shares_room(ctx.db, person)
    return await rooms.membership(ctx.db, thing.room, person) is Membership.JOIN


async def by_number(ctx: Context, number: int) -> tuple[Thing, Loan | None]:
    """Return the thing with this number, or the thing and loan of a loan's number.

    Lender and borrower may see it from anywhere. Raises `UserError`.
    """
    item = await items.get(ctx.db, Number(number))
    loan = await store.get(ctx.db, item.number) if item and item.kind == "loan" else None
    thing = await store.thing(ctx.db, loan.thing if loan else Number(number)) if item else None
    if thing is None or item is None or item.feature != "lending":
        raise none(number)
    theirs = ctx.who in (thing.keeper, loan.borrower if loan else thing.keeper)
    part = theirs and ctx.trusted and ctx.does is not Does.CHANGES  # so a loan can always end
    if not part and not await sees(ctx, thing):
        raise none(number)
    await need_to_act(ctx, thing.room)
    if not public(ctx, thing):
        ctx.aside |= not ctx.private
    return thing, loan


def public(ctx: Context, thing: Thing) -> bool:
    """True if everybody who reads the answer here may see the thing."""
    return ctx.private or thing.room == ctx.room or thing.owner is Owner.NETWORK


async def replied(ctx: Context) -> tuple[Thing, Loan | None] | None:
    """Return the thing, and perhaps the loan, that the message replied to is about, or None.

    Raises `UserError`.
    """
    item: Item | None = None
    if ctx.origin.reply_to is not None:
        item = await items.about(ctx.db, ctx.origin.reply_to)
    if item is None or item.kind not in ("loan", "thing"):
        return None
    return await by_number(ctx, item.number)


async def by_name(ctx: Context, name: str) -> Thing | None:
    """Return the thing of this name, or None. Raises `Asking` if there are several."""
    found = await called(ctx, name)
    others = [one for one in found if one.keeper != ctx.who or one.owner is not Owner.PERSON]
    found = others or found
    if len(found) < 2:
        return found[0] if found else None
    shown = found[:MOST]
    lines = [
        _("{n}) {thing}", n=n, thing=await told(ctx, one)) for n, one in enumerate(shown, start=1)
    ]
    answer = ctx.ask("which thing", choice(len(shown)), _("Which thing do you mean?"), *lines,
                     _("Answer with the number."))  # fmt: skip
    return shown[int(answer) - 1]


async def called(ctx: Context, name: str) -> list[Thing]:
    """Return the things of exactly this name, else those with all of its words."""
    where, wanted = await places(ctx), phrases.compared(name)
    if not wanted:
        return []
    if exact := await store.exactly(ctx.db, where, wanted, MOST):
        return exact
    query = search.Query(name, kinds=(search_index.KIND,))
    near = await search.search(ctx.db, query, where, MOST)
    things = [
        await store.thing(ctx.db, one.item) for one in near.found if one.item and not near.near
    ]
    return [one for one in things if one is not None and one.open]


async def places(ctx: Context) -> list[RoomId]:
    """Return the rooms whose things are meant here; in private all rooms of the person."""
    if ctx.private:
        return [one.room for one in await rooms.shared_rooms(ctx.db, ctx.who)] or [ctx.room]
    return [ctx.room]


async def told(_ctx: Context, thing: Thing) -> Line:
    """Return the title of a thing and whose it is."""
    return _("“{title}” ({whose})", title=phrases.short(thing.title), whose=whose(thing))


def whose(thing: Thing) -> object:
    """Return the owner of a thing for a sentence: a person, the room's or the network's."""
    if thing.owner is Owner.NETWORK:
        return _("the network's")
    if thing.owner is Owner.ROOM:
        return _("the room's")
    return Person(thing.keeper)


def lending(thing: Thing) -> object:
    """Return who lends a thing, for a sentence: a person, the room or the network."""
    if thing.owner is Owner.PERSON:
        return Person(thing.keeper)
    return _("the network") if thing.owner is Owner.NETWORK else _("the room")


def keeper(thing: Thing) -> object:
    """Return who is asked about a thing, for a sentence."""
    return Person(thing.keeper) if thing.keeper else _("the moderators")


async def settled(ctx: Context) -> None:
    """Close the question that the person has answered by typing a command.

    It would otherwise hold up further questions.
    """
    if await store.being_asked(ctx.db, ctx.who):
        await ctx.end_question(RoomId(ctx.who), "")
