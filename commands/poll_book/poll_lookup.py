"""Find the poll that a line is about: by number, by reply, or the only one open here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.api import (
    Context,
    Item,
    MissingArgument,
    Number,
    UserError,
    _,
    fold,
    is_in_any,
    items,
    rooms,
    split_number,
)
from commands.decision_rules import vote_rules
from commands.poll_book import poll_store, roll
from commands.poll_book.poll import Poll
from commands.poll_lines import reasons

_LOOKED_AT = 5
_THE_POLL = re.compile(
    r"(?:(?:de |da |of )?(?:la|el|esta|esa|a|o|essa|this|the|our) )?(?:vota(?:c|s)i?on|votacao"
    r"|encuesta|enquete|sondeo|propuesta|proposta|poll|vote|voting|proposal)"
    r"(?: (?:ya|ja|now|por favor|porfa|please|pfv))?"
)
"""Words for a poll that do not say which: `la votación ya`. Folded."""


_NEWEST = re.compile(
    r"(?:(?:la|a|the) )?(?:ultim[ao]|mas reciente|mais recente|last|newest|latest)"
    r"(?: (?:votacion|votacao|encuesta|enquete|propuesta|proposta|poll|vote|proposal))?"
)


async def hint_full_form(ctx: Context, text: str) -> None:
    """Raise `UserError` with the full form of `!vote 2` if 2 is no poll here and one is open."""
    if ctx.is_private or not vote_rules.is_number(text):
        return
    named = await items.get(ctx.db, Number(int(text)))
    found = await poll_store.open_polls_in(ctx.db, ctx.room, 2)
    if (named is None or named.kind != "poll" or not named.stands_in(ctx.room)) and len(found) == 1:
        raise UserError(
            _(
                "There is no poll {words} here. To vote in poll {number}: `!vote {number} {words}`",
                words=int(text),
                number=found[0][0],
            )
        )


async def find_with_option(ctx: Context, numbers: Sequence[Number], text: str) -> Item | None:
    """Return the only open poll that has this option, or None. Secret polls are never it."""
    found = [await poll_store.get_poll(ctx.db, number) for number in numbers]
    fits = [poll for poll in found if _names_option(poll, text)]
    if len(fits) != 1 or fits[0].rule.secret:
        return None
    return await items.get(ctx.db, fits[0].number)


def _names_option(poll: Poll, text: str) -> bool:
    """Return whether a text names an option of this poll by its words, not by its number."""
    if re.match(r"\W*\d", text):
        return poll.has_options(text)
    readings = (text,) if poll.kind.stances else vote_rules.vote_readings(text)
    try:
        return any(
            reasons.parse_with_reason(poll.kind, one, poll.question) not in (None, ((), ""))
            for one in readings
        )
    except UserError:
        return False


async def find_poll(ctx: Context, text: str, takes: int = 0) -> tuple[Item, str]:
    """Return the poll named by number, replied to, the only one open in the room, or the one that
    has the typed option, and the text left over. Raises `MissingArgument` where that gives no
    poll."""
    replied = await ctx.replied_item("poll")
    count = (await poll_store.get_poll(ctx.db, replied.number)).places if replied else 0
    try:
        if vote_rules.is_list(text, count):
            if replied is not None:
                return replied, text
            raise MissingArgument("text", _("the number of the poll"))
        if (item := await _find_by_words(ctx, text, replied)) is not None:
            return item, text
        return await ctx.parse_item(text, "poll", takes=takes)
    except MissingArgument:
        found = await _open_numbers(ctx)
        alone = len(found) == 1 and not ctx.is_private
        item = await items.get(ctx.db, found[0]) if alone else None
        item = item or await find_with_option(ctx, found, text)
        if item is None:
            raise MissingArgument("text", _("the number of the poll")) from None
        return item, text


async def _find_by_words(ctx: Context, text: str, replied: Item | None) -> Item | None:
    """Return the poll of which the words are an option though they could be a number too: `meeting
    2`, `2 de mayo`. None where that number is a poll's and a vote in it follows."""
    numbered = split_number(text)
    if numbered is None or not any(map(str.isalpha, text)):
        return None
    number, rest = numbered
    named = await items.get(ctx.db, number)
    if named is not None and named.kind == "poll" and await ctx.may_see(named):
        alone = any(map(vote_rules.is_number, vote_rules.vote_readings(text)))  # `voto 2`
        if alone or re.fullmatch(r"[\d\W]*\d\W*", rest):
            return None
        if _names_option(await poll_store.get_poll(ctx.db, number), rest):
            return None
    if replied is None:
        return await find_with_option(ctx, await _open_numbers(ctx), text)
    here = await poll_store.get_poll(ctx.db, replied.number)
    return replied if here.has_options(text) else None


async def _open_numbers(ctx: Context) -> list[Number]:
    """Return the open polls of this room; in private those in which the person may vote."""
    if ctx.is_private:
        return await poll_store.open_polls_for(ctx.db, ctx.who)
    return [number for number, *_rest in await poll_store.open_polls_in(ctx.db, ctx.room)]


async def find_named_poll(ctx: Context, text: str) -> Item:
    """Return the poll whose number or title the words name or, without words or for `the poll`, the
    one replied to or the only open one in the room.

    `The last one` is the newest that the person can see here, open or closed. Raises
    `MissingArgument` where that gives no poll.
    """
    if _NEWEST.fullmatch(fold(text).strip(" .!?¿¡")) is not None:
        if (newest := await _newest_poll(ctx)) is not None:
            return newest
        raise MissingArgument("text", _("the number of the poll"))
    number = vote_rules.first_number(text)
    named = bool(text.strip()) and _THE_POLL.fullmatch(fold(text).strip(" .!?¿¡")) is None
    if named and not number and (called := await ctx.item_called(text, "poll")) is not None:
        return called[0]
    if named and not number and await ctx.replied_item("poll") is None:
        raise MissingArgument("text", _("the number of the poll"))
    return (await find_poll(ctx, number))[0]


async def _newest_poll(ctx: Context) -> Item | None:
    """Return the newest poll of the room, in private of all rooms, that the person may see."""
    shared = await rooms.shared_rooms(ctx.db, ctx.who) if ctx.is_private else ()
    places = [ctx.room, *(room.room for room in shared)]
    for item in await poll_store.newest_polls_in(ctx.db, places, _LOOKED_AT):
        if await ctx.may_see(item):
            return item
    return None


async def find_other(ctx: Context, text: str) -> Item | None:
    """Return the item named or replied to if it is no poll, else None.

    One that the person can't see is left to the poll's own refusal.
    """
    number = vote_rules.first_number(text)
    item = await items.get(ctx.db, Number(int(number))) if number else await ctx.replied_item()
    if item is None or item.kind == "poll" or not await ctx.may_see(item):
        return None
    return item


async def only_open_poll(ctx: Context) -> Item | None:
    """Return the open poll in which the person may vote; None if there is none, or more than one.

    In a room those of the room are looked at, in private those of all rooms.
    """
    every = await items.get_each(ctx.db, await _open_numbers(ctx))
    found = [item for item in every if await may_vote(ctx, item)]
    return found[0] if len(found) == 1 else None


async def may_vote(ctx: Context, item: Item) -> bool:
    """Return whether the person may vote in this poll now."""
    if not item.open or not await ctx.may_see(item) or not await is_in_any(ctx, item, ctx.who):
        return False
    return bool(await roll.seats_of(ctx.db, item.number, ctx.who))
