"""Polls: one question, up to twenty options; people vote by tapping or by writing."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import (
    Answer,
    Context,
    Edit,
    Effect,
    EndPoll,
    Item,
    Job,
    Line,
    Membership,
    Number,
    Parts,
    PollEnd,
    PollVote,
    Redaction,
    Ref,
    RoomId,
    Say,
    UserError,
    UserId,
    Where,
    _,
    items,
    rooms,
    words,
)
from commands.polls import posting, rules, say, store, voters, which
from commands.polls.base import DECISIONS, feature
from commands.polls.plan import ARGS, EXAMPLE, plan_of
from commands.polls.store import Poll

__all__ = ["feature", "voters"]

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


# --- votes ---------------------------------------------------------------------------------------


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
    if poll.over(ctx.now) or not item.open:
        return say.over(poll, ctx.now)
    if not await _joined(ctx, item, ctx.who):
        raise UserError(_("You can't vote in {number}: its room does it.", number=item.number))
    if choice.unknown is not None:
        return _about(ctx, item, *say.unknown(poll, choice.unknown))
    if choice.too_many:
        return _about(ctx, item, *say.too_many(poll))
    late = ctx.origin.late
    await store.respond(ctx.db, item.number, ctx.who, choice.places, ctx.now, late=late)
    return _about(ctx, item, _noted(poll, choice.places))


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
    """A native vote: counted without a word, unless it came too late."""
    poll = await store.get(ctx.db, item.number)
    if not await _joined(ctx, item, tap.sender):
        return ()
    if poll.over(tap.at) or not item.open:
        return Say((say.over(poll, tap.at),), to=tap.sender)
    places = rules.tapped(tap.answers, len(poll.options), poll.most)
    await store.respond(
        ctx.db,
        item.number,
        tap.sender,
        places,
        tap.at,
        event=tap.event,
        stamp=tap.stamp,
        late=tap.late,
    )
    return ()


@feature.on(Redaction)
async def redacted(ctx: Context, redaction: Redaction) -> Answer:
    """A tap that was taken away: the vote before it counts again (MSC3381)."""
    found = await store.response(ctx.db, redaction.target)
    if found is not None:
        number, person = found
        # Only the voter takes a vote back; who moderates cannot make one disappear.
        if person != redaction.sender:
            return None
        if not (await store.get(ctx.db, number)).over(redaction.at):
            await store.take_back(ctx.db, redaction.target, number, person)
    return None


async def _joined(ctx: Context, item: Item, person: UserId) -> bool:
    return await rooms.membership(ctx.db, item.room, person) is Membership.JOIN


# --- counts and the end --------------------------------------------------------------------------


@feature.command(
    words(
        "resultados", "resultados", "results", "cómo va, resultado | como está, resultado | result"
    ),
    help=_("how a poll goes"),
    example=_("For example: `!results {number}`", number=12),
    topic=DECISIONS,
)
async def results(ctx: Context, *, text: str = "") -> Answer:
    """Counts where they may be seen, and how many have voted."""
    item = await which.named(ctx, text)
    poll = await store.get(ctx.db, item.number)
    if poll.cancelled:
        return say.already(poll)
    members = await _members(ctx, item)
    if poll.ended:
        late = await store.late_votes(ctx.db, item.number)
        return say.ending(poll, item.title, members, late, timedelta(0))
    lines = [
        _("Poll {number}: {question}", number=item.number, question=say.short(item.title)),
        *(say.counts(poll) if poll.interim else ()),
        say.turnout(poll, members),
        say.until(poll),
    ]
    return lines if poll.interim else [*lines, _("I show the counts at the end.")]


@feature.command(
    words("cerrar", "encerrar", "close", "terminar, cierra | fechar, terminar, fecha, encerra |"),
    help=_("close a poll now"),
    example=_("For example: `!close {number}`", number=12),
    topic=DECISIONS,
)
async def close(ctx: Context, *, text: str = "") -> Answer:
    """Its author may, and who moderates its room."""
    item = await which.named(ctx, text)
    poll = await store.get(ctx.db, item.number)
    if poll.ended:
        return say.already(poll)
    if not await _may_close(ctx, item):
        refusal = _(
            "You can't close poll {number}: that is for its author or the moderators.",
            number=item.number,
        )
        own = _("{end} Your vote: `!vote {number} 1`", end=say.until(poll), number=item.number)
        raise UserError(refusal, own)
    effects = await _end(ctx, item, _at_most(ctx.now, poll.closes))
    if item.room == ctx.room:
        return effects
    return [_("Poll {number} is closed.", number=item.number), *effects]


@feature.job("close")
async def fell_due(ctx: Context, job: Job) -> Answer:
    """The deadline has come."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    if item is None or not item.open:
        return None
    return await _end(ctx, item, job.due, ctx.now - job.due)


@feature.on(PollEnd)
async def ended(ctx: Context, end: PollEnd, item: Item) -> Answer:
    """Somebody ended the native poll in their app: it counts if they may."""
    poll = await store.get(ctx.db, item.number)
    if poll.ended or not item.open or not await _may_close(ctx, item):
        return None
    effects = await _end(ctx, item, _at_most(end.at, poll.closes))
    room = await rooms.get(ctx.db, item.room)
    # Apps take a poll as ended by who opened it, the bot, and by whoever may redact (MSC3381).
    shown = room is not None and room.power_of(end.sender) >= room.power_to("redact")
    return [one for one in effects if not (shown and isinstance(one, EndPoll))]


async def _may_close(ctx: Context, item: Item) -> bool:
    return item.author == ctx.who or await ctx.moderates(item.room)


def _at_most(at: datetime, closes: datetime | None) -> datetime:
    return min(at, closes) if closes else at


async def _members(ctx: Context, item: Item) -> int:
    return len([m for m in await rooms.members(ctx.db, item.room) if m != ctx.me])


async def _end(
    ctx: Context, item: Item, at: datetime, delay: timedelta = timedelta(0)
) -> list[Line | Effect]:
    """Close it, tell the room, and end the native poll."""
    await _stop(ctx, item.number, at)
    poll = await store.get(ctx.db, item.number)
    late = await store.late_votes(ctx.db, item.number)
    lines = say.ending(poll, item.title, await _members(ctx, item), late, delay)
    return [
        EndPoll(Ref(item.number, "poll"), (say.native_end(item.number),), room=item.room),
        Edit(Ref(item.number, "opening"), say.closed(poll, item.title), room=item.room),
        Say(
            lines,
            room=item.room,
            reply_to=Ref(item.number, "opening"),
            loud=True,
            item=item.number,
            slot="result",
        ),
    ]


async def _stop(ctx: Context, number: Number, at: datetime, *, cancelled: bool = False) -> None:
    await items.close(ctx.db, number)
    await ctx.call_off(number, "close")
    await store.end(ctx.db, number, at, cancelled=cancelled)


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
    await _stop(ctx, item.number, ctx.now, cancelled=True)
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
