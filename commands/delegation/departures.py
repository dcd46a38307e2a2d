"""Who leaves a room, or is removed from it, gives and holds no vote there."""

from __future__ import annotations

from bot.api import Answer, Context, Effect, Membership, MembershipChanged
from commands.delegation import command, poll_proxies, store
from commands.delegation.declaration import feature


@feature.on(MembershipChanged)
async def end_with_membership(ctx: Context, moved: MembershipChanged) -> Answer:
    """End the delegations of votes of a person who left the room. What was voted before stays.
    Return what to say, if anything."""
    if moved.after not in (Membership.LEAVE, Membership.BAN):
        return None
    found = [one for one in await store.of_person(ctx.db, moved.user) if one.room == moved.room]
    if not found:
        return None
    effects: list[Effect] = []
    for one in found:
        effects += await command.end_delegation(ctx, one)
    await poll_proxies.refresh_room(ctx, moved.room)
    return effects
