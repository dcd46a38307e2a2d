"""Early ends of a contact: the thing, the link, or one of the two people is gone."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Context, Effect, Line, Number, Say, UserId, _, items, n_
from commands.links import store
from commands.links.contact import asker_side
from commands.links.contact import store as contacts
from commands.links.contact.store import Row, Said
from commands.links.declaration import feature
from commands.links.shares import share_store
from commands.links.store import Link, Peer


async def taken_back(ctx: Context, peer: Peer, copy: Number) -> list[Effect]:
    """End open requests about a copy that is shown no more, and tell the askers."""
    return await _nothing(
        ctx,
        peer,
        [one for one in await contacts.about(ctx.db, copy) if one.own and one.said is Said.OPEN],
    )


async def left(ctx: Context, peer: Peer) -> list[Effect]:
    """End and delete all contacts with a network whose link has ended; tell who waits."""
    every = await contacts.with_bot(ctx.db, peer.link, peer.bot)
    told = await _nothing(ctx, peer, [one for one in every if one.own and one.said is Said.OPEN])
    for one in every:
        await contacts.drop(ctx.db, one)
    return told


async def _nothing(ctx: Context, peer: Peer, waiting: list[Row]) -> list[Effect]:
    effects: list[Effect] = []
    for one in waiting:
        await contacts.put(ctx.db, replace(one, said=Said.GONE, secret=None))
        item = await items.get(ctx.db, one.item)
        lines = (
            _("Nothing comes of it: {network} took {number}, “{title}”, back, or is not linked any"
              " more.", network=peer.name, number=one.item, title=asker_side.title(item)),
            _("Your name went nowhere."),
        )  # fmt: skip
        effects.append(Say(lines, to=one.person))
    return effects


async def withdrawn(ctx: Context, link: Link, item: Number) -> None:
    """Stop open requests about a thing that we share there no more. A yes stays a yes."""
    for one in await contacts.about(ctx.db, item):
        if one.link == link.item and not one.own and one.said is Said.OPEN:
            await contacts.put(ctx.db, replace(one, said=Said.GONE, note=""))


@feature.service("forget")
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Delete the person's contacts, and schedule that asked networks are told."""
    every = await contacts.of_person(ctx.db, person)
    for one in every:
        if one.own and one.said is Said.OPEN:
            await ctx.schedule("never", ctx.read, item=one.link, bot=one.bot, about=one.id)
        await contacts.drop(ctx.db, one)
    if not every:
        return []
    return [
        n_("{count} contact with other networks", "{count} contacts with other networks",
           len(every))
    ]  # fmt: skip


@feature.service("export")
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return what is shared of the person's things, and their contacts, as lines."""
    lines = [
        _("{number} is shared with {network}.", number=number, network=network)
        for number, network in await share_store.of_author(ctx.db, person)
    ]
    for one in await contacts.of_person(ctx.db, person):
        peer = await store.peer(ctx.db, one.link, one.bot)
        about = {"number": one.item, "network": peer.name if peer else one.bot}
        lines.append(
            _("You asked {network} about {number}: {said}", said=SAID[one.said], **about)
            if one.own
            else _("{network} asked you about {number}: {said}", said=SAID[one.said], **about)
        )
    return lines


SAID: dict[Said, Line] = {
    Said.OPEN: _("no answer yet"),
    Said.YES: _("yes"),
    Said.NO: _("no"),
    Said.GONE: _("nothing is waited for"),
}
"""How each state of a contact reads."""
