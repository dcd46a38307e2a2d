"""Polls: one question, up to twenty options; people vote by tapping or by writing."""

from __future__ import annotations

from bot.api import (
    Answer,
    Context,
    Edit,
    Effect,
    EndPoll,
    Item,
    Line,
    Parts,
    Ref,
    RoomId,
    Say,
    UserId,
    Where,
    _,
    words,
)
from commands.polls import ending, late, posting, say, store, voters, voting
from commands.polls.base import DECISIONS, feature
from commands.polls.plan import ARGS, EXAMPLE, plan_of
from commands.polls.secret import tool

__all__ = ["ending", "feature", "late", "tool", "voters", "voting"]

# --- opening -------------------------------------------------------------------------------------


@feature.command(
    words("encuesta", "enquete", "poll", "votación, sondeo | votação |"),
    help=_("ask the room a question with options"),
    example=EXAMPLE,
    topic=DECISIONS,
    where=Where.ROOM,
    args=ARGS,
)
async def start(ctx: Context, parts: Parts) -> Answer:
    """Open a poll in the room: a message to reply to, and a native poll to tap."""
    plan = plan_of(ctx, parts)
    room = ctx.target.room if ctx.target else ctx.room
    number = await ctx.new_item("poll", plan.question, room)
    await store.add(
        ctx.db,
        number,
        plan.labels,
        most=plan.most,
        interim=plan.interim,
        closes=plan.closes,
    )
    if plan.closes:
        await ctx.schedule("close", plan.closes, item=number, room=room, zone=ctx.policy.zone)
    thread = ctx.origin.thread if room == ctx.room else None
    effects = posting.opening(await store.get(ctx.db, number), plan.question, room, thread)
    if room == ctx.room:
        return effects
    name = ctx.target.name if ctx.target else room
    return [_("Poll {number} is open in {room}.", number=number, room=name or room), *effects]


# --- for other capabilities ----------------------------------------------------------------------


@feature.service("pending")
async def pending(ctx: Context, room: RoomId) -> list[Line]:
    """Open polls of the room and until when."""
    return [say.pending(*found) for found in await store.open_in(ctx.db, room)]


@feature.service("cancel:poll")
async def cancel(ctx: Context, item: Item) -> Answer:
    """Stop a poll without a result, after asking."""
    poll = await store.get(ctx.db, item.number)
    if poll.ended:
        return say.already(poll)
    question = say.short(item.title)
    ctx.confirm(
        _(
            "Poll {number}, “{question}”, ends without a result.",
            number=item.number,
            question=question,
        ),
        _("Votes so far: {count}. This cannot be undone.", count=poll.turnout),
        final=True,
    )
    await ending.stop(ctx, item.number, ctx.now, cancelled=True)
    told = _("Poll {number}, “{question}”, was cancelled.", number=item.number, question=question)
    effects: list[Line | Effect] = [
        EndPoll(Ref(item.number, "poll"), (told,), room=item.room),
        Edit(Ref(item.number, "opening"), (told,), room=item.room),
        Say((told,), room=item.room, loud=True, item=item.number),
    ]
    return effects if item.room == ctx.room else [told, *effects]


@feature.service("forget")
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Votes of open polls go; of ended ones the totals stay, without the name."""
    count = await store.forget(ctx.db, person)
    votes = [_("Polls with votes: {count}", count=count)] if count else []
    return [*votes, *await voters.serving.forget(ctx, person)]


@feature.service("export")
async def export(ctx: Context, person: UserId) -> list[Line]:
    """What counts of a person's votes, and for whom they may vote."""
    votes = [
        _("Poll {number}, “{question}”: {chosen}", number=n, question=say.short(q), chosen=chosen)
        for n, q, chosen in await store.votes_of(ctx.db, person)
    ]
    return [*votes, *await voters.serving.export(ctx, person)]


# --- the order of the help -----------------------------------------------------------------------

ORDER = {name: place for place, name in enumerate(("poll", "vote", "results", "close", "voters"))}
"""What people need first is told first, wherever its code stands; what is not named comes last."""
feature.commands.sort(key=lambda command: ORDER.get(command.name.en, len(ORDER)))
