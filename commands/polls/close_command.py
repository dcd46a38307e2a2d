"""`!close`: end a poll at once, or whatever else has such a number. A later time is offered."""

from __future__ import annotations

from bot.api import (
    ITEM_CLOSE,
    YES_NO,
    Answer,
    Context,
    Item,
    Line,
    Number,
    Reach,
    UserError,
    _,
    run_line,
    words,
)
from commands.ballot_secrecy import ballot_texts
from commands.poll_book import poll_store, requested_proposals, texts
from commands.poll_book.poll import Poll
from commands.poll_book.poll_lookup import find_named_poll, find_other
from commands.poll_lines.closing_words import LaterTime, means_replied, split_time
from commands.polls import poll_end
from commands.polls.declaration import DECISIONS, feature

_SHOWN_LETTERS = 60


def _closing_refusal(number: Number, later: LaterTime, *more: Line) -> UserError:
    """Return the refusal to close something at a later time; `more` is said in between."""
    now = _("To close it now: `!close {number}`", number=number)
    if not later.is_read:
        words = later.words[:_SHOWN_LETTERS]
        return UserError(_("I closed nothing: I didn't understand “{words}”.", words=words), now)
    return UserError(_("I closed nothing: `!close` closes at once, not later."), *more, now)


async def _end_refusal(ctx: Context, poll: Poll, later: LaterTime) -> Line | None:
    """Return why the poll can't end at that time, or how it gets an end, or None if it can."""
    if await requested_proposals.change_refusal(ctx.db, poll.number) is not None:
        return texts.end_line(poll)
    if poll.closes is not None and (later.at is None or later.at <= poll.closes):
        return _("{end} An earlier end can't be set.", end=texts.end_line(poll))
    if later.words and later.is_read:
        return None
    return _("For an end: `!extend {number} until tomorrow 18:00`", number=poll.number)


@feature.command(  # Other kinds of items are closed by it too, by their own words.
    words("cerrar", "encerrar", "close", "terminar, cierra | fechar, terminar, fecha, encerra |"),
    help=_("close a poll now"),
    example=_("For example: `!close {number}`", number=12),
    topic=DECISIONS,
    reach=Reach.ROOM,
)
async def close_poll(ctx: Context, *, text: str = "") -> Answer:
    """Close a poll now; say so if it has ended already. Numbers of other things that end are passed
    on. Return the answer.

    Raises `UserError` unless the asker is its author or moderates its room, and while it must stay
    open. Asks whether it shall end at a later time, where one is named.
    """
    is_title = await ctx.item_called(text, "poll") is not None
    text, later = split_time(ctx, text, is_title=is_title)
    if (other := await find_other(ctx, text)) is not None:
        if not await _is_meant(ctx, other, text):
            raise _closing_refusal(other.number, LaterTime(text.strip(), is_read=False))
        for close in ctx.registry.offers(ITEM_CLOSE.of(other.kind)):
            if later is not None:
                raise _closing_refusal(other.number, later)
            return await close(ctx, ctx.answer_privately_about(other))
    item = await find_named_poll(ctx, text)
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.ended:
        return texts.already_over_line(poll)
    await _require_may_close(ctx, item, poll)
    if later is not None:
        return await _end_later(ctx, poll, later)
    await poll_end.log_moderator_act(ctx, item, "closed")
    effects = await poll_end.finish_poll(ctx, item, poll_end.end_by_hand(ctx, poll))
    if item.room == ctx.room:
        return effects
    return [_("Poll {number} is closed.", number=item.number), *effects]


async def _require_may_close(ctx: Context, item: Item, poll: Poll) -> None:
    """Raise `UserError` unless the asker is the poll's author or moderates its room, and while it
    must stay open."""
    if not await poll_end.may_close(ctx, item):
        ends = [] if poll.closes is None else [texts.end_line(poll)]  # which else names `!close`
        own = [] if poll.rule.secret else [_("Your vote: `!vote {number} 1`", number=item.number)]
        raise UserError(poll_end.close_refusal(item.number), *ends, *own)
    if poll_end.closes_too_early(poll, ctx):
        raise UserError(*ballot_texts.too_early_lines(poll))
    if await requested_proposals.is_too_early(ctx.db, poll):
        by_itself = _(
            "What comes out of proposal {number} is carried out by itself, so it stays"
            " open for everybody.",
            number=item.number,
        )
        raise UserError(
            await requested_proposals.change_refusal(ctx.db, item.number) or by_itself,
            texts.end_line(poll),
        )


async def _is_meant(ctx: Context, replied: Item, text: str) -> bool:
    """Return whether the words mean what the line replies to, by its title too.

    `!cerrar la puerta` may be talk, whatever it replies to.
    """
    if means_replied(text):
        return True
    called = await ctx.item_called(text, replied.kind)
    return called is not None and called[0].number == replied.number


async def _end_later(ctx: Context, poll: Poll, later: LaterTime) -> Answer:
    """Ask whether the poll shall end at the time that stands behind its number, and do so.

    Raises `UserError` for a time that it can't be given, and for words that may be a condition.
    """
    if (refusal := await _end_refusal(ctx, poll, later)) is not None:
        raise _closing_refusal(poll.number, later, refusal)
    answer = ctx.ask(
        "later",
        YES_NO,
        _("I closed nothing yet: `!close` closes at once, not later."),
        _("Shall it end then: {words}? `yes` or `no`", words=later.words),
        _("To close it now: `!close {number}`", number=poll.number),
    )
    if answer != "yes":
        raise UserError(_("I left it as it was."))
    return await run_line(ctx, f"extend {poll.number} {later.words}")
