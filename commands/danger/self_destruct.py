"""`!self-destruct`: two moderators, or a code on paper, destroy the keys and stop the bot."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Effect,
    Job,
    Line,
    Moment,
    Person,
    Say,
    UserError,
    UserId,
    _,
    fold_answer,
    rooms,
    schedule_destruction,
    verbatim,
    words,
)
from commands.danger import paper_codes
from commands.danger.declaration import CODE_JOB, SAFETY, WISH_JOB, feature

SECOND_WITHIN = timedelta(minutes=10)
CODE_WAITS = timedelta(hours=72)
"""How long a new code can be stopped before it takes effect by itself."""
REQUEST_LIFETIME = timedelta(days=1)
"""Oldest request that counts, however late its answer is read."""
_CODE_VOID = _("The new code for self-destruction never holds: who made it moderates no more.")
_CODE_WORDS = frozenset(
    {"codigo", "code", "papel", "paper", "codigo nuevo", "codigo novo", "new code"}
)
_CONFIRM_WORDS = frozenset({"confirmar", "confirmo", "confirm"})
_STOP_WORDS = frozenset({"parar", "para", "detener", "anular", "stop"})
_NO_WORDS = frozenset({"no", "nao", "cancelar", "cancel"})


@feature.command(  # A code from paper is typed with any signs between its groups.
    words("autodestruir", "autodestruir", "self-destruct"),
    help=_("destroys the network's keys and stops the bot: two moderators, or a code from paper"),
    example=_("For example: `!self-destruct`. A code for the paper: `!self-destruct code`"),
    topic=SAFETY,
    where=CommandPlace.PRIVATE,
    urgent=True,
)
async def request_destruction(ctx: Context, *, text: str = "") -> Answer:
    """Destroy the keys with a self-destruct code, or with a second moderator; or manage the code.
    Return the answer.

    Raises `UserError` for whoever has no code and is no moderator. A wrong code is counted, and so
    raises nothing, until there were too many.
    """
    if paper_codes.has_code_form(text):
        return await _destroy_by_code(ctx, text)
    if ctx.who not in ctx.defaults.moderators:
        raise UserError(
            _("That is for the network's moderators, or for whoever has the code from paper."),
            _("With the code: `self-destruct XXXX-XXXX-XXXX-XXXX-XXXX`"),
        )
    for said, act in _SUBCOMMANDS:
        if fold_answer(text) in said:
            return await act(ctx)
    if text.strip():
        raise UserError(_("That is not a code from paper. For two people: `self-destruct` alone."))
    first = await _first_requester(ctx)
    return await _record_request(ctx) if first is None else await _destroy_together(ctx, first)


def _tell_others(ctx: Context, *lines: Line) -> list[Say]:
    return [Say(lines, to=one, loud=True) for one in _other_moderators(ctx)]


def _other_moderators(ctx: Context) -> list[UserId]:
    return sorted(ctx.defaults.moderators - {ctx.who})


def _explanation() -> Line:
    return _(
        "This destroys the network's keys and stops me: nobody can read what I kept any more."
        " It comes back only with a backup and its key."
    )


async def _destroy_by_code(ctx: Context, text: str) -> Answer:
    """Check a typed code. A wrong one is counted, so it is not raised: that would undo the
    count."""
    if not await rooms.shares_room(ctx.db, ctx.who):
        raise UserError(_("That is not the code. Nothing was destroyed."))
    before = await paper_codes.count_wrong_codes(ctx.db, ctx.who, ctx.now)
    if before >= paper_codes.MOST_WRONG_CODES:
        raise UserError(
            _("Too many codes that were not it: wait an hour. Nothing was destroyed."),
            _("Without a code: two of the network's moderators write `self-destruct`."),
        )
    if await paper_codes.is_valid(ctx.db, text):
        return await _destroy(ctx)
    await paper_codes.record_wrong_code(ctx.db, ctx.who, ctx.now)
    told = _(
        "{who} typed a code for self-destruction that is not it. Nothing was destroyed.",
        who=Person(ctx.who, full=True),
    )
    return [
        _("That is not the code. Nothing was destroyed."),
        *_tell_others(ctx, told),
    ]


# --- a code for the paper -------------------------------------------------------------------------


async def _create_code(ctx: Context) -> Answer:
    """Make a code that waits: one moderator alone must not be able to end everything (decision
    0028)."""
    ctx.confirm(
        _(
            "I make a new code and show it once. Whoever in a room with me has it can destroy the"
            " network's keys alone, once it holds."
        ),
        _(
            "It holds when another moderator of the network confirms it, or in 3 days if nobody"
            " stops it. Until then the code from before holds, if there is one."
        ),
    )
    due = ctx.now if ctx.defaults.practice else ctx.now + CODE_WAITS
    code = await paper_codes.make_code(ctx.db, ctx.who, due)
    if ctx.defaults.practice:
        await paper_codes.activate_code(ctx.db)
    await ctx.schedule(CODE_JOB, due)
    return [
        _("Write this on paper now, then delete this message: {code}", code=verbatim(code)),
        _("It is used so: `self-destruct {code}`", code=verbatim(code)),
        _("It holds from {moment}, or once another moderator confirms it.", moment=Moment(due)),
        *_tell_others(ctx, *_new_code_lines(paper_codes.NewCode(ctx.who, due))),
    ]


def _new_code_lines(new: paper_codes.NewCode) -> tuple[Line, ...]:
    return (
        _("{who} made a new code for self-destruction.", who=Person(new.maker, full=True)),
        _(
            "It holds from {moment}. To let it hold now: `self-destruct confirm`",
            moment=Moment(new.due),
        ),
        _("If it should not: `self-destruct stop`, and ask them by another way than Matrix."),
    )


async def _confirm_code(ctx: Context) -> Answer:
    """Put the new code in force, if another moderator made it. Raises `UserError`."""
    new = await paper_codes.waiting_code(ctx.db)
    if new is None:
        raise UserError(_("No new code is waiting."), _("To make one: `self-destruct code`"))
    if new.maker not in ctx.defaults.moderators:
        raise UserError(_CODE_VOID)
    if new.maker == ctx.who:
        raise UserError(
            _("You made it yourself: another moderator of the network confirms it."),
            _("Without that it holds from {moment}.", moment=Moment(new.due)),
        )
    ctx.confirm(
        _(
            "{who} made a code with which one person can destroy the network's keys.",
            who=Person(new.maker, full=True),
        ),
        _("Did they tell you so themselves, by another way than Matrix?"),
    )
    await paper_codes.activate_code(ctx.db)
    said = _(
        "{who} confirmed the new code for self-destruction: it holds now, the one before not.",
        who=Person(ctx.who, full=True),
    )
    return [_("The new code holds now, the one before does not."), *_tell_others(ctx, said)]


async def _stop_code(ctx: Context) -> Answer:
    new = await paper_codes.waiting_code(ctx.db)
    if new is None:
        raise UserError(_("No new code is waiting, so there is nothing to stop."))
    await paper_codes.delete_waiting_code(ctx.db)
    said = _(
        "{who} stopped the new code for self-destruction: it never holds.",
        who=Person(ctx.who, full=True),
    )
    return [
        _("The new code never holds. If there was one before, that still does."),
        *_tell_others(ctx, said),
    ]


@feature.runs(CODE_JOB)
async def activate_due_code(ctx: Context, _job: Job) -> list[Effect]:
    """Let a new self-destruct code take effect at its time, and tell the network's moderators. The
    code is deleted instead if its maker is no moderator any more. Return what to send."""
    new = await paper_codes.waiting_code(ctx.db)
    if new is None or new.due > ctx.now:
        return []
    if new.maker not in ctx.defaults.moderators:
        await paper_codes.delete_waiting_code(ctx.db)
        said = _CODE_VOID
    else:
        await paper_codes.activate_code(ctx.db)
        said = _("The new code for self-destruction holds now; nobody stopped it in 3 days.")
    return [Say((said,), to=one, loud=True) for one in sorted(ctx.defaults.moderators)]


async def void_requests(ctx: Context) -> list[Effect]:
    """Delete, after a restored backup, the waiting self-destruct code and requests: they may have
    been stopped since the copy. Return what to send."""
    await ctx.db.run("DELETE FROM danger_wish")
    if await paper_codes.waiting_code(ctx.db) is None:
        return []
    await paper_codes.delete_waiting_code(ctx.db)
    said = (
        _("A new code for self-destruction waited when the copy was made: it never holds."),
        _("Whoever wrote it down makes another one: `self-destruct code`"),
    )
    return [Say(said, to=one, loud=True) for one in sorted(ctx.defaults.moderators)]


# --- two people -----------------------------------------------------------------------------------


async def _first_requester(ctx: Context) -> UserId | None:
    """Return who else asked for it within ten minutes, by message times.

    A server can date a message back, so `delete_old_requests` also deletes them by our clock.
    """
    since = max(ctx.said_at - SECOND_WITHIN, ctx.now - REQUEST_LIFETIME).timestamp()
    rows = await ctx.db.all("SELECT person FROM danger_wish WHERE at >= ? ORDER BY at DESC", since)
    people = [UserId(row["person"]) for row in rows]
    return next((one for one in people if one in _other_moderators(ctx)), None)


async def _record_request(ctx: Context) -> Answer:
    at: datetime = min(ctx.said_at, ctx.now)
    await ctx.schedule(WISH_JOB, ctx.now + SECOND_WITHIN)
    await ctx.db.run("INSERT OR REPLACE INTO danger_wish VALUES (?, ?)", ctx.who, at.timestamp())
    me = Person(ctx.who, full=True)
    told: list[Line | Effect] = [
        Say(
            (
                _("{who} asks to destroy the network's keys and to stop me.", who=me),
                _(
                    "If you want it too, write `self-destruct` within 10 minutes. If not, write"
                    " nothing, and ask them."
                ),
            ),
            to=one,
            loud=True,
        )
        for one in _other_moderators(ctx)
    ]
    return [
        _explanation(),
        _(
            "To go on: the code from paper, or another moderator of the network writes"
            " `self-destruct` within 10 minutes. To take it back: `self-destruct no`"
        ),
        *told,
    ]


@feature.runs(WISH_JOB)
async def delete_old_requests(ctx: Context, _job: Job) -> None:
    """Delete requests to self-destruct that no second moderator confirmed within `SECOND_WITHIN`.

    Jobs run after earlier messages are read, so no second moderator comes too late because of the
    bot.
    """
    before = (ctx.now - SECOND_WITHIN).timestamp()
    await ctx.db.run("DELETE FROM danger_wish WHERE at <= ?", before)


async def _destroy_together(ctx: Context, first: UserId) -> Answer:
    ctx.confirm(
        _("{who} asked for it already: your yes does it at once.", who=Person(first, full=True)),
        _explanation(),
        final=True,
    )
    return await _destroy(ctx)


async def _withdraw_request(ctx: Context) -> Answer:
    await ctx.db.run("DELETE FROM danger_wish WHERE person = ?", ctx.who)
    said = _("{who} took it back: nothing is destroyed.", who=Person(ctx.who, full=True))
    return [
        _("Taken back. Nothing is destroyed."),
        *_tell_others(ctx, said),
    ]


_SUBCOMMANDS = (
    (_CODE_WORDS, _create_code),
    (_CONFIRM_WORDS, _confirm_code),
    (_STOP_WORDS, _stop_code),
    (_NO_WORDS, _withdraw_request),
)


async def _destroy(ctx: Context) -> Answer:
    await schedule_destruction(ctx)
    said = _(
        "The network's keys are being destroyed, as {who} asked. I end here.",
        who=Person(ctx.who, full=True),
    )
    return [
        _("I destroy the keys now and end. What I kept is noise from here on."),
        *_tell_others(ctx, said),
    ]
