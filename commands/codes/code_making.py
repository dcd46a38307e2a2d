"""Makes a code or a sheet of codes, and what its maker is told and given of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    Moment,
    Number,
    OfferAccounts,
    SendFile,
    UserId,
    _,
    n_,
    words,
)
from commands.codes import accounts, code_syntax, store
from commands.codes.declaration import feature
from commands.onboarding.areas.store import RoomArea

NAME = words("codigo", "codigo", "code")

feature.log_line("code_made", _("made code {number} for the area “{area}”, for {uses} people"))


async def _kept(ctx: Context, area: RoomArea, mark: bytes, uses: int, until: datetime) -> Number:
    number = await ctx.add_item("code", area.name)
    await store.add_code(ctx.db, number, area.name, mark, uses, until)
    for room in area.rooms:
        facts = {"number": number, "area": area.name, "uses": uses}
        await ctx.log("code_made", facts, room=room, undo={"number": number})
    return number


async def _log_accounts(ctx: Context, area: RoomArea, number: Number, uses: int) -> None:
    for room in area.rooms:
        await ctx.log("code_accounts", {"number": number, "uses": uses}, room=room)


async def _offer(
    ctx: Context, area: RoomArea, number: Number, uses: int, until: datetime
) -> OfferAccounts:
    """Return the offer of accounts with a code, and note it in the log of the area's rooms."""
    await _log_accounts(ctx, area, number, uses)
    return await accounts.offer_accounts(ctx, number, uses, until)


async def _offer_for_cards(
    ctx: Context, area: RoomArea, number: Number, cards: Sequence[bytes], until: datetime
) -> list[OfferAccounts]:
    """Return an offer of one account for each card: nobody can use up those of the others."""
    await _log_accounts(ctx, area, number, len(cards))
    return [await accounts.offer_accounts(ctx, number, 1, until, card) for card in cards]


def _account_parts(
    offer: OfferAccounts | None, uses: int, me: UserId, code: str
) -> list[Line | Effect]:
    """Return the offer and the steps to an account, if there is an offer."""
    if offer is None:
        return []
    steps = accounts.step_lines(me, offer.token, code)
    if uses == 1:
        return [offer, *steps]
    warning = _(
        "One person with it can make all {uses} accounts. For one each: `!code press sheet:12 with"
        " account`",
        uses=uses,
    )
    return [offer, *steps, warning]


async def make_sheet(
    ctx: Context, area: RoomArea, cards: int, until: datetime, *, with_account: bool
) -> Answer:
    """Make an invitation code as a sheet of cards, each of which lets in one person. All have one
    number, by which they are closed. Return what to say, with the sheet."""
    codes = [code_syntax.new_code() for _n in range(cards)]
    number = await _kept(ctx, area, code_syntax.hash_code(" ".join(codes)), cards, until)
    marks = [code_syntax.hash_code(one) for one in codes]
    await store.add_cards(ctx.db, number, marks)
    name = NAME.in_language((await ctx.policy_of_person(ctx.who)).language)
    offers = await _offer_for_cards(ctx, area, number, marks, until) if with_account else []
    # Pillow and segno take 5 MiB: they are loaded for the first picture.
    from commands.codes import code_picture

    token, code = _("the longer one of your card"), _("the code of your card")
    return [
        *offers,
        *(accounts.step_lines(ctx.me, token, code) if offers else ()),
        n_(
            "Sheet {number} for “{area}”: {count} code, until {moment}.",
            "Sheet {number} for “{area}”: {count} codes, each for one person, until {moment}.",
            cards,
            number=number,
            area=area.name,
            moment=Moment(until),
        ),
        _(
            "I show them only now. To be printed and cut apart; whoever has one writes it to me in"
            " private: {me}",
            me=ctx.me,
        ),
        _("To take it back: `!cancel {number}`. It stands in `!log`.", number=number),
        SendFile(
            f"{name}-{number}.pdf",
            "application/pdf",
            code_picture.draw_sheet(codes, ctx.me, _steps_of_cards(ctx.me, offers)).data,
            (_("Sheet {number}: {codes}", number=number, codes=_cards_in_words(codes, offers)),),
            to=ctx.who,
        ),
    ]


def _steps_of_cards(me: UserId, offers: Sequence[OfferAccounts]) -> list[Sequence[str]]:
    return [accounts.card_steps(me, offer.token) for offer in offers]


def _cards_in_words(codes: Sequence[str], offers: Sequence[OfferAccounts]) -> tuple[str, ...]:
    """Return the code of each card, with its registration code if it has one."""
    if not offers:
        return tuple(codes)
    return tuple(f"{code} + {offer.token}" for code, offer in zip(codes, offers, strict=True))


async def make_code(
    ctx: Context,
    area: RoomArea,
    uses: int,
    until: datetime,
    *,
    drawn: bool,
    with_account: bool,
) -> Answer:
    """Make an invitation code and return the answer to its maker, with a picture if `drawn`."""
    made = code_syntax.new_code()
    number = await _kept(ctx, area, code_syntax.hash_code(made), uses, until)
    head = _("Code {number} for “{area}”: `{code}`", number=number, area=area.name, code=made)
    offer = await _offer(ctx, area, number, uses, until) if with_account else None
    steps = accounts.card_steps(ctx.me, offer.token) if offer else ()
    return [
        head,
        *_account_parts(offer, uses, ctx.me, made),
        _(
            "For {uses} people, until {moment}. I show it only now.",
            uses=uses,
            moment=Moment(until),
        ),
        *([] if offer else [_where_to_write(ctx.me)]),
        _("To take it back: `!cancel {number}`. It stands in `!log`.", number=number),
        *([await _picture(ctx, number, made, head, steps)] if drawn else []),
    ]


def _where_to_write(me: UserId) -> Line:
    return _(
        "Who has it writes it to me in private: {me}. Their app can find me: {link}",
        me=me,
        link=f"https://matrix.to/#/{me}",
    )


async def _picture(
    ctx: Context, number: Number, made: str, head: Line, steps: Sequence[str]
) -> SendFile:
    """Return the code as a picture with a QR, for a screen or paper at a meeting."""
    from commands.codes import code_picture

    image = code_picture.draw_card(made, ctx.me, steps)
    name = NAME.in_language((await ctx.policy_of_person(ctx.who)).language)
    caption = (
        head,
        _(
            "For a meeting: the QR opens a private talk with {me}; the code is typed there.",
            me=ctx.me,
        ),
    )
    return SendFile(
        f"{name}-{number}.png", "image/png", image.data, caption, image.size, to=ctx.who
    )
