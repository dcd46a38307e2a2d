"""The rule that applies to a request in a room now, and who is there to follow it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.api import (
    LINE,
    PROPOSE,
    ActRequest,
    Context,
    RoomId,
    UserId,
    moderators,
    outranks,
    rooms,
)
from commands.governance import rules, store
from commands.governance.rules import DecisionMode, GovernanceRule

INVERSE = {"promote": "demote", "demote": "promote"}
"""Undoing the one is the same as doing the other."""


async def chosen_rule(ctx: Context, room: RoomId, act: str, of: str = "") -> GovernanceRule:
    """Return the rule that the room chose for this act, even if it cannot be followed now."""
    if is_network_setting(ctx, act, of):
        return rules.USUAL_RULE
    kept = await store.list_rules(ctx.db, room)
    if act == "rule":
        return rules.stricter_rule(
            stored_rule(ctx, kept, "rule"), stored_rule(ctx, kept, *split_key(of))
        )
    return stored_rule(ctx, kept, act, of)


def stored_rule(ctx: Context, kept: rules.RulesByKey, act: str, of: str = "") -> GovernanceRule:
    """Return the rule for this act among those that a room has, without the rule about rules."""
    return rules.most_specific_rule(kept, act, of, list(_likes(ctx, act)))


def _likes(ctx: Context, act: str) -> Iterator[str]:
    """Yield the acts whose rules apply where the room has none for this one, the nearest first."""
    while (known := ctx.registry.acts.get(act)) is not None and known[1].like:
        act = known[1].like
        yield act


async def rule_for_request(ctx: Context, wish: ActRequest) -> GovernanceRule:
    """Return the rule by which a request is decided, given who is in the room now.

    To undo something counts as the opposite act. A moderator may do alone what protects people. An
    act against a person depends on their rank.
    """
    act = _undoing_act(ctx, wish.act) if LINE in wish.payload else wish.act
    if protects(ctx, act) and await _person_moderates(ctx, wish.room):
        return rules.USUAL_RULE
    found = await chosen_rule(ctx, wish.room, act, wish.of)
    entitled = (
        wish.entitled and found.how is DecisionMode.ALONE
    )  # even if the room has no moderators
    if entitled or is_network_setting(ctx, wish.act, wish.of):
        return found
    if found.how is DecisionMode.ALONE and (person := wish.payload.get("person")):
        return await _rule_by_rank(ctx, wish.room, UserId(person))
    return await rule_in_force(ctx, wish.room, found)


def protects(ctx: Context, act: str) -> bool:
    """Return whether a moderator may do this act alone whatever its rule is (see `Act`)."""
    known = ctx.registry.acts.get(act)
    return known is not None and known[1].protects


def _undoing_act(ctx: Context, act: str) -> str:
    """Return the act that it amounts to when this one is undone, for its rule holds then.

    To undo what protects is to do again what it was done against, and to undo that protects too.
    """
    acts = {key: one for key, (_feature, one) in ctx.registry.acts.items()}
    if protects(ctx, act):
        return acts[act].like or act
    against = (key for key, one in acts.items() if one.protects and one.like == act)
    return next(against, INVERSE.get(act, act))


async def _person_moderates(ctx: Context, room: RoomId) -> bool:
    """Return whether who asks moderates. In a job nobody does: our own power is nobody's word."""
    return ctx.who != ctx.me and await ctx.moderates(room)


async def _rule_by_rank(ctx: Context, room: RoomId, person: UserId) -> GovernanceRule:
    """Return the rule for an act against a person, by their rank.

    One moderator acts alone against somebody lower, two together against an equal, and only the
    room against somebody above both. Two could be one person who made a friend a moderator first,
    so two never reach somebody higher.
    """
    known = await rooms.get(ctx.db, room)
    if known is None or await outranks(ctx, known, person):
        return await rule_in_force(ctx, room, rules.USUAL_RULE)
    others = len([one for one in await moderators(ctx, room) if one != person])
    if known.power_of(person) > await ctx.power_of(ctx.who, room):
        others = 0
    votes = bool(ctx.registry.offers(PROPOSE))
    return rules.followable_rule(GovernanceRule(DecisionMode.SEVERAL, 2), others, votes=votes)


async def rule_in_force(ctx: Context, room: RoomId, found: GovernanceRule) -> GovernanceRule:
    """Return the rule that applies in place of this one, with the people who are in the room
    now."""
    count = len(await moderators(ctx, room))
    return rules.followable_rule(found, count, votes=bool(ctx.registry.offers(PROPOSE)))


def is_network_setting(ctx: Context, act: str, of: str) -> bool:
    """Return whether the act is to change a setting that counts for the whole network (`act` is
    `set`, `of` the setting's key). How that is decided no room can choose. Which room is the
    moderators' is such a setting too."""
    setting = ctx.registry.setting_named(of) if act == "set" and of else None
    return setting is not None and (setting.network or setting.key == "moderation")


def split_key(key: str) -> tuple[str, str]:
    """Return the act and the thing it is about (or "") that a rule's key names."""
    act, _colon, of = key.partition(":")
    return act, of
