"""Which rule holds for a wish in a room now, and who is there to follow it."""

from __future__ import annotations

from bot.api import (
    LINE,
    Context,
    Membership,
    RoomId,
    UserId,
    Wish,
    moderators,
    outranks,
    rooms,
)
from commands.governance import rules, store
from commands.governance.rules import How, Rule

INVERSE = {"promote": "demote", "demote": "promote"}
"""Taking the one back is to do the other."""


async def chosen(ctx: Context, room: RoomId, act: str, of: str = "") -> Rule:
    """What the room chose for this act, whether or not it can be followed now."""
    if is_networks(ctx, act, of):
        return rules.USUAL
    kept = await store.rules(ctx.db, room)
    if act == "rule":
        return rules.stricter(_of(ctx, kept, "rule"), _of(ctx, kept, *split(of)))
    return _of(ctx, kept, act, of)


def _of(ctx: Context, kept: rules.Rules, act: str, of: str = "") -> Rule:
    known = ctx.registry.acts.get(act)
    return rules.chosen(kept, act, of, known[1].like if known else "")


async def rule(ctx: Context, wish: Wish) -> Rule:
    """The rule to follow for this wish, with who is in the room now."""
    act = INVERSE.get(wish.act, wish.act) if LINE in wish.payload else wish.act
    found = await chosen(ctx, wish.room, act, wish.of)
    entitled = wish.entitled and found.how is How.ALONE  # whether or not anybody moderates there
    if entitled or is_networks(ctx, wish.act, wish.of):
        return found
    if found.how is How.ALONE and (person := wish.payload.get("person")):
        return await _of_equals(ctx, wish.room, UserId(person))
    return await followable(ctx, wish.room, found)


async def _of_equals(ctx: Context, room: RoomId, person: UserId) -> Rule:
    """Alone against who stands lower, two against an equal; above both is only the room.

    Two could be one, who first made a friend a moderator: that gets nobody at who stands higher.
    """
    known = await rooms.get(ctx.db, room)
    if known is None or await outranks(ctx, known, person):
        return await followable(ctx, room, rules.USUAL)
    others = len([one for one in await moderators(ctx, room) if one != person])
    if known.power_of(person) > await ctx.power(ctx.who, room):
        others = 0
    votes = bool(ctx.registry.services("propose"))
    return rules.followable(Rule(How.SEVERAL, 2), others, votes=votes)


async def followable(ctx: Context, room: RoomId, found: Rule) -> Rule:
    count = len(await moderators(ctx, room))
    return rules.followable(found, count, votes=bool(ctx.registry.services("propose")))


def is_networks(ctx: Context, act: str, of: str) -> bool:
    """A setting of the whole network is for the network's moderators, not for one room's rules."""
    setting = ctx.registry.setting(of) if act == "set" and of else None
    return setting is not None and (setting.network or setting.key == "moderation")


def split(key: str) -> tuple[str, str]:
    act, _colon, of = key.partition(":")
    return act, of


async def is_member(ctx: Context, room: RoomId) -> bool:
    return await rooms.membership(ctx.db, room, ctx.who) is Membership.JOIN
