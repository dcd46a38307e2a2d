"""Our signed word about which networks of a joint decision we know only by introductions."""

from __future__ import annotations

from collections import defaultdict

from bot.api import Context, Effect, Line
from commands.joint_decisions import steps
from commands.joint_decisions.store import JointDecision
from commands.joint_decisions.terms import (
    MOST_GROUPS,
    MOST_INTRODUCERS,
    IntroducedGroup,
    IntroducedNetworks,
    encode_bits,
)
from commands.link_introductions.standing import get_standing


async def say_who_is_introduced(ctx: Context, one: JointDecision) -> list[Line | Effect]:
    """Send a signed statement of which networks we accepted on whose word; nothing if we compared
    codes with all. Return what to say."""
    standing = await get_standing(ctx, one.link)
    groups: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for key in one.terms.keys:
        peer = standing.by_key.get(key)
        by = standing.relied_on(peer) if peer is not None else []
        if by:
            groups[tuple(b.key or "" for b in by[:MOST_INTRODUCERS])].add(key)
    if not groups:
        return []
    body = IntroducedNetworks(
        terms=one.terms.hash,
        introduced=tuple(
            IntroducedGroup(by=by, who=encode_bits(one.terms.keys, who))
            for by, who in sorted(groups.items())[:MOST_GROUPS]
        ),
    )
    return await steps.send_word(ctx, one, "introduced", body.model_dump())
