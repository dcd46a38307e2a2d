"""The service `govern`: an act is done now, waits for others, or goes to the room."""

from __future__ import annotations

from bot.api import (
    GOVERN,
    MAY,
    ActRequest,
    Answer,
    Context,
    RoomId,
    UserError,
    _,
    is_in,
    moderators_only,
    run_act,
    verbatim,
)
from commands.governance import effective_rule, moderator_requests, room_decisions, urgent_acts
from commands.governance.declaration import feature
from commands.governance.rules import DecisionMode


@feature.offers(GOVERN)
async def govern_request(ctx: Context, wish: ActRequest) -> Answer:
    """Carry out a requested act as the rules of its room say, or start its approval. Return what to
    say, if anything.

    Raises `UserError` if the rules give this person no way.
    """
    rule = await effective_rule.rule_for_request(ctx, wish)
    if rule.how is DecisionMode.ALONE:
        if not (wish.entitled or await ctx.moderates(wish.room)):
            raise moderators_only()
        return await run_act(ctx, wish)
    if ctx.answers.get(urgent_acts.URGENT_KEY):
        return await urgent_acts.carry_out_urgently(ctx, wish, rule)
    if rule.how is DecisionMode.SEVERAL:
        if not (wish.entitled or await ctx.moderates(wish.room)):
            raise moderators_only()
        return await moderator_requests.begin_request(ctx, wish, rule)
    if not await is_in(ctx, wish.room, ctx.who):
        raise UserError(_("You can't ask for that: it is for who is in the room."))
    return await room_decisions.begin_decision(ctx, wish, rule)


@feature.offers(MAY)
async def may_request(ctx: Context, act: str, room: RoomId, of: str) -> bool:
    """Return whether the room's rules let the person ask for this act.

    Moderators may ask for what moderators decide, members for what the room decides.
    """
    rule = await effective_rule.rule_for_request(ctx, ActRequest(act, room, verbatim(""), {}, of))
    if rule.how is DecisionMode.ROOM:
        return await is_in(ctx, room, ctx.who)
    return await ctx.moderates(room)
