"""`!code press`: make a code that lets people in until a date, for a number of uses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.api import (
    CANCEL,
    Answer,
    CommandPlace,
    Context,
    Item,
    Line,
    Moment,
    NamedArgument,
    Number,
    ParsedArguments,
    Person,
    Switch,
    UnfitValue,
    UserError,
    _,
    items,
    words,
)
from commands.codes import accounts, code_making, code_syntax, redemption, store
from commands.codes.declaration import feature
from commands.expected_lists.list_creation import parse_end
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as area_store
from commands.onboarding.areas.store import RoomArea
from commands.onboarding.declaration import NEWCOMERS

USES, DAYS = 10, timedelta(days=7)
MOST_USES, LONGEST = 300, timedelta(days=90)
MOST_CODES = 20
"""How many open codes one person can have."""
SHOWN = 20
EXAMPLE = _(
    "For example: `!code press`, `!code press uses:30 expires:3d`, `!code press sheet:12` or"
    " `!code press with account`"
)
UNTIL = NamedArgument(
    words("vence", "vence", "expires", "caduca, cierra, validade, expira"),
    joined=("hasta", "até", "until"),
)
TIMES = NamedArgument(words("usos", "usos", "uses", "veces, vezes, times"))
QR = NamedArgument(words("qr", "qr", "qr", "imagen, imagem, picture"))
SHEET = NamedArgument(
    words("hoja", "folha", "sheet", "hojas, tarjetas | folhas, cartões | sheets, cards")
)
_SO_OFTEN = re.compile(
    r"(?: |, ?)(?:(?:para|por|for) )?(\d{1,6})"
    r" ?(?:usos?|veces|vez|vezes|personas?|pessoas?|uses?|times|people)$",
    re.IGNORECASE,
)
_SO_LONG = re.compile(r"(?: |, ?)(?:hasta|até|ate|until) (\S.{0,40})$", re.IGNORECASE)
MOST_CARDS = 60
"""How many cards a printed sheet can have."""
_WITH_QR = re.compile(r"\s(?:con |com |with )?qr$", re.IGNORECASE)
"""“with QR” after the area's name. It is dropped: a code comes with a QR anyway."""


@feature.command(
    words(
        "código",
        "código",
        "code",
        "invitación, enlace, qr | convite, link | invitation",
    ),
    help=_("an invitation code for an area, as a QR too; or type the code that you were given"),
    example=EXAMPLE,
    topic=NEWCOMERS,
    where=CommandPlace.PRIVATE,
    args=(UNTIL, TIMES, QR, SHEET),
)
async def code(ctx: Context, parts: ParsedArguments) -> Answer:
    """Make an invitation code or a sheet of them, list the open ones, or use the one that was
    typed. Return the answer.

    Raises `UserError` for an unknown area, without the right, and for impossible numbers or dates.
    """
    free = parts.free.strip() or " ".join(parts.quoted)
    given = code_syntax.parse_code(free)
    if given is not None:
        return await redemption.redeem_code(ctx, given)
    if not free and not parts.named:
        return await _listed(ctx)
    free, with_account = accounts.split_account(free)
    free, named = _spoken(free, parts.named)
    if not free:
        raise permissions.missing_area(await permissions.visible_areas(ctx))
    area = await _area(ctx, free)
    uses = _uses(named.get(TIMES.key))
    too_late = _("A code lasts 90 days at most. For example: `expires:7d`")
    until = parse_end(ctx, named.get(UNTIL.key), DAYS, LONGEST, too_late)
    drawn, cards = _drawn(named.get(QR.key)), _cards(named.get(SHEET.key))
    if len([one for one in await _mine(ctx) if one.author == ctx.who]) >= MOST_CODES:
        raise UserError(
            _("You have {most} open codes. Take one back first: `!code`", most=MOST_CODES)
        )
    if with_account:
        accounts.require_accounts(ctx, cards or uses)
    if cards:
        return await code_making.make_sheet(ctx, area, cards, until, with_account=with_account)
    return await code_making.make_code(
        ctx, area, uses, until, drawn=drawn, with_account=with_account
    )


def _spoken(free: str, named: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Take uses and end off the text, in any order: `prensa hasta el viernes 3 veces`."""
    found, free = dict(named), " ".join(free.split())
    for key, said in (TIMES.key, _SO_OFTEN), (UNTIL.key, _SO_LONG), (TIMES.key, _SO_OFTEN):
        if key not in found and (match := said.search(free)) is not None:
            found[key], free = match[1], free[: match.start()]
    return free, found


async def _area(ctx: Context, name: str) -> RoomArea:
    found = await permissions.visible_areas(ctx)
    for one in found:
        if area_store.comparison_key(one.name) == area_store.comparison_key(name):
            if await permissions.moderates_any_room(ctx, one):
                return one
            raise UserError(
                _(
                    "You can't make a code for “{area}”: it is for those who moderate its rooms.",
                    area=one.name,
                )
            )
    if asked := _WITH_QR.search(name):
        return await _area(ctx, name[: asked.start()])
    if code_syntax.resembles_code(name):
        raise UserError(*redemption.explain_misread(name))
    raise permissions.unknown_area(name, found)


def _uses(typed: str | None) -> int:
    if typed is None:
        return USES
    match = re.match(r"\s*(\d{1,6})\b", typed)
    if match is None or not 1 <= int(match[1]) <= MOST_USES:
        raise UserError(
            _("How many people may use it? From 1 to {most}: `uses:30`", most=MOST_USES)
        )
    return int(match[1])


def _drawn(typed: str | None) -> bool:
    try:
        return typed is None or Switch().read(typed) == "yes"
    except UnfitValue:
        raise UserError(_("Do you want the picture too? Without it: `!code press qr:no`")) from None


def _cards(typed: str | None) -> int:
    if typed is None:
        return 0
    match = re.match(r"\s*(\d{1,6})\b", typed)
    if match is None or not 1 <= int(match[1]) <= MOST_CARDS:
        raise UserError(
            _("How many cards, each for one person? From 1 to {most}: `sheet:12`", most=MOST_CARDS)
        )
    return int(match[1])


async def _mine(ctx: Context) -> list[store.Code]:
    """Return the open codes that this person made, or of areas where they moderate."""
    found = []
    for one in await store.open_codes(ctx.db, ctx.said_at):
        area = await area_store.find_area(ctx.db, one.area)
        if await permissions.may_manage(ctx, area, one.author):
            found.append(one)
    return found


async def _listed(ctx: Context) -> Answer:
    lines: list[Line] = [
        _(
            "Code {number}, “{area}”: {uses} uses left, until {moment}, made by {person}.",
            number=one.item,
            area=one.area,
            uses=one.uses,
            moment=Moment(one.expires),
            person=Person(one.author),
        )
        for one in (await _mine(ctx))[:SHOWN]
    ]
    if not lines:
        return [_("There is no open code. Were you given one? Write it here."), EXAMPLE]
    return [*lines, EXAMPLE]


feature.log_line("code_over", _("took back code {number}"))


@feature.offers(CANCEL.of("code"))
async def cancel_code(ctx: Context, item: Item) -> Answer:
    """Close an invitation code, so that nobody can use it any more. Who used it stays in. Return
    what to say, if anything.

    Raises `UserError` if it is closed already.
    """
    if not item.open:
        raise UserError(_("Code {number} is taken back already.", number=item.number))
    await items.close(ctx.db, item.number)
    had_accounts = await accounts.end_offer(ctx, item.number)
    found = await store.get_code(ctx.db, item.number)
    area = await area_store.find_area(ctx.db, found.area) if found else None
    for room in area.rooms if area else ():
        await ctx.log("code_over", {"number": item.number}, room=room)
    over = _("Code {number} opens nothing any more.", number=item.number)
    return [over, accounts.STAY] if had_accounts else over


@feature.undo("code_made")
async def undo_code(ctx: Context, kept: Mapping[str, Any]) -> Answer:
    """Close an invitation code, for `!undo`. Any room of its area may do so. Return what to say, if
    anything."""
    number = Number(int(kept["number"]))
    await items.close(ctx.db, number)
    return accounts.STAY if await accounts.end_offer(ctx, number) else None
