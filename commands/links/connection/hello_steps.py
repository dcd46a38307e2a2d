"""The three steps of a `hello`, and the code that comes of both sides' numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from bot.api import Context, Hash, Secret, StrictModel, certifying_key
from commands.links.connection import comparison_code
from commands.links.declaration import MOST_PEERS
from commands.links.protocol.envelope import Key
from commands.links.store import Peer


class Hello(StrictModel):
    """Step 1: who we are, and the commitment to our secret number for this peer."""

    step: Literal[1] = 1
    to: str
    name: Annotated[str, Field(min_length=1, max_length=200)]
    languages: Annotated[list[str], Field(max_length=10)]
    certificate: dict[str, Any]
    bound: Hash
    others: Annotated[list[str], Field(max_length=MOST_PEERS)]
    """The bots of the other networks in this link."""


class NumberReveal(StrictModel):
    """Step 2: our secret number, once both sides are committed."""

    step: Literal[2] = 2
    to: str
    nonce: Secret


class CodeConfirmation(StrictModel):
    """Step 3: our moderators compared the code, and it belongs to this key."""

    step: Literal[3] = 3
    to: str
    key: Key


STEPS: Mapping[int, type[Hello | NumberReveal | CodeConfirmation]] = {
    1: Hello,
    2: NumberReveal,
    3: CodeConfirmation,
}
"""The body of a `hello` by its step."""


def own_side(ctx: Context, own: str) -> comparison_code.CodeSide:
    """Return our half of what the comparison code is computed from: our bot, its master key, our
    network's key, and `own`, the secret number that we made for the other network."""
    master = certifying_key(ctx.signer.certificate, ctx.signer.public) or ""
    return comparison_code.CodeSide(ctx.me, master, ctx.signer.public, own)


def peer_side(peer: Peer) -> comparison_code.CodeSide:
    """Return the other network's half of what the comparison code is made of."""
    return comparison_code.CodeSide(peer.bot, peer.master or "", peer.key or "", peer.nonce or "")


def code_with_peer(ctx: Context, peer: Peer) -> str:
    """Return the comparison code with another network. The moderators of both must see the same
    one."""
    return comparison_code.code_of_sides(own_side(ctx, peer.own), peer_side(peer))
