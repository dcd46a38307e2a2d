"""The service `govern`: an act is done now, waits for others, or goes to the room."""

from __future__ import annotations

from bot.api import Answer, Context, RoomId, UserError, Wish, _, perform, verbatim
from commands.governance import deciding, standing, urgent, waiting
from commands.governance.base import feature
from commands.governance.rules import How


@feature.service("govern")
async def govern(ctx: Context, wish: Wish) -> Answer:
    """Carry out a request under the rules of its room, or start its approval.

    Raises `UserError` if the rules give this person no way.
    """
    rule = await standing.rule(ctx, wish)
    if rule.how is How.ALONE:
        if not (wish.entitled or await ctx.moderates(wish.room)):
            raise UserError(_("You can't do that here: it is for the room's moderators."))
        return await perform(ctx, wish)
    if ctx.known.get(urgent.KEY):
        return await urgent.done(ctx, wish, rule)
    if rule.how is How.SEVERAL:
        if not (wish.entitled or await ctx.moderates(wish.room)):
            raise UserError(_("You can't do that here: it is for the room's moderators."))
        return await waiting.begin(ctx, wish, rule)
    if not await standing.is_member(ctx, wish.room):
        raise UserError(_("You can't ask for that: it is for who is in the room."))
    return await deciding.begin(ctx, wish, rule)


@feature.service("may")
async def may(ctx: Context, act: str, room: RoomId, of: str) -> bool:
    """Return whether the person may ask for this act.

    Moderators may ask for what moderators decide, members for what the room decides.
    """
    rule = await standing.rule(ctx, Wish(act, room, verbatim(""), {}, of))
    if rule.how is How.ROOM:
        return await standing.is_member(ctx, room)
    return await ctx.moderates(room)
