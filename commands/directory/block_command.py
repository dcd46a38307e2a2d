"""`!block`: refuse letters from somebody."""

from __future__ import annotations

from bot.api import (
    NO_NUMBER,
    Answer,
    CommandPlace,
    Context,
    Line,
    Person,
    TakesBack,
    UserError,
    UserId,
    _,
    words,
)
from commands.directory import directory_store, visibility
from commands.directory.declaration import DIRECTORY, feature


@feature.command(
    words("bloquear", "bloquear", "block", "no más cartas | mais nenhuma carta | no more letters"),
    help=_("no more letters from whoever wrote to you"),
    example=_("For example: `!block {number}`; again: `!block {number} no`", number=57),
    topic=DIRECTORY,
    where=CommandPlace.PRIVATE,
)
async def block(
    ctx: Context, back: TakesBack, number: visibility.LetterNumber = NO_NUMBER
) -> Answer:
    """Block or unblock somebody by the number of a letter (a message passed on by the bot). The
    other side is not told. Return the answer."""
    if number == NO_NUMBER:
        return await _list_blocked(ctx)
    letter = await directory_store.get_letter(ctx.db, number)
    if letter is None or ctx.who not in (letter.owner, letter.sender):
        raise UserError(
            _("There is no letter {number} to you.", number=number),
            _("For example: `!block {number}`; again: `!block {number} no`", number=57),
        )
    other = letter.other(ctx.who)
    shown = (
        _("{person}", person=Person(other, full=True))
        if ctx.who == letter.owner
        else _("contact {number}", number=letter.entry)
    )
    if back:
        await directory_store.remove_block(ctx.db, ctx.who, other)
        return _("I pass letters on to you again: {who}.", who=shown)
    await directory_store.add_block(ctx.db, ctx.who, other)
    return [
        _("I pass nothing more on to you: {who}. They are not told.", who=shown),
        _(
            "Back: `!block {number} no`. If it is more than that: tell the moderators.",
            number=number,
        ),
    ]


async def _list_blocked(ctx: Context) -> Answer:
    return await blocked_lines(ctx, ctx.who) or _("You block nobody.")


async def blocked_lines(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the people whom the person blocks. Contacts who gave no address are only
    counted."""
    letters = await directory_store.letters_of(ctx.db, person)
    contacts = {one.owner for one in letters if one.sender == person}
    found = await directory_store.people_blocked_by(ctx.db, person)
    people = tuple(Person(one, full=True) for one in found if one not in contacts)
    hidden = len(found) - len(people)
    lines = [_("You block: {people}", people=people)] if people else []
    if hidden:
        lines.append(_("You block contacts of the directory: {count}", count=hidden))
    return lines
