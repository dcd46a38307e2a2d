"""`!network trust`: a room takes in a kind of thing from a network without asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    NOTHING,
    Answer,
    Context,
    Rest,
    TakesBack,
    UserError,
    Words,
    _,
    fold_answer,
    words,
)
from commands.links.network_names import peers_named
from commands.shares import share_store
from commands.shares.declaration import feature

KIND_WORDS: dict[str, Words] = {
    "event": words("eventos", "eventos", "events", "evento | evento | event"),
    "resource": words(
        "recursos",
        "recursos",
        "resources",
        "recurso, biblioteca | recurso, biblioteca | resource, library",
    ),
    "notice": words("anuncios", "anúncios", "announcements", "anuncio | anúncio | announcement"),
    "offer": words("ofertas", "ofertas", "offers", "oferta | oferta | offer"),
    "need": words("pedidos", "pedidos", "needs", "pedido, necesidades | pedido | need"),
}
"""What can be taken in without asking, as people call it."""


def _kind_in_words(facts: Mapping[str, Any]) -> dict[str, Any]:
    named = {kind.en: kind for kind in KIND_WORDS.values()}
    kind = str(facts.get("kind"))
    return {"kind": named.get(kind, kind)}


feature.log_line(
    "trusted", _("takes {kind} of {name} in here without asking"), values=_kind_in_words
)
feature.log_line(
    "distrusted", _("asks again before {kind} of {name} is taken in here"), values=_kind_in_words
)


async def trust_network(ctx: Context, off: TakesBack, *, named: Rest = NOTHING) -> Answer:
    """Set that this room takes in a network's items of one kind without asking (`!network trust Red
    B events`); with `no` stop. Return what to say, if anything.

    Raises `UserError` without the right, and unless one network and one kind are named.
    """
    room = await ctx.choose_room()
    await ctx.require_moderator(room.room)
    network, _space, last = named.rpartition(" ")
    kind = next(
        (k for k, name in KIND_WORDS.items() if fold_answer(last) in map(fold_answer, name)), None
    )
    if kind is None or not network:
        raise UserError(
            _(
                "Which network, and what of it? What can be taken in: {kinds}",
                kinds=tuple(KIND_WORDS.values()),
            ),
            _("For example: `!network trust Red Sur {kind}`", kind=KIND_WORDS["event"]),
        )
    meant = await peers_named(ctx, network)
    peer = meant[0]
    if len(meant) > 1:
        raise UserError(
            _("One network at a time, please."),
            _(
                "For example: `!network trust {network} {kind}`",
                network=peer.name,
                kind=KIND_WORDS[kind],
            ),
        )
    facts = {"name": peer.name, "kind": KIND_WORDS[kind].en}
    if off:
        await share_store.set_trust(ctx.db, room.room, peer.bot, kind, on=False)
        await ctx.log("distrusted", facts, room=room.room)
        return _("From now on {network} is asked about here each time.", network=peer.name)
    ctx.confirm(
        _(
            "{kind} of {network} come into this room without asking.",
            kind=KIND_WORDS[kind],
            network=peer.name,
        )
    )
    await share_store.set_trust(ctx.db, room.room, peer.bot, kind, on=True)
    await ctx.log("trusted", facts, room=room.room)
    return _(
        "Done. To be asked again: `!network trust {network} {kind} no`",
        network=peer.name,
        kind=KIND_WORDS[kind],
    )
