"""The names by which this network knows the others that take part in a joint decision."""

from __future__ import annotations

from bot.api import Context
from commands.joint_decisions.store import JointDecision
from commands.links import store


async def network_names(ctx: Context, one: JointDecision) -> dict[str, str]:
    """Return the names that our network uses for others, by key. The proposer's names are not
    trusted."""
    own = ctx.defaults.network or ctx.me
    known = {p.key: p.name or p.bot for p in await store.peers_of_link(ctx.db, one.link)}
    known[ctx.signer.public] = own
    return {m.key: known.get(m.key) or m.key[:8] for m in one.terms.networks}
