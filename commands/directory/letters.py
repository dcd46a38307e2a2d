"""`!write`: pass a letter on to somebody in the directory, and their answer back."""

from __future__ import annotations

from datetime import timedelta

from bot.api import (
    NOTHING,
    YES_NO,
    Answer,
    Behind,
    CommandPlace,
    Context,
    Effect,
    Item,
    Line,
    MissingArgument,
    Number,
    Person,
    Rest,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    items,
    rooms,
    strip_hidden,
    words,
)
from commands.directory import directory_store, texts, visibility
from commands.directory.declaration import DIRECTORY, LETTER_KIND, feature
from commands.directory.directory_store import DirectoryEntry, DirectoryLetter

LIMIT_PERIOD = timedelta(days=1)
KEPT_FOR = timedelta(days=90)
MOST_A_DAY = 5
LONGEST_LETTER = 1500
_WAITS = _("Your letter is there, and not answered yet. I pass on one at a time.")


@feature.command(
    words("escribir", "escrever", "write", "escribir a, carta | escrever para, carta | write to"),
    help=_("a letter to somebody in the directory who gives no address; I pass it on"),
    example=_("For example: `!write {number} May I ask you about the river?`", number=57),
    topic=DIRECTORY,
    where=CommandPlace.PRIVATE,
    behind=Behind.TEXT,
)
async def write(ctx: Context, number: visibility.LetterNumber, *, said: Rest = NOTHING) -> Answer:
    """Write a letter to a directory entry by its number, or answer a letter by the letter's number.
    Return the answer."""
    letter = await directory_store.get_letter(ctx.db, number)
    if letter is not None and ctx.who in (letter.sender, letter.owner):
        return await _answer_letter(ctx, letter, said)
    entry = await directory_store.get_entry(ctx.db, number)
    if entry is None or not await visibility.may_see(ctx, entry, ctx.who):
        raise visibility.unknown_entry(number)
    return await _first_letter(ctx, entry, said)


@feature.reply("letter")
async def handle_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Pass a reply to a letter on as the answer to it, after a confirmation. Return what to say, if
    anything."""
    letter = await directory_store.get_letter(ctx.db, item.number)
    if letter is None or ctx.who not in (letter.sender, letter.owner) or not ctx.is_private:
        return None
    return await _answer_letter(ctx, letter, text)


# --- the first letter -----------------------------------------------------------------------------


async def _first_letter(ctx: Context, entry: DirectoryEntry, said: str) -> Answer:
    await _require_may_write(ctx, entry)
    said = _checked_text(said)
    _require_yes(
        ctx,
        _(
            "I give this to {number}, “{name}”: “{text}”",
            number=entry.item,
            name=texts.entry_name(entry),
            text=said,
        ),
        _(
            "They read your name and address {me}, so that they know who asks.",
            me=Person(ctx.who, full=True),
        ),
    )
    await _delete_old(ctx)
    item = await _new_item(ctx, entry.person)
    await directory_store.add_letter(
        ctx.db, DirectoryLetter(item, entry.item, ctx.who, entry.person, ctx.said_at, "owner")
    )
    lines = (
        _(
            "{person} writes to you because of your entry {number}, “{name}”: “{text}”",
            person=Person(ctx.who, full=True),
            number=entry.item,
            name=texts.entry_name(entry),
            text=said,
        ),
        _("To answer: `!write {number} …`. No more from them: `!block {number}`", number=item),
    )
    passed = Say(lines, to=entry.person, loud=True, item=item)
    return [_("Passed on. If they answer I write to you here."), passed]


async def _new_item(ctx: Context, owner: UserId) -> Number:
    """Create an item that only these two can see: one is its author, the other owns its room."""
    home = ctx.room if ctx.is_private else await rooms.private_room(ctx.db, ctx.who)
    place = home or RoomId(ctx.who)
    return await items.add(ctx.db, feature.name, LETTER_KIND, place, owner, "", ctx.said_at)


async def _require_may_write(ctx: Context, entry: DirectoryEntry) -> None:
    if entry.person == ctx.who:
        raise UserError(_("That is your own entry."))
    if entry.shown:
        raise UserError(
            _(
                "{name} gives an address, please write there: {address}",
                name=texts.entry_name(entry),
                address=entry.shown,
            )
        )
    if await directory_store.has_blocked(ctx.db, entry.person, ctx.who):
        raise UserError(_("I can't pass anything on to this contact for you."))
    before = await directory_store.letter_between(ctx.db, entry.item, ctx.who)
    if before is not None:
        if before.turn == "owner":
            raise UserError(_WAITS)
        raise UserError(_("They answered you. To go on: `!write {number} …`", number=before.item))
    recent = await directory_store.count_letters(ctx.db, ctx.who, ctx.said_at - LIMIT_PERIOD)
    if not ctx.defaults.unlimited and recent >= MOST_A_DAY:
        raise UserError(
            _("You wrote {count} letters in a day; please go on tomorrow.", count=MOST_A_DAY)
        )


async def _delete_old(ctx: Context) -> None:
    """Delete old exchanges: who wrote to whom is not kept."""
    for number in await directory_store.older_letters(ctx.db, ctx.said_at - KEPT_FOR, 50):
        await items.delete(ctx.db, number)


# --- the answer -----------------------------------------------------------------------------------


async def _answer_letter(ctx: Context, letter: DirectoryLetter, said: str) -> Answer:
    entry = await directory_store.get_entry(ctx.db, letter.entry)
    other = letter.other(ctx.who)
    mine = "owner" if ctx.who == letter.owner else "sender"
    if entry is None:
        raise visibility.unknown_entry(letter.item)
    for one, another in ((other, ctx.who), (ctx.who, other)):
        if await directory_store.has_blocked(ctx.db, one, another):
            raise UserError(_("I can't pass anything on to this contact for you."))
    if not await rooms.shares_room(ctx.db, other):
        raise UserError(_("I can't reach them any more."))
    if letter.turn != mine:
        raise UserError(_WAITS)
    said = _checked_text(said)
    _require_yes(ctx, *_confirmation_lines(ctx, entry, letter, said))
    await directory_store.set_turn(
        ctx.db, letter.item, "sender" if mine == "owner" else "owner", ctx.said_at
    )
    return [
        _("Passed on. If they answer I write to you here."),
        _passed_letter(entry, letter, said, mine),
    ]


def _confirmation_lines(
    ctx: Context, entry: DirectoryEntry, letter: DirectoryLetter, said: str
) -> list[Line]:
    if ctx.who == letter.owner:
        to = Person(letter.sender, full=True)
        return [
            _("I give this to {person}: “{text}”", person=to, text=said),
            _("They read “{name}”, not your address.", name=texts.entry_name(entry)),
        ]
    return [
        _(
            "I give this to {number}, “{name}”: “{text}”",
            number=entry.item,
            name=texts.entry_name(entry),
            text=said,
        )
    ]


def _passed_letter(entry: DirectoryEntry, letter: DirectoryLetter, said: str, mine: str) -> Effect:
    who = (
        _("“{name}” answers you: “{text}”", name=texts.entry_name(entry), text=said)
        if mine == "owner"
        else _(
            "{person} answers you, because of your entry {number}: “{text}”",
            person=Person(letter.sender, full=True),
            number=entry.item,
            text=said,
        )
    )
    how = _(
        "To answer: `!write {number} …`. No more from them: `!block {number}`", number=letter.item
    )
    to = letter.sender if mine == "owner" else letter.owner
    return Say((who, how), to=to, loud=True, item=letter.item)


def _require_yes(ctx: Context, *lines: Line) -> None:
    if ctx.ask("sure", YES_NO, *lines, _("Shall I? `yes` or `no`")) != "yes":
        raise UserError(_("I passed nothing on."))


def _checked_text(said: str) -> str:
    text = strip_hidden(said).strip()
    if not text:
        raise MissingArgument("text", _("the number and your words"))
    if len(text) > LONGEST_LETTER:
        raise UserError(_("That is too long: {count} letters at most.", count=LONGEST_LETTER))
    return text
