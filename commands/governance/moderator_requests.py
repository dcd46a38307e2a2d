"""Acts that several moderators must approve: one asks, others support it, then it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.api import (
    CANCEL,
    ActRequest,
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Line,
    Moment,
    Number,
    Person,
    Say,
    UserError,
    _,
    items,
    moderators,
    n_,
    verbatim,
    words,
)
from commands.governance import (
    effective_rule,
    requests,
    room_decisions,
    rules,
    store,
    urgent_confirmation,
)
from commands.governance.declaration import GOVERNANCE, LAPSE_JOB, feature
from commands.governance.rules import DecisionMode, GovernanceRule
from commands.governance.store import StoredRequest

LATE_AFTER = timedelta(minutes=5)
MOST_TOLD = 20
APPROVAL_TIME = timedelta(days=7)
"""How long others can approve it."""


async def begin_request(ctx: Context, wish: ActRequest, rule: GovernanceRule) -> Answer:
    """Store a request for an act that moderators must approve, and tell the room. If it waits
    already, support it. Return what to say, if anything."""
    before = await store.find_same(ctx.db, wish)
    if before is not None:
        return await add_support(ctx, before)
    others = await requests.competing_requests(ctx, wish)
    number = await requests.store_request(ctx, wish)
    await store.add_approval(ctx.db, number, ctx.who)
    until = ctx.said_at + APPROVAL_TIME
    await ctx.schedule(LAPSE_JOB, until, item=number, room=wish.room)
    said = announce_request(
        ctx,
        wish,
        number,
        _("{who} wants: {what}", who=Person(ctx.who), what=requests.public_line(wish)),
        rule.count - int(ctx.who in await moderators(ctx, wish.room)),
        Moment(until),
        requests.competing_lines(others),
    )
    return [*said, *await _tell_moderators(ctx, wish, number)]


async def _tell_moderators(ctx: Context, wish: ActRequest, number: Number) -> list[Effect]:
    """Tell only those who have to approve it whom the request is about."""
    if not wish.personal:
        return []
    line = _("Number {number} is about this: {what}", number=number, what=wish.what)
    how = _("To agree: `support {number}`", number=number)
    about = wish.payload.get("person")
    others = [one for one in await moderators(ctx, wish.room) if one not in (ctx.who, about)]
    return [Say((line, how), to=one, loud=True, item=number) for one in others[:MOST_TOLD]]


def announce_request(
    ctx: Context,
    wish: ActRequest,
    number: Number,
    first: Line,
    missing: int,
    until: Moment,
    further: Sequence[Line] = (),
) -> list[Line | Effect]:
    """Return the message to the room that says which request waits, and how its moderators approve
    it."""
    said = Say(
        (
            first,
            *further,
            n_(
                "{count} more moderator has to agree, until {moment}: `!support {number}`",
                "{count} more moderators have to agree, until {moment}: `!support {number}`",
                missing,
                number=number,
                moment=until,
            ),
        ),
        room=wish.room,
        reply_to=ctx.origin.event if wish.room == ctx.room and not ctx.answers_in_private else None,
        loud=True,
        item=number,
        slot="wish",
    )
    if wish.room == ctx.room:
        return [said]
    return [_("It waits for other moderators, as number {number}.", number=number), said]


@feature.command(
    words("apoyar", "apoiar", "support", "yo apoyo, apoyo | eu apoio, apoio |"),
    help=_("agree, as a moderator, to what another one wants"),
    example=_("For example: `!support {number}`", number=57),
    topic=GOVERNANCE,
    of=("wish",),
)
async def handle_support(ctx: Context, item: Item) -> Answer:
    """Support a request for an act. The last supporter that the rule needs carries it out. Return
    the answer."""
    kept = await store.get_request(ctx.db, item.number)
    if kept is None or not kept.open:
        return _("Number {number} does not wait any more.", number=item.number)
    if kept.poll is not None:
        return _("The room decides on that, in proposal {poll}: `!results {poll}`", poll=kept.poll)
    return await add_support(ctx, kept)


async def add_support(ctx: Context, kept: StoredRequest) -> Answer:
    """Count the moderators who support a request, under the present rule, and carry it out if they
    suffice. Return what to say, if anything.

    Raises `UserError` if the person does not moderate.
    """
    await ctx.require_moderator(kept.room)
    rule = await effective_rule.rule_for_request(ctx, kept.as_request())
    if rule.how is DecisionMode.ROOM:
        return await room_decisions.hand_to_room(ctx, kept, rule)
    new = await store.add_approval(ctx.db, kept.item, ctx.who)
    present = set(await moderators(ctx, kept.room))
    given = len(present & set(await store.list_approvers(ctx.db, kept.item)))
    if given < rule.count:
        said = _("Noted.") if new else _("You agreed to it already.")
        return [
            said,
            n_(
                "{count} more moderator has to agree: `!support {number}`",
                "{count} more moderators have to agree: `!support {number}`",
                rule.count - given,
                number=kept.item,
            ),
        ]
    if kept.keep:
        return await urgent_confirmation.confirm_act(ctx, kept)
    return await requests.carry_out_request(ctx, kept)


@feature.runs(LAPSE_JOB)
async def lapse_request(ctx: Context, job: Job) -> Answer:
    """End a request to the moderators that nobody decided by its time (a job), and tell its room.

    Return None if it was decided before.
    """
    kept = await store.get_request(ctx.db, Number(job.item)) if job.item is not None else None
    if kept is None or not kept.open:
        return None
    late = _late(ctx, job)
    if kept.keep:
        return await urgent_confirmation.take_back_act(ctx, kept, *late)
    rule = await effective_rule.rule_for_request(ctx, kept.as_request())
    if rule.how is DecisionMode.ROOM and rule == rules.MEMBERS_RULE:
        return await room_decisions.hand_to_room(ctx, kept, rule)
    await requests.close_request(ctx, kept)
    what = verbatim(kept.title)
    lapsed = _("Number {number} lapsed, for too few agreed: {what}", number=kept.item, what=what)
    return Say((lapsed, *late), room=kept.room, item=kept.item)


def _late(ctx: Context, job: Job) -> list[Line]:
    if ctx.said_at - job.due < LATE_AFTER:
        return []
    return [_("I say this late, for I was away: it was due {moment}.", moment=Moment(job.due))]


@feature.offers(CANCEL.of("wish"))
async def cancel_request(ctx: Context, item: items.Item) -> Answer:
    """Withdraw one's own request for an act; say so if it is decided already. Return what to say,
    if anything.

    Raises `UserError` for somebody else's request, and for an urgent act (`!undo` withdraws it).
    """
    kept = await store.get_request(ctx.db, item.number)
    if kept is None or not kept.open:
        return _("Number {number} does not wait any more.", number=item.number)
    if kept.by != ctx.who or kept.keep:
        raise UserError(_("You can't take that back: it is for who asked for it."))
    await requests.close_request(ctx, kept)
    effects = await room_decisions.withdraw_vote(ctx, kept, _("who asked for it takes it back."))
    return [_("Number {number} is taken back.", number=item.number), *effects]
