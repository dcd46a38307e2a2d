"""`on it`: a contact takes care of somebody who did not come back, or says that they can't."""

from __future__ import annotations

from bot.api import (
    TAKE_ON,
    Answer,
    Bare,
    CommandPlace,
    Context,
    ItemAccess,
    Number,
    Person,
    Say,
    UserError,
    _,
    line_about,
    run_line,
    words,
)
from commands.safety import alarm_recall, check_in_store, left_alarms
from commands.safety.check_in_store import CheckIn
from commands.safety.declaration import SAFETY, feature
from commands.safety.spared import check_ins_for, people_told


@feature.command(
    words(
        "me-ocupo",
        "eu-cuido",
        "on-it",
        "yo me ocupo, me ocupo yo | cuido disso, eu cuido disso | i am on it, i'm on it",
    ),
    help=_("you look after somebody who did not come back; the others named hear it"),
    example=_("For example: `!on-it {number}`", number=57),
    topic=SAFETY,
    does=ItemAccess.COUNTS,
    where=CommandPlace.PRIVATE,
    bare=Bare.NUMBERED,
)
async def take_care(ctx: Context, number: int = 0) -> Answer:
    """Store that a contact takes care of the overdue person, and tell the other contacts. Return
    the answer.

    The number of another item means what is taken on by that item's kind.
    """
    if (other := await _other_line(ctx, number)) is not None:
        return await run_line(ctx, other)
    one = await _named_check_in(ctx, Number(number))
    if not one.told and not await left_alarms.have_gone_out(ctx, one):
        return _(
            "It is not time yet: if {who} does not answer, I write to you.",
            who=Person(one.author, full=True),
        )
    if one.taken == ctx.who:
        return _(
            "Noted already. When {who} is back, I tell you.", who=Person(one.author, full=True)
        )
    await check_in_store.set_caretaker(ctx.db, one.item, ctx.who)
    others = [person for person in await people_told(ctx, one) if person != ctx.who]
    mine, theirs = Person(ctx.who, full=True), Person(one.author, full=True)
    said = _("{helper} is looking after {who}.", helper=mine, who=theirs)
    return [
        _("Noted: you are looking after {who}. The others named know it.", who=theirs),
        *[Say((said,), to=person, loud=True, item=one.item) for person in others],
        Say((said,), to=one.author),
    ]


async def _other_line(ctx: Context, number: int) -> str | None:
    """Return the line that takes on what has that number, if it is no check-in of theirs."""
    named = await check_ins_for(ctx, ctx.who)
    if any(number in (0, one.item) for one in named):
        return None
    return await line_about(ctx, TAKE_ON, str(number or ""))


async def decline(ctx: Context, number: Number) -> Answer:
    """Remove the asker as a contact of a check-in, and tell its person at once. Return what to say,
    if anything."""
    one = await _named_check_in(ctx, number)
    await check_in_store.remove_contact(ctx.db, one.item, ctx.who)
    told = await people_told(ctx, one)
    left = tuple(Person(person, full=True) for person in told if person != ctx.who)
    lines = [_("{who} can't be told this time.", who=Person(ctx.who, full=True))]
    lines.append(
        _("I tell: {who}.", who=left)
        if left
        else _("Now nobody would be told! Name somebody: `back-by 22:00 @ana:server.org`")
    )
    said = Say(tuple(lines), to=one.author, loud=True, item=one.item)
    thanks = _("Good that you say so. I tell {who}.", who=Person(one.author, full=True))
    return [thanks, said, await alarm_recall.take_back(ctx, one, (ctx.who,))]


async def _named_check_in(ctx: Context, number: Number) -> CheckIn:
    """Return the check-in meant among those that name the asker. Raises `UserError`, of one whose
    author's call for help leaves them out the same as of one that is over."""
    found = [one for one in await check_ins_for(ctx, ctx.who) if number in (0, one.item)]
    if number == 0 and len(found) > 1:
        lines = [
            _("{number}: {who}", number=one.item, who=Person(one.author, full=True))
            for one in found
        ]
        raise UserError(
            _("Whom do you mean? For example: `on it {number}`", number=found[0].item), *lines
        )
    if not found:
        raise UserError(_("Nobody is waiting for you under that number: it is over, or a mistake."))
    return found[0]
