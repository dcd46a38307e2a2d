"""Services of the time bank feature: cancelling, and a person's data."""

from __future__ import annotations

from bot.api import (
    CANCEL,
    EXPORT_PERSON,
    FORGET,
    ITEM_READERS,
    Answer,
    Context,
    Item,
    Line,
    Person,
    UserError,
    UserId,
    _,
    items,
    n_,
)
from commands.timebank import confirmation, texts, transfer_store
from commands.timebank.declaration import feature

feature.rows("timebank_transfer", person=("giver", "taker"), text="what", on_forget="code")
feature.rows("timebank_account", person="person", on_forget="code")
for table in ("timebank_transfer", "timebank_account"):  # an account of hours can't be cut
    feature.at_split(table, "stays")

MOST_TRANSFERS = 10_000


@feature.offers(CANCEL.of("hours"))
async def cancel_transfer(ctx: Context, item: Item) -> Answer:
    """Cancel an unconfirmed transfer of hours and tell the other person. Return what to say, if
    anything.

    Raises `UserError` for one of other people and for a confirmed one, which only a new transfer
    gives back.
    """
    one = await transfer_store.get_transfer(ctx.db, item.number)
    if one is None or ctx.who not in (one.giver, one.taker):
        raise UserError(_("There is no number {number} here.", number=item.number))
    if one.counts:
        raise UserError(
            _("Number {number} counts: both confirmed it.", number=item.number),
            _("To undo it, the one who got the hours gives them back: `!hours`"),
        )
    await ctx.cancel_jobs(one.item)
    await items.delete(ctx.db, one.item)
    line = _(
        "Number {number} is taken back by {person}: it does not count.",
        number=one.item,
        person=Person(ctx.who),
    )
    return [
        _("Number {number} is taken back: it does not count.", number=one.item),
        *confirmation.message_to(one.other(ctx.who), line),
    ]


@feature.offers(ITEM_READERS)
async def reader_lines(ctx: Context, item: Item) -> list[Line]:
    """Return a line with the other person of a transfer of hours, for one of the two."""
    one = await transfer_store.get_transfer(ctx.db, item.number)
    if one is None or ctx.who not in (one.giver, one.taker) or not ctx.answers_one_person:
        return []
    return [_("the other person of these hours: {person}", person=Person(one.other(ctx.who)))]


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete a person's unconfirmed transfers of hours. Return lines that say what was deleted.

    Confirmed ones stay without the name, so that the sum stays zero.
    """
    for one in await transfer_store.transfers_of(ctx.db, person, MOST_TRANSFERS, counting=False):
        await ctx.cancel_jobs(one.item)
        await items.delete(ctx.db, one.item)
    changed = await transfer_store.forget_person(ctx.db, person)
    if not changed:
        return []
    return [
        n_(
            "{count} entry of hours (it counts on, without your name)",
            "{count} entries of hours (they count on, without your name)",
            changed,
        )
    ]


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with the person's balance of hours and every transfer from or to them."""
    done = await transfer_store.transfers_of(ctx.db, person, MOST_TRANSFERS, counting=True)
    waiting = await transfer_store.transfers_of(ctx.db, person, MOST_TRANSFERS, counting=False)
    if not done and not waiting:
        return []
    return [
        _(
            "Your balance: {balance}.",
            balance=texts.balance_line(await transfer_store.get_balance(ctx.db, person)),
        ),
        *(_("{number}: {given}", number=one.item, given=texts.transfer_line(one)) for one in done),
        *(
            _("{number}, not confirmed: {given}", number=one.item, given=texts.transfer_line(one))
            for one in waiting
        ),
    ]
