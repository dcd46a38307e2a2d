"""Who has read an announcement, and which of its rooms have not answered."""

from __future__ import annotations

from typing import Annotated

from bot.api import (
    NOTHING,
    Answer,
    Bare,
    Context,
    Item,
    ItemAccess,
    Line,
    Message,
    Moment,
    Reach,
    Rest,
    RoomId,
    Say,
    UserError,
    _,
    acknowledge,
    find_meant,
    first_room_of,
    fold_answer,
    items,
    n_,
    rooms,
    shorten_line,
    verbatim,
    words,
)
from commands.announcements import store
from commands.announcements.declaration import ANNOUNCEMENTS, KIND, LASTS, feature
from commands.translations.replies import translate_in_reply

MOST_NAMES = 100
MOST_LISTED = 20
READ_WORDS = words(
    "leído",
    "lido",
    "read",
    "lo leí | já li | i read it",
)
_MORE_REPLIES = ("ok", "sí", "sim", "yes", "visto", "recibido", "recebido", "✓", "👍")
_READ = frozenset(map(fold_answer, READ_WORDS))
_REPLIES = _READ.union(map(fold_answer, _MORE_REPLIES))


async def find_announcement(ctx: Context, text: str) -> tuple[Item, str]:
    """Return the announcement that a text begins with by number, or the only one that is open here
    and asks, or is open at all, and the text left over.

    Raises `MissingArgument` if none is clear, and `UserError` for a number that is none.
    """
    open_in = (store.asking_in, store.numbers_in)
    try:
        return await find_meant(ctx, text, KIND, open_in=open_in, label=_("the number"))
    except UserError as refused:
        raise UserError(refused.lines[0], _("The announcements: `!announcements`")) from None


feature.wants_line = lambda text: fold_answer(text) in _READ
feature.listens_within_room = True


@feature.on(Message)
async def note_unaddressed(ctx: Context, _message: Message) -> Answer:
    """Note that who writes `read` alone has read the only announcement of the room that asks.

    Return None for other text.
    """
    if ctx.is_private or ctx.origin.reply_to or fold_answer(ctx.text) not in _READ:
        return None
    asking = await store.asking_in(ctx.db, ctx.room)
    only = await items.get(ctx.db, asking[0]) if len(asking) == 1 else None
    return await _note(ctx, only) if only is not None else None


@feature.command(
    READ_WORDS,
    help=_("say that you have read an announcement"),
    example=_("For example: `!read {number}`", number=57),
    topic=ANNOUNCEMENTS,
    does=ItemAccess.COUNTS,
    reach=Reach.ROOM,
    of=(KIND,),
    bare=Bare.NUMBERED,
)
async def say_read(ctx: Context, item: Annotated[Item, find_announcement]) -> Answer:
    """Note that the person has read an announcement. Raises `UserError` if the item is none."""
    one = await store.get_announcement(ctx.db, item.number)
    if one is None:
        raise _no_announcement(item)
    return await _note(ctx, item)


@feature.reply(KIND, does=ItemAccess.COUNTS, reach=Reach.ROOM)
async def handle_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Note that a person who replies `read` has read the announcement. Return None for any other
    reply."""
    translated = await translate_in_reply(ctx, text)
    if translated is not None:
        return translated
    one = await store.get_announcement(ctx.db, item.number)
    if one is None or not one.asks or fold_answer(text) not in _REPLIES:
        return None
    return await _note(ctx, item)


async def _note(ctx: Context, item: Item) -> Answer:
    room = await first_room_of(ctx, item, ctx.who)
    if room is None:
        raise _no_announcement(item)
    await store.add_reading(ctx.db, item.number, ctx.who, room, ctx.said_at)
    noted = _("Noted: you have read {number}.", number=item.number)
    said = Say((noted,), reply_to=ctx.origin.event, thread=ctx.origin.thread, item=item.number)
    return await acknowledge(ctx, said)


def _no_announcement(item: Item) -> UserError:
    return UserError(_("There is no number {number} here.", number=item.number))


@feature.command(
    words("avisos", "avisos", "announcements"),
    help=_("the announcements here; of one, which rooms have read it and which have not answered"),
    example=_("For example: `!announcements {number}`", number=57),
    topic=ANNOUNCEMENTS,
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    of=(KIND,),
)
async def show_readings(ctx: Context, *, text: Rest = NOTHING) -> Answer:
    """Show who has answered an announcement, room by room; without a number, list the newest.

    Only its author and the moderators of its room read the names of rooms in which they are not.
    """
    if not text.strip() and await ctx.replied_item(KIND) is None:
        return await _list_open(ctx)
    item, _rest = await find_announcement(ctx, text)
    one = await store.get_announcement(ctx.db, item.number)
    if one is None:
        raise _no_announcement(item)
    counts = await store.count_readings(ctx.db, item.number)
    people = sum(counts.values())
    lines = [
        _("Announcement {number}: {title}", number=item.number, title=shorten_line(item.title)),
        _("Since {moment}", moment=Moment(item.at)),
    ]
    if one.asks or people:
        lines += [_reading_line(item, people, len(set(counts).intersection(item.rooms)))]
        if item.others:
            silent = [room for room in item.rooms if room not in counts]
            lines += await _silent_lines(ctx, item, silent)
    return lines if not item.others else Say(tuple(lines), to=ctx.who, item=item.number)


def _reading_line(item: Item, people: int, answered: int) -> Line:
    """Say how many people have read an announcement, and in how many of its rooms, if in many."""
    if not people:
        return _("Nobody has marked it as read yet.")
    if not item.others:
        return n_("{count} person has read it.", "{count} people have read it.", people)
    return n_(
        "{count} person has read it, in {answered} of {all} rooms.",
        "{count} people have read it, in {answered} of {all} rooms.",
        people,
        answered=answered,
        all=len(item.rooms),
    )


async def _silent_lines(ctx: Context, item: Item, silent: list[RoomId]) -> list[Line]:
    """Name the rooms that have not answered; lost ones are counted apart."""
    sees_all = await ctx.may_change(item)
    mine = {room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)}
    named: list[Line] = []
    unnamed = lost = 0
    for place in silent:
        known = await rooms.get(ctx.db, place)
        if known is None or not known.joined:
            lost += 1
        elif (sees_all or place in mine) and len(named) < MOST_NAMES:
            named.append(verbatim(known.name or place))
        else:
            unnamed += 1
    lines: list[Line] = []
    if named:
        lines.append(_("Not read yet in: {names}", names=tuple(named)))
    if unnamed:
        lines.append(n_("and {count} more", "and {count} more", unnamed))
    if lost:
        lines.append(
            n_(
                "I am not in {count} of its rooms any more.",
                "I am not in {count} of its rooms any more.",
                lost,
            )
        )
    return lines


async def _list_open(ctx: Context) -> Answer:
    shared = [room.room for room in await rooms.shared_rooms(ctx.db, ctx.who)]
    places = shared if ctx.is_private else [ctx.room]
    found = {
        one.number: one for place in places for one in await items.open_in(ctx.db, place, KIND)
    }
    if not found:
        return _("No announcement of the last {days} days stands here.", days=LASTS.days)
    return [
        _("Announcement {number}: {title}", number=number, title=shorten_line(found[number].title))
        for number in sorted(found, reverse=True)[:MOST_LISTED]
    ]
