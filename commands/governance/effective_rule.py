"""The rule that applies to a request in a room now, and who is there to follow it."""

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
"""Undoing the one is the same as doing the other."""


async def chosen(ctx: Context, room: RoomId, act: str, of: str = "") -> Rule:
    """Return the rule the room chose for this act, even if it cannot be followed now."""
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
    """Return the rule that applies to this request, with the people in the room now."""
    act = INVERSE.get(wish.act, wish.act) if LINE in wish.payload else wish.act
    found = await chosen(ctx, wish.room, act, wish.of)
    entitled = wish.entitled and found.how is How.ALONE  # even if the room has no moderators
    if entitled or is_networks(ctx, wish.act, wish.of):
        return found
    if found.how is How.ALONE and (person := wish.payload.get("person")):
        return await _of_equals(ctx, wish.room, UserId(person))
    return await followable(ctx, wish.room, found)


async def _of_equals(ctx: Context, room: RoomId, person: UserId) -> Rule:
    """Return the rule for an act against a person, by their rank.

    One moderator acts alone against somebody lower, two together against an equal, and only the
    room against somebody above both. Two could be one person who made a friend a moderator first,
    so two never reach somebody higher.
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
    """Return the rule that applies instead of this one with the people in the room now."""
    count = len(await moderators(ctx, room))
    return rules.followable(found, count, votes=bool(ctx.registry.services("propose")))


def is_networks(ctx: Context, act: str, of: str) -> bool:
    """Return whether this is a setting of the whole network, for which no room has rules."""
    setting = ctx.registry.setting(of) if act == "set" and of else None
    return setting is not None and (setting.network or setting.key == "moderation")


def split(key: str) -> tuple[str, str]:
    """Split a key into an act and what it is about, which may be ""."""
    act, _colon, of = key.partition(":")
    return act, of


async def is_member(ctx: Context, room: RoomId) -> bool:
    """Return whether the person is in the room."""
    return await rooms.membership(ctx.db, room, ctx.who) is Membership.JOIN
