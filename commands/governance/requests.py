"""Requests that wait for others: stored, carried out when they agree, or closed."""

from __future__ import annotations

from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    Number,
    Person,
    Say,
    UserError,
    Wish,
    _,
    items,
    perform,
    rooms,
    verbatim,
)
from commands.governance import store
from commands.governance.declaration import feature
from commands.governance.store import Kept

SHOWN = 3
MOST = 5
"""How many requests of one person can wait in a room at the same time."""


def nameless(line: Line) -> Line:
    """Return the line without names of people.

    For a title, which is stored as text.
    """
    values = {key: _without(value) for key, value in line.values.items()}
    return Line(line.msgid, values, line.plural, line.count)


def shown(wish: Wish) -> Line:
    """Return what the room reads of a request while moderators decide."""
    return nameless(wish.what) if wish.personal else wish.what


def _without(value: object) -> object:
    if isinstance(value, Person):
        return _("somebody")
    if isinstance(value, Line):
        return nameless(value)
    if isinstance(value, tuple):
        return tuple(_without(one) for one in value)
    return value


async def keep(
    ctx: Context, wish: Wish, *, lines: tuple[int, ...] = (), challenge: bool = False
) -> Number:
    """Store a request and return its number.

    Raises `UserError` if this person has too many that wait.
    """
    if await store.count_of(ctx.db, wish.room, ctx.who) >= MOST:
        raise UserError(
            _("You have asked for {count} things here that wait still.", count=MOST),
            _("What waits: `!governance`. To take one back: `!cancel` and its number"),
        )
    title = await ctx.in_words(nameless(wish.what), wish.room)
    number = await ctx.new_item("wish", title, wish.room)
    await store.add(ctx.db, number, wish, keep=lines, challenge=challenge)
    return number


async def beside(ctx: Context, wish: Wish, but: Number | None = None) -> list[Kept]:
    """Return waiting requests that give the same thing a value. Only one of them can hold."""
    known = ctx.registry.acts.get(wish.act)
    if known is None or not known[1].value:
        return []
    return await store.beside(ctx.db, wish, but)


def named_beside(others: list[Kept]) -> list[Line]:
    """Warn of requests about the same thing, before anybody approves this one."""
    return [
        _("About the same waits already, as number {number}: “{what}”. Only one can hold.",
          number=one.poll or one.item, what=verbatim(one.title))
        for one in others[:SHOWN]
    ]  # fmt: skip


async def close(ctx: Context, kept: Kept) -> None:
    """Close a request."""
    await items.close(ctx.db, kept.item)
    await ctx.call_off(kept.item)


async def carried(ctx: Context, kept: Kept) -> list[Line | Effect]:
    """Carry out an approved request, or tell the room why it cannot be done any more."""
    await close(ctx, kept)
    ctx.target, ctx.agreed = await rooms.get(ctx.db, kept.room), True
    try:
        async with ctx.db.savepoint():
            answer = each(await perform(ctx, await _meant(ctx, kept)))
    except UserError as error:
        cannot = _("It was agreed to, and can't be carried out: {what}", what=verbatim(kept.title))
        return [Say((cannot, *error.lines), room=kept.room, item=kept.item)]
    await note(ctx, kept, "carried")
    said = [one for one in answer if isinstance(one, Line)]
    done = [one for one in answer if not isinstance(one, Line)]
    said += [
        _("Number {number} is about the same and waits still: “{what}”. If others agree to it"
          " too, it takes the place of this.",
          number=one.poll or one.item, what=verbatim(one.title))
        for one in (await beside(ctx, kept.as_wish(), kept.item))[:SHOWN]
    ]  # fmt: skip
    return [*done, Say(tuple(said), room=kept.room, item=kept.item)] if said else list(done)


async def _meant(ctx: Context, kept: Kept) -> Wish:
    """Return the request with the address of a forgotten person who is still here.

    Raises `UserError` if they are gone.
    """
    payload = store.unveiled(kept.payload, await rooms.members(ctx.db, kept.room))
    if payload is None:
        raise UserError(_("whom it is about is gone."))
    return replace(kept.as_wish(), payload=payload)


async def note(ctx: Context, kept: Kept, act: str) -> None:
    """Log by whose approval something was done, as an entry of governance."""
    by = await store.agreeing(ctx.db, kept.item)
    facts = {"number": kept.item, "poll": kept.poll, "by": by}
    asker, ctx.feature = ctx.feature, feature.name
    await ctx.log(act, facts, room=kept.room)
    ctx.feature = asker


def each(answer: Answer) -> list[Line | Effect]:
    """Return an answer as a list."""
    if answer is None:
        return []
    if isinstance(answer, Line) or not hasattr(answer, "__iter__"):
        return [answer]
    return list(answer)
