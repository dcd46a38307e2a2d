"""`!write`: pass a letter on to somebody in the directory, and their answer back."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Missing,
    Number,
    Person,
    RoomId,
    Say,
    UserError,
    UserId,
    Where,
    _,
    harmless,
    items,
    rooms,
    words,
)
from commands.directory import directory_store, texts, visibility
from commands.directory.declaration import DIRECTORY, LETTER, feature
from commands.directory.directory_store import Entry, Letter

DAY = timedelta(days=1)
KEPT = timedelta(days=90)
MOST_A_DAY = 5
LONGEST = 1500
_WAITS = _("Your letter is there, and not answered yet. I pass on one at a time.")


@feature.command(
    words("escribir", "escrever", "write", "escribir a, carta | escrever para, carta | write to"),
    help=_("a letter to somebody in the directory who gives no address; I pass it on"),
    example=_("For example: `!write {number} May I ask you about the river?`", number=57),
    topic=DIRECTORY,
    where=Where.PRIVATE,
)
async def write(ctx: Context, *, text: str) -> Answer:
    """Write to an entry by its number, or answer a letter by the letter's number."""
    number, said = visibility.number_and_rest(text)
    letter = await directory_store.letter(ctx.db, number)
    if letter is not None and ctx.who in (letter.sender, letter.owner):
        return await _answer(ctx, letter, said)
    entry = await directory_store.get(ctx.db, number)
    if entry is None or not await visibility.may_see(ctx, entry, ctx.who):
        raise visibility.nothing(number)
    return await _first(ctx, entry, said)


@feature.reply("letter")
async def replied(ctx: Context, item: Item, text: str) -> Answer:
    """Treat a reply to a letter as an answer, after a confirmation."""
    letter = await directory_store.letter(ctx.db, item.number)
    if letter is None or ctx.who not in (letter.sender, letter.owner) or not ctx.private:
        return None
    return await _answer(ctx, letter, text)


# --- the first letter -----------------------------------------------------------------------------


async def _first(ctx: Context, entry: Entry, said: str) -> Answer:
    await _may_write(ctx, entry)
    said = _bounded(said)
    _agreed(
        ctx,
        _("I give this to {number}, “{name}”: “{text}”", number=entry.item, name=texts.name(entry),
          text=said),
        _("They read your name and address {me}, so that they know who asks.",
          me=Person(ctx.who, full=True)),
    )  # fmt: skip
    await _tidy(ctx)
    item = await _seen_by_two(ctx, entry.person)
    await directory_store.add_letter(
        ctx.db, Letter(item, entry.item, ctx.who, entry.person, ctx.now, "owner")
    )
    lines = (
        _("{person} writes to you because of your entry {number}, “{name}”: “{text}”",
          person=Person(ctx.who, full=True), number=entry.item, name=texts.name(entry), text=said),
        _("To answer: `!write {number} …`. No more from them: `!block {number}`", number=item),
    )  # fmt: skip
    passed = Say(lines, to=entry.person, loud=True, item=item)
    return [_("Passed on. If they answer I write to you here."), passed]


async def _seen_by_two(ctx: Context, owner: UserId) -> Number:
    """Create an item that only these two can see: one is its author, the other owns its room."""
    home = ctx.room if ctx.private else await rooms.private_room(ctx.db, ctx.who)
    place = home or RoomId(ctx.who)
    return await items.add(ctx.db, feature.name, LETTER, place, owner, "", ctx.now)


async def _may_write(ctx: Context, entry: Entry) -> None:
    if entry.person == ctx.who:
        raise UserError(_("That is your own entry."))
    if entry.shown:
        raise UserError(
            _("{name} gives an address, please write there: {address}", name=texts.name(entry),
              address=entry.shown)
        )  # fmt: skip
    if await directory_store.blocks(ctx.db, entry.person, ctx.who):
        raise UserError(_("I can't pass anything on to this contact for you."))
    before = await directory_store.between(ctx.db, entry.item, ctx.who)
    if before is not None:
        if before.turn == "owner":
            raise UserError(_WAITS)
        raise UserError(_("They answered you. To go on: `!write {number} …`", number=before.item))
    recent = await directory_store.count_since(ctx.db, ctx.who, ctx.now - DAY)
    if not ctx.defaults.unlimited and recent >= MOST_A_DAY:
        raise UserError(
            _("You wrote {count} letters in a day; please go on tomorrow.", count=MOST_A_DAY)
        )


async def _tidy(ctx: Context) -> None:
    """Delete old exchanges: who wrote to whom is not kept."""
    for number in await directory_store.older(ctx.db, ctx.now - KEPT, 50):
        await items.drop(ctx.db, number)


# --- the answer -----------------------------------------------------------------------------------


async def _answer(ctx: Context, letter: Letter, said: str) -> Answer:
    entry = await directory_store.get(ctx.db, letter.entry)
    other = letter.other(ctx.who)
    mine = "owner" if ctx.who == letter.owner else "sender"
    if entry is None:
        raise visibility.nothing(letter.item)
    for one, another in ((other, ctx.who), (ctx.who, other)):
        if await directory_store.blocks(ctx.db, one, another):
            raise UserError(_("I can't pass anything on to this contact for you."))
    if not await rooms.shares_room(ctx.db, other):
        raise UserError(_("I can't reach them any more."))
    if letter.turn != mine:
        raise UserError(_WAITS)
    said = _bounded(said)
    _agreed(ctx, *_asked(ctx, entry, letter, said))
    await directory_store.turn(
        ctx.db, letter.item, "sender" if mine == "owner" else "owner", ctx.now
    )
    return [_("Passed on. If they answer I write to you here."), _passed(entry, letter, said, mine)]


def _asked(ctx: Context, entry: Entry, letter: Letter, said: str) -> list[Line]:
    if ctx.who == letter.owner:
        to = Person(letter.sender, full=True)
        return [
            _("I give this to {person}: “{text}”", person=to, text=said),
            _("They read “{name}”, not your address.", name=texts.name(entry)),
        ]
    return [_("I give this to {number}, “{name}”: “{text}”", number=entry.item,
              name=texts.name(entry), text=said)]  # fmt: skip


def _passed(entry: Entry, letter: Letter, said: str, mine: str) -> Effect:
    who = (
        _("“{name}” answers you: “{text}”", name=texts.name(entry), text=said)
        if mine == "owner"
        else _("{person} answers you, because of your entry {number}: “{text}”",
               person=Person(letter.sender, full=True), number=entry.item, text=said)
    )  # fmt: skip
    how = _("To answer: `!write {number} …`. No more from them: `!block {number}`",
            number=letter.item)  # fmt: skip
    to = letter.sender if mine == "owner" else letter.owner
    return Say((who, how), to=to, loud=True, item=letter.item)


def _agreed(ctx: Context, *lines: Line) -> None:
    if ctx.ask("sure", YES_NO, *lines, _("Shall I? `yes` or `no`")) != "yes":
        raise UserError(_("I passed nothing on."))


def _bounded(said: str) -> str:
    text = harmless(said).strip()
    if not text:
        raise Missing("text", _("the number and your words"))
    if len(text) > LONGEST:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST))
    return text
