"""Leave whoever the words of a call for help name out of it: it may be about them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import CALLED_LINES, Allusion, Context, Line, Person, UserId, _, alluded_people
from commands.danger import call_store
from commands.danger.call_store import PanicCall
from commands.danger.declaration import feature, helpers_of


async def leave_out(ctx: Context, one: PanicCall, text: str) -> list[UserId]:
    """Store that a call reaches none of the helpers whom the text names. Return these."""
    helpers = dict.fromkeys([*await helpers_of(ctx, one.author), *one.called])
    named = await named_among(ctx, text, [*helpers])
    await call_store.leave_out(ctx.db, one.item, named)
    if one.taken in named:
        await call_store.set_helper(ctx.db, one.item, None)
    return named


async def named_among(ctx: Context, text: str, people: Sequence[UserId]) -> list[UserId]:
    """Return which of these people the words of a call certainly name, and not to have them
    called."""
    rated = await alluded_people.rate_in_call(ctx, text, people)
    return [one for one, look in rated.items() if look is Allusion.CERTAIN]


async def reachable_helpers(ctx: Context, one: PanicCall) -> list[UserId]:
    """Return whom to call now for an open call for help."""
    out = await call_store.left_out(ctx.db, one.item)
    return [person for person in await helpers_of(ctx, one.author) if person not in out]


def left_out_lines(out: Sequence[UserId], called: Sequence[UserId]) -> list[Line]:
    """Return who is not called as they are named, and that nobody is left if so; else nothing."""
    if not out:
        return []
    lines = [
        _("Not called, as you name them: {who}.", who=tuple(Person(p, full=True) for p in out))
    ]
    if not called:
        lines += [
            _("There is nobody else whom I could call."),
            _("Call somebody you trust, or the emergency number of where you are."),
        ]
    return lines


@feature.offers(CALLED_LINES)
async def called_lines(ctx: Context, text: str) -> list[Line]:
    """Return whom a call with these words would reach, if they name or may name a helper; else
    nothing."""
    helpers = await helpers_of(ctx, ctx.who)
    rated = await alluded_people.rate_in_call(ctx, text, helpers)
    out = [one for one, look in rated.items() if look is Allusion.CERTAIN]
    if all(look is Allusion.NONE for look in rated.values()):
        return []
    called = [one for one in helpers if one not in out]
    lines = left_out_lines(out, called)
    if called:
        lines.append(
            _("With a `yes` I call: {who}.", who=tuple(Person(p, full=True) for p in called))
        )
    return lines
