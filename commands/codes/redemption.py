"""Redemption of codes: a typed code brings the person into its area. Guesses are limited."""

from __future__ import annotations

from bot.api import Answer, Context, Line, Message, UserError, _, n_
from commands.codes import accounts, code_syntax, store
from commands.codes.declaration import feature
from commands.codes.store import Code
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as area_store
from commands.rules import gate
from commands.rules.store import Admission

TRIES = 5
"""How many wrong codes a person may type in an hour."""
TRIES_PER_SERVER = 1000
"""How many wrong codes all people of a homeserver may type in an hour."""


def is_code(line: str) -> bool:
    """Return whether the whole line has the form of an invitation code."""
    return code_syntax.parse_code(line) is not None


feature.wants_line = is_code
feature.listens_in_private_only = True


@feature.on(Message)
async def redeem_line(ctx: Context, what: Message) -> Answer:
    """Redeem an invitation code that is the whole private line. Return what to say, if anything.

    In a room it is talk, or a slip that an answer would only point at.
    """
    code = code_syntax.parse_code(ctx.text)
    return await redeem_code(ctx, code) if code else None


async def redeem_code(ctx: Context, code: str) -> Answer:
    """Let the person into the area of an invitation code. Return what to say, if anything.

    An unknown, expired, used-up and cancelled code all get the same answer, and count as a guess.
    Raises `UserError` if the area has no rooms any more.
    """
    own, near = await store.count_guesses(ctx.db, ctx.who, ctx.now)
    if own >= TRIES or near >= TRIES_PER_SERVER:
        return [_("Those were many tries. In an hour you can try again.")]
    found = await store.find_code(ctx.db, code_syntax.hash_code(code))
    opens = found is not None and (
        await _is_redeemable(ctx, found) or await store.has_used(ctx.db, found.item, ctx.who)
    )
    if found is None or not opens:
        await store.add_guess(ctx.db, ctx.who, ctx.now)
        left = TRIES - own - 1
        return [
            _("That code opens nothing. It may have lapsed: ask who gave it to you."),
            *_tries_left(left),
        ]
    return await _let_in(ctx, found)


def explain_misread(typed: str) -> list[Line]:
    """Return why a line that looks like an invitation code can't be one. It does not count as a
    guess."""
    return [
        _(
            "No code is written like “{typed}”: it is two times four letters and digits, like"
            " `7K2M-XQ9A`.",
            typed=typed[:20],
        ),
        _("No code has a zero, a one, an I, L or O. Look once more and write it here."),
    ]


async def _is_redeemable(ctx: Context, code: Code) -> bool:
    if code.card is not None and await store.is_card_taken(ctx.db, code.card):
        return False
    return await store.is_code_open(ctx.db, code.item, ctx.said_at)


def _tries_left(left: int) -> list[Line]:
    if left > 1:
        return []
    return [
        n_(
            "You have {count} try left in this hour.",
            "You have {count} tries left in this hour.",
            left,
        )
    ]


feature.log_line("code_used", _("used code {number}"))


async def _let_in(ctx: Context, code: Code) -> Answer:
    area = await area_store.find_area(ctx.db, code.area)
    places = await permissions.rooms_of(ctx, area) if area else []
    if not places:
        raise UserError(_("The rooms of this code are gone. Ask who gave it to you."))
    first = await store.use_code(ctx.db, code, ctx.who)
    await store.take_stranger(ctx.db, ctx.who)
    if code.card is not None:
        await accounts.end_offer(ctx, code.item, code.card)
    if not await store.is_code_open(ctx.db, code.item, ctx.said_at):
        await accounts.end_offer(ctx, code.item)
    if first:
        for room in places:
            await ctx.log("code_used", {"number": code.item}, room=room.room)
    coming = Admission(
        ctx.who,
        code.area,
        ctx.room,
        code.author,
        code.area,
        tuple(room.room for room in places),
        (),
        ctx.now,
    )
    return [
        _(
            "Welcome to {network}. You come into “{area}”.",
            network=ctx.defaults.network,
            area=code.area,
        ),
        *await gate.let_in(ctx, coming),
    ]
