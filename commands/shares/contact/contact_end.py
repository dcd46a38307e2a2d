"""Early ends of a contact: the thing, the link, or one of the two people is gone."""

from __future__ import annotations

from dataclasses import replace

from bot.api import EXPORT_PERSON, FORGET, Context, Effect, Line, Number, Say, UserId, _, items, n_
from commands.links import store
from commands.links.store import NetworkLink, Peer
from commands.shares import share_store
from commands.shares.contact import asker_side
from commands.shares.contact import store as contact_store
from commands.shares.contact.store import ContactRow, ContactState
from commands.shares.declaration import NEVER_JOB, feature


async def end_contacts_about(ctx: Context, peer: Peer, copy: Number) -> list[Effect]:
    """End open requests for contact about a copy that is no longer shown, and tell the askers.
    Return what to send."""
    return await _end_requests(
        ctx,
        peer,
        [
            one
            for one in await contact_store.contacts_about(ctx.db, copy)
            if one.own and one.said is ContactState.OPEN
        ],
    )


async def end_contacts_with(ctx: Context, peer: Peer) -> list[Effect]:
    """End and delete all contacts with people of a network whose link has ended; tell who waits for
    an answer. Return what to send."""
    every = await contact_store.contacts_with_bot(ctx.db, peer.link, peer.bot)
    told = await _end_requests(
        ctx, peer, [one for one in every if one.own and one.said is ContactState.OPEN]
    )
    for one in every:
        await contact_store.drop_contact(ctx.db, one)
    return told


async def _end_requests(ctx: Context, peer: Peer, waiting: list[ContactRow]) -> list[Effect]:
    effects: list[Effect] = []
    for one in waiting:
        await contact_store.put_contact(ctx.db, replace(one, said=ContactState.GONE, secret=None))
        item = await items.get(ctx.db, one.item)
        lines = (
            _(
                "Nothing comes of it: {network} took {number}, “{title}”, back, or is not linked"
                " any"
                " more.",
                network=peer.name,
                number=one.item,
                title=asker_side.item_title(item),
            ),
            _("Your name went nowhere."),
        )
        effects.append(Say(lines, to=one.person))
    return effects


async def stop_requests_about(ctx: Context, link: NetworkLink, item: Number) -> None:
    """End open requests for contact about a thing that we no longer share with that network. A yes
    stays a yes."""
    for one in await contact_store.contacts_about(ctx.db, item):
        if one.link == link.item and not one.own and one.said is ContactState.OPEN:
            await contact_store.put_contact(ctx.db, replace(one, said=ContactState.GONE, note=""))


@feature.offers(FORGET)
async def forget(ctx: Context, person: UserId) -> list[Line]:
    """Delete the person's contacts with people of other networks, and schedule that these networks
    are told. Return lines that say what was deleted."""
    every = await contact_store.contacts_of_person(ctx.db, person)
    for one in every:
        if one.own and one.said is ContactState.OPEN:
            await ctx.schedule(NEVER_JOB, ctx.now, item=one.link, bot=one.bot, about=one.id)
        await contact_store.drop_contact(ctx.db, one)
    if not every:
        return []
    return [
        n_(
            "{count} contact with other networks",
            "{count} contacts with other networks",
            len(every),
        )
    ]


@feature.offers(EXPORT_PERSON)
async def export(ctx: Context, person: UserId) -> list[Line]:
    """Return lines for the person with what is shared of their things, and their contacts in other
    networks."""
    lines = [
        _("{number} is shared with {network}.", number=number, network=network)
        for number, network in await share_store.shares_of_author(ctx.db, person)
    ]
    for one in await contact_store.contacts_of_person(ctx.db, person):
        peer = await store.get_peer(ctx.db, one.link, one.bot)
        about = {"number": one.item, "network": peer.name if peer else one.bot}
        lines.append(
            _("You asked {network} about {number}: {said}", said=STATE_LINES[one.said], **about)
            if one.own
            else _(
                "{network} asked you about {number}: {said}", said=STATE_LINES[one.said], **about
            )
        )
    return lines


STATE_LINES: dict[ContactState, Line] = {
    ContactState.OPEN: _("no answer yet"),
    ContactState.YES: _("yes"),
    ContactState.NO: _("no"),
    ContactState.GONE: _("nothing is waited for"),
}
"""How each state of a contact reads."""
