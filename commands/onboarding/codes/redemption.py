"""Redemption of codes: a typed code brings the person into its area. Guesses are limited."""

from __future__ import annotations

from bot.api import Answer, Context, Line, Message, UserError, _, n_
from commands.onboarding.areas import permissions
from commands.onboarding.areas import store as areas
from commands.onboarding.codes import code_syntax, store
from commands.onboarding.codes.store import Code
from commands.onboarding.declaration import feature, listeners
from commands.onboarding.rules import gate
from commands.onboarding.rules.store import Coming

TRIES = 5
"""How many wrong codes a person may type in an hour."""
TRIES_OF_A_SERVER = 1000
"""How many wrong codes all people of a homeserver may type in an hour."""


def is_code(line: str) -> bool:
    """Tell whether the whole line is a code."""
    return code_syntax.typed(line) is not None


listeners.append(is_code)


@feature.on(Message)
async def heard(ctx: Context, what: Message) -> Answer:
    """Redeem a code that is the whole line, in private.

    In a room it is talk, or a slip that an answer would only point at.
    """
    code = code_syntax.typed(ctx.text)
    return await use(ctx, code) if ctx.private and code else None


async def use(ctx: Context, code: str) -> Answer:
    """Bring the person into the code's area.

    An unknown, expired, used-up and cancelled code all get the same answer, and count as a guess.
    Raises `UserError` if the area has no rooms any more.
    """
    own, near = await store.guesses(ctx.db, ctx.who, ctx.read)
    if own >= TRIES or near >= TRIES_OF_A_SERVER:
        return [_("Those were many tries. In an hour you can try again.")]
    found = await store.find(ctx.db, code_syntax.mark(code))
    opens = found is not None and (
        await _lets_in(ctx, found) or await store.used(ctx.db, found.item, ctx.who)
    )
    if found is None or not opens:
        await store.guessed(ctx.db, ctx.who, ctx.read)
        left = TRIES - own - 1
        return [
            _("That code opens nothing. It may have lapsed: ask who gave it to you."),
            *_left(left),
        ]
    return await _enter(ctx, found)


def misread(typed: str) -> list[Line]:
    """Explain why a line that looks like a code can't be one. It does not count as a guess."""
    return [
        _("No code is written like “{typed}”: it is two times four letters and digits, like"
          " `7K2M-XQ9A`.", typed=typed[:20]),
        _("No code has a zero, a one, an I, L or O. Look once more and write it here."),
    ]  # fmt: skip


async def _lets_in(ctx: Context, code: Code) -> bool:
    if code.card is not None and await store.is_taken(ctx.db, code.card):
        return False
    return await store.is_open(ctx.db, code.item, ctx.now)


def _left(left: int) -> list[Line]:
    if left > 1:
        return []
    return [n_("You have {count} try left in this hour.", "You have {count} tries left in this"
               " hour.", left)]  # fmt: skip


async def _enter(ctx: Context, code: Code) -> Answer:
    area = await areas.named(ctx.db, code.area)
    places = await permissions.rooms_of(ctx, area) if area else []
    if not places:
        raise UserError(_("The rooms of this code are gone. Ask who gave it to you."))
    first = await store.use(ctx.db, code, ctx.who)
    await store.known(ctx.db, ctx.who)
    if first:
        for room in places:
            await ctx.log("code_used", {"number": code.item}, room=room.room)
    coming = Coming(
        ctx.who,
        code.area,
        ctx.room,
        code.author,
        code.area,
        tuple(room.room for room in places),
        (),
        ctx.read,
    )
    return [
        _("Welcome to {network}. You come into “{area}”.",
          network=ctx.defaults.network, area=code.area),
        *await gate.come(ctx, coming),
    ]  # fmt: skip
