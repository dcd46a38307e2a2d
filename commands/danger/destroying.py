"""`!self-destruct`: the keys are destroyed and the bot ends, by two people or a code from paper."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Effect,
    Line,
    Person,
    Say,
    UserError,
    UserId,
    Where,
    _,
    bare,
    begin_the_end,
    rooms,
    verbatim,
    words,
)
from commands.danger import codes
from commands.danger.base import SAFETY, feature

TOGETHER = timedelta(minutes=10)
_CODE = frozenset({"codigo", "code", "papel", "paper", "codigo nuevo", "codigo novo", "new code"})
_NO = frozenset({"no", "nao", "cancelar", "cancel"})


@feature.command(
    words("autodestruir", "autodestruir", "self-destruct"),
    help=_("destroys the network's keys and stops the bot: two moderators, or a code from paper"),
    example=_("For example: `!self-destruct`. A code for the paper: `!self-destruct code`"),
    topic=SAFETY,
    where=Where.PRIVATE,
    urgent=True,
)
async def self_destruct(ctx: Context, *, text: str = "") -> Answer:
    if codes.is_like(text):
        return await _by_code(ctx, text)
    if ctx.who not in ctx.defaults.moderators:
        raise UserError(
            _("That is for the network's moderators, or for whoever has the code from paper."),
            _("With the code: `self-destruct XXXX-XXXX-XXXX-XXXX-XXXX`"),
        )
    if bare(text) in _CODE:
        return await _new_code(ctx)
    if bare(text) in _NO:
        return await _taken_back(ctx)
    if text.strip():
        raise UserError(_("That is not a code from paper. For two people: `self-destruct` alone."))
    first = await _first(ctx)
    return await _asked(ctx) if first is None else await _together(ctx, first)


def _others(ctx: Context) -> list[UserId]:
    return sorted(ctx.defaults.moderators - {ctx.who})


def _what() -> Line:
    return _("This destroys the network's keys and stops me: nobody can read what I kept any more."
             " It comes back only with a backup and its key.")  # fmt: skip


async def _by_code(ctx: Context, text: str) -> Answer:
    if not await rooms.shares_room(ctx.db, ctx.who) or not await codes.fits(ctx.db, text):
        raise UserError(_("That is not the code. Nothing was destroyed."))
    return await _now(ctx)


async def _new_code(ctx: Context) -> Answer:
    ctx.confirm(
        _("I make a new code and show it once. Whoever in a room with me has it can destroy the"
          " network's keys alone; a code from before is void then.")
    )  # fmt: skip
    code = await codes.make(ctx.db)
    said = _("{who} made a new code for self-destruction.", who=Person(ctx.who, full=True))
    return [
        _("Write this on paper now, then delete this message: {code}", code=verbatim(code)),
        _("It is used so: `self-destruct {code}`", code=verbatim(code)),
        *[Say((said,), to=one, loud=True) for one in _others(ctx)],
    ]


# --- two people -----------------------------------------------------------------------------------


async def _first(ctx: Context) -> UserId | None:
    """Who of the others asked for it within ten minutes, by the times of the messages."""
    since = (ctx.now - TOGETHER).timestamp()
    rows = await ctx.db.all("SELECT person FROM danger_wish WHERE at >= ? ORDER BY at DESC", since)
    people = [UserId(row["person"]) for row in rows]
    return next((one for one in people if one in _others(ctx)), None)


async def _asked(ctx: Context) -> Answer:
    at: datetime = ctx.now
    await ctx.db.run("INSERT OR REPLACE INTO danger_wish VALUES (?, ?)", ctx.who, at.timestamp())
    me = Person(ctx.who, full=True)
    told: list[Line | Effect] = [
        Say(
            (
                _("{who} asks to destroy the network's keys and to stop me.", who=me),
                _("If you want it too, write `self-destruct` within 10 minutes. If not, write"
                  " nothing, and ask them."),
            ),
            to=one,
            loud=True,
        )
        for one in _others(ctx)
    ]  # fmt: skip
    return [
        _what(),
        _("To go on: the code from paper, or another moderator of the network writes"
          " `self-destruct` within 10 minutes. To take it back: `self-destruct no`"),
        *told,
    ]  # fmt: skip


async def _together(ctx: Context, first: UserId) -> Answer:
    ctx.confirm(
        _("{who} asked for it already: your yes does it at once.", who=Person(first, full=True)),
        _what(),
        final=True,
    )
    return await _now(ctx)


async def _taken_back(ctx: Context) -> Answer:
    await ctx.db.run("DELETE FROM danger_wish WHERE person = ?", ctx.who)
    said = _("{who} took it back: nothing is destroyed.", who=Person(ctx.who, full=True))
    return [
        _("Taken back. Nothing is destroyed."),
        *[Say((said,), to=one, loud=True) for one in _others(ctx)],
    ]


async def _now(ctx: Context) -> Answer:
    await begin_the_end(ctx)
    said = _("The network's keys are being destroyed, as {who} asked. I end here.",
             who=Person(ctx.who, full=True))  # fmt: skip
    return [
        _("I destroy the keys now and end. What I kept is noise from here on."),
        *[Say((said,), to=one, loud=True) for one in _others(ctx)],
    ]


async def forget(ctx: Context, person: UserId) -> None:
    await ctx.db.run("DELETE FROM danger_wish WHERE person = ?", person)
