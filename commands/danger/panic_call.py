"""`!panic`: somebody is in danger. Helpers are called at once, without any question first."""

from __future__ import annotations

from bot.api import (
    CALL_KEY,
    Answer,
    CommandPlace,
    Context,
    ItemAccess,
    Line,
    People,
    Person,
    RoomId,
    Say,
    UserError,
    _,
    rooms,
    words,
)
from commands.danger import (
    call_endings,
    call_store,
    contacts,
    named_helpers,
    ringing_jobs,
)
from commands.danger.call_reach import reach_of
from commands.danger.call_store import PanicCall
from commands.danger.declaration import (
    ALARM,
    GIVE_UP_AFTER,
    LONGEST_NOTE,
    REACHED_JOB,
    RING_JOB,
    SAFETY,
    TAKEN_BACK_JOB,
    feature,
)


@feature.command(  # In danger every line counts: whatever is typed calls for help.
    words("pánico", "pânico", "panic", "auxilio | socorro"),
    help=_(
        "you are in danger: whoever cares for the network, and the people you named, are called"
        " at once"
    ),
    example=_("For example: `!panic`. Beforehand: `!panic tell @ana:server.org`"),
    topic=SAFETY,
    does=ItemAccess.COUNTS,
    where=CommandPlace.PRIVATE,
    urgent=True,
)
async def panic(ctx: Context, people: People = (), *, text: str = "") -> Answer:
    """Call for help. Text that is no sub-command is sent along with the call. Return the answer."""
    if call_endings.is_cancelled(text):
        return await cancel_call(ctx)
    is_agreed = ctx.answers.get(CALL_KEY) == "yes"
    if not is_agreed and (asked := await contacts.find_subcommand(ctx, text, people)) is not None:
        answer, named = asked
        return await answer(ctx, named)
    said = " ".join((*people, text)).strip()
    mine = await call_store.call_of(ctx.db, ctx.who)
    return await _call_again(ctx, mine, said) if mine is not None else await _start_call(ctx, said)


def _cut_note(ctx: Context, said: str) -> str:
    """Return what is passed on of the words: of what was written until a yes the newest, else the
    first."""
    note = " ".join(said.split())
    return note[-LONGEST_NOTE:] if ctx.answers.get(CALL_KEY) == "yes" else note[:LONGEST_NOTE]


async def _start_call(ctx: Context, text: str) -> Answer:
    if not await rooms.shares_room(ctx.db, ctx.who):
        raise UserError(
            _("I can call nobody for you: we share no room."),
            _("Call somebody you trust, or the emergency number of where you are."),
        )
    home = ctx.room if ctx.is_private else await rooms.private_room(ctx.db, ctx.who)
    number = await ctx.add_item("panic", "", home or RoomId(ctx.who))
    await call_store.put_call(ctx.db, number, ctx.said_at, _cut_note(ctx, text))
    mine = await call_store.get_call(ctx.db, number)
    assert mine is not None
    named = await named_helpers.heed_names(ctx, mine, f"{ALARM}, {text}")
    called = named.others
    unreached = named_helpers.left_out_lines(named.left_out, called)
    if not called:
        await ctx.schedule(
            RING_JOB, ctx.now + ringing_jobs.ring_interval(mine), item=number, person=ctx.who
        )
        return [*(unreached or named_helpers.nobody_lines()), _keep_trying_line()]
    effects = await ringing_jobs.ring_once(ctx, mine, called)
    await ctx.schedule(
        REACHED_JOB, ctx.now + ringing_jobs.REACH_CHECK_AFTER, item=number, person=ctx.who
    )
    await ctx.begin_dialogue("more", ctx.who, {"item": number}, patience=GIVE_UP_AFTER)
    who = tuple(Person(one, full=True) for one in called)
    return [
        _("I am calling now, and again until somebody answers: {who}.", who=who),
        *unreached,
        *await _not_agreed_lines(ctx),
        ending_line(),
        *effects,
    ]


def ending_line() -> Line:
    """Return how the person who called ends the call."""
    return _("If it is over, or was by mistake: `panic it is over`")


def _keep_trying_line() -> Line:
    return _("I keep trying. If it was by mistake: `panic cancel`")


def _still_open_line(mine: PanicCall) -> Line:
    """Return that the call goes on, for whoever took back something from before it."""
    if mine.taken is None:
        return _keep_trying_line()
    who = Person(mine.taken, full=True)
    return _("{who} answers your call. If it was by mistake: `panic cancel`", who=who)


async def _not_agreed_lines(ctx: Context) -> list[Line]:
    waiting = [one for one, yes in await call_store.contacts_of(ctx.db, ctx.who) if not yes]
    if not waiting:
        return []
    who = tuple(Person(one, full=True) for one in waiting)
    return [_("Not called, as they have not agreed to it yet: {who}.", who=who)]


async def _call_again(ctx: Context, mine: PanicCall, text: str) -> Answer:
    """Call everybody again at once, also if somebody has answered. Return whom, and whom not."""
    if text:
        await call_store.set_note(ctx.db, mine.item, _cut_note(ctx, text))
    named = await named_helpers.heed_names(ctx, mine, f"{ALARM}, {text}")
    reach = await reach_of(ctx, mine)
    if not text and reach.leaves_out_all:
        await named_helpers.include_unaccused(ctx, mine)
        reach = await reach_of(ctx, mine)
    await ctx.cancel_jobs(mine.item)
    await call_store.add_called(ctx.db, mine.item, reach.called)
    await ringing_jobs.call_anew(ctx, mine)
    unreached = named_helpers.left_out_lines(reach.left_out, reach.called)
    if not reach.called:
        return [*(unreached or named_helpers.nobody_lines()), _keep_trying_line()]
    who = tuple(Person(one, full=True) for one in reach.called)
    again = _("I am calling once more, and again until somebody answers: {who}.", who=who)
    included = named_helpers.included_lines(named.included)
    return [again, *included, *unreached, *named_helpers.newcomer_lines(reach.newcomers)]


async def cancel_call(ctx: Context) -> Answer:
    """Cancel the asker's call for help and tell everybody who was called. What they wrote before
    they called ends nothing. Return what to say, if anything."""
    mine = await call_store.call_of(ctx.db, ctx.who)
    if mine is None:
        return _("No call of yours is open: I am calling nobody.")
    if _is_older(ctx, mine):
        return _still_open_line(mine)
    said = _("{who} wrote that it is over. Nothing to do any more.", who=Person(ctx.who, full=True))
    told = [Say((said,), to=one, loud=True) for one in mine.called]
    await ringing_jobs.end_call(ctx, mine)
    return [_("Good. I call nobody any more and tell those I called."), *told]


def _is_older(ctx: Context, mine: PanicCall) -> bool:
    """Return whether the line was written before the call, so ends nothing."""
    return ctx.said_at < mine.at


async def stop_call(ctx: Context, mine: PanicCall) -> Line:
    """End the caller's own call for help, as `cancel_call` does; whoever was called is told so
    afterwards. Return the line that says so."""
    if _is_older(ctx, mine):
        return _still_open_line(mine)
    await ctx.schedule(TAKEN_BACK_JOB, ctx.now, person=ctx.who, called=list(mine.called))
    await ringing_jobs.end_call(ctx, mine)
    return _("Good. I call nobody any more and tell those I called.")
