"""Votes: by tapping, by replying, or by writing."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Item,
    Line,
    Membership,
    PollVote,
    Redaction,
    Say,
    UserError,
    UserId,
    _,
    items,
    rooms,
    words,
)
from commands.polls import late, rules, say, store, which
from commands.polls.base import DECISIONS, feature
from commands.polls.store import Poll


@feature.command(
    words("votar", "votar", "vote", "voto, vota"),
    help=_("vote by the number of the option"),
    example=_("For example: `!vote {number} 2`", number=12),
    topic=DECISIONS,
)
async def vote(ctx: Context, *, text: str = "") -> Answer:
    """A typed vote, by number or by the option's own words."""
    replied = await ctx.replied("poll")
    takes = (await store.get(ctx.db, replied.number)).most if replied else 1
    if replied is None:
        await which.hint(ctx, text)
    item, rest = await which.meant(ctx, text, takes)
    poll = await store.get(ctx.db, item.number)
    if not rest.strip():
        raise UserError(
            _("Missing: the option. For example: `!vote {number} 1`", number=item.number),
            *say.numbered(poll),
        )
    answer = await _typed(ctx, item, poll, rest)
    if answer is None:
        raise UserError(
            _("I know no option “{words}” in poll {number}.", words=rest[:60], number=item.number),
            *say.numbered(poll),
            _("For example: `!vote {number} 1`", number=item.number),
        )
    return answer


@feature.reply("poll")
async def replied(ctx: Context, item: Item, text: str) -> Answer:
    """A bare `2` or an option's words in reply to the poll; else it is talk."""
    poll = await store.get(ctx.db, item.number)
    said = rules.bare(text)
    if said in rules.NOTHING - {"0"} and said not in map(rules.bare, poll.labels):
        return None
    for meant in rules.ways(text):
        counted = rules.without_number(meant, item.number, poll.most, len(poll.options))
        answer = await _typed(ctx, item, poll, counted)
        if answer is not None:
            return answer
    return None


async def _typed(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    choice = rules.typed(text, poll.labels, poll.most)
    if choice is None:
        return None
    refused = late.refusal(poll, ctx)
    if refused is not None:
        return refused
    if not await joined(ctx, item, ctx.who):
        raise UserError(_("You can't vote in {number}: its room does it.", number=item.number))
    if choice.unknown is not None:
        return _about(ctx, item, *say.unknown(poll, choice.unknown))
    if choice.too_many:
        return _about(ctx, item, *say.too_many(poll))
    await store.respond(
        ctx.db,
        item.number,
        ctx.who,
        choice.places,
        ctx.now,
        late=ctx.origin.late or poll.ended is not None,
    )
    if poll.ended is None:
        return _about(ctx, item, _noted(poll, choice.places))
    await late.counted(ctx, item)
    return _about(ctx, item, late.noted(poll, choice.places))


def _about(ctx: Context, item: Item, *lines: Line) -> Say:
    """An answer to a vote: a vote in reply to it counts too, as one in reply to the poll."""
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=item.number)


def _noted(poll: Poll, places: tuple[int, ...]) -> Line:
    if not places:
        return _("Noted: no vote. It can be changed until the poll closes.")
    chosen = tuple(poll.labels[place - 1] for place in places)
    return _("Noted: {chosen}. It can be changed until the poll closes.", chosen=chosen)


@feature.on(PollVote)
async def tapped(ctx: Context, tap: PollVote, item: Item) -> Answer:
    """A native vote: counted without a word. One that came too late is told so, once a poll."""
    poll = await store.get(ctx.db, item.number)
    if not await joined(ctx, item, tap.sender):
        return ()
    refused = late.refusal(poll, ctx)
    if refused is not None:
        first = await store.first_telling(ctx.db, item.number, tap.sender)
        return Say((refused,), to=tap.sender) if first else ()
    places = rules.tapped(tap.answers, len(poll.options), poll.most)
    await store.respond(
        ctx.db,
        item.number,
        tap.sender,
        places,
        tap.at,
        event=tap.event,
        stamp=tap.stamp,
        late=tap.late or poll.ended is not None,
    )
    if poll.ended is not None:
        await late.counted(ctx, item)
    return ()


@feature.on(Redaction)
async def redacted(ctx: Context, redaction: Redaction) -> Answer:
    """A tap that was taken away: the vote before it counts again (MSC3381)."""
    found = await store.response(ctx.db, redaction.target)
    # Only the voter takes a vote back; who moderates cannot make one disappear.
    if found is None or found[1] != redaction.sender:
        return None
    number, person = found
    poll, item = await store.get(ctx.db, number), await items.get(ctx.db, number)
    if item is None or late.refusal(poll, ctx) is not None:
        return None
    await store.take_back(ctx.db, redaction.target, number, person)
    if poll.ended is not None:
        await late.counted(ctx, item)
    return None


async def joined(ctx: Context, item: Item, person: UserId) -> bool:
    return await rooms.membership(ctx.db, item.room, person) is Membership.JOIN
