"""The service `govern`: an act is done now, waits for others, or goes to the room."""

from __future__ import annotations

from bot.api import Answer, Context, RoomId, UserError, Wish, _, perform, verbatim
from commands.governance import effective_rule, moderator_requests, room_decisions, urgent_acts
from commands.governance.declaration import feature
from commands.governance.rules import How


@feature.service("govern")
async def govern(ctx: Context, wish: Wish) -> Answer:
    """Carry out a request under the rules of its room, or start its approval.

    Raises `UserError` if the rules give this person no way.
    """
    rule = await effective_rule.rule(ctx, wish)
    if rule.how is How.ALONE:
        if not (wish.entitled or await ctx.moderates(wish.room)):
            raise UserError(_("You can't do that here: it is for the room's moderators."))
        return await perform(ctx, wish)
    if ctx.known.get(urgent_acts.KEY):
        return await urgent_acts.done(ctx, wish, rule)
    if rule.how is How.SEVERAL:
        if not (wish.entitled or await ctx.moderates(wish.room)):
            raise UserError(_("You can't do that here: it is for the room's moderators."))
        return await moderator_requests.begin(ctx, wish, rule)
    if not await effective_rule.is_member(ctx, wish.room):
        raise UserError(_("You can't ask for that: it is for who is in the room."))
    return await room_decisions.begin(ctx, wish, rule)


@feature.service("may")
async def may(ctx: Context, act: str, room: RoomId, of: str) -> bool:
    """Return whether the person may ask for this act.

    Moderators may ask for what moderators decide, members for what the room decides.
    """
    rule = await effective_rule.rule(ctx, Wish(act, room, verbatim(""), {}, of))
    if rule.how is How.ROOM:
        return await effective_rule.is_member(ctx, room)
    return await ctx.moderates(room)
