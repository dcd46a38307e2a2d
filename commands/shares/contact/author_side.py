"""The author's side of a contact: somebody of another network would like to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import SystemRandom
from typing import Any

from bot.api import (
    CONTACT_FOR_ITEM,
    FINAL,
    Answer,
    Context,
    Effect,
    Job,
    Line,
    UserError,
    UserId,
    _,
    items,
    one_line,
)
from commands.links import store
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import InvalidMessage, NetworkEnvelope
from commands.links.store import NetworkLink, Peer, PeerState
from commands.shares import share_store
from commands.shares.contact import asker_side, contact_messages, sealed_address
from commands.shares.contact import store as contact_store
from commands.shares.contact.sealed_address import UnsealError
from commands.shares.contact.store import ContactRow, ContactState
from commands.shares.declaration import REFUSE_JOB, feature

MOST_OF_NETWORK = 30
"""How many requests of one network are read in a day; ours sends fewer."""
MOST_TO_PERSON = 5
"""How many requests reach one person in a day, and how many wait about one thing."""
SOONEST, WITHIN = timedelta(hours=1), timedelta(hours=11)
"""When a refusal is sent without asking: a random moment, as if a person had refused."""
_CHANCE = SystemRandom()
MOST_REFUSALS = 3
"""After this many refusals a network's requests about the thing reach nobody."""


@inbound.handles("ask", of=feature)
async def receive_request(
    ctx: Context, link: NetworkLink, peer: Peer, one: NetworkEnvelope
) -> Answer:
    """Ask the author whether somebody of another network may contact them, or schedule a refusal if
    they can't be asked. Return what to say, if anything.

    Raises `InvalidMessage` beyond the network's limit.
    """
    ask = one.parse_body(contact_messages.ContactRequest)
    thing = await share_store.find_sent(ctx.db, link.item, ask.thing)
    known = await contact_store.get_contact(ctx.db, link.item, peer.bot, one.id)
    if ask.to != ctx.signer.public or thing is None or known is not None:
        return None  # for another network; withdrawn; or read before
    day = ctx.now - timedelta(days=1)
    if await contact_store.count_contacts_with(ctx.db, peer.bot, False, day) >= MOST_OF_NETWORK:
        raise InvalidMessage("so often")
    row = ContactRow(
        link.item,
        peer.bot,
        one.id,
        False,
        thing.item,
        thing.id,
        UserId(""),
        "",
        None,
        ask.key,
        "",
        ContactState.OPEN,
        ctx.now.timestamp(),
    )
    found = await _author_to_ask(ctx, row, peer)
    if found is None or await _is_asked_too_often(ctx, row, found[0]):
        await contact_store.put_contact(ctx.db, replace(row, said=ContactState.NO))
        at = ctx.now + SOONEST + _CHANCE.random() * WITHIN
        await ctx.schedule(REFUSE_JOB, at, item=link.item, bot=peer.bot, about=one.id)
        return None
    row = replace(row, person=found[0], note=one_line(ask.note))
    await contact_store.put_contact(ctx.db, row)
    await asker_side.schedule_end(ctx, row)
    about = {"link": link.item, "bot": peer.bot, "about": one.id}
    await ctx.begin_dialogue("approached", row.person, about, patience=contact_messages.ANSWER_TIME)
    return None


async def _author_to_ask(
    ctx: Context, row: ContactRow, peer: Peer
) -> tuple[UserId, Line, Line] | None:
    """Return the person to ask, with what to tell them; None if they are not to be asked."""
    item = await items.get(ctx.db, row.item)
    for approach in ctx.registry.offers(CONTACT_FOR_ITEM.of(item.kind)) if item else ():
        try:
            found: tuple[UserId, Line, Line] = await approach(ctx, row.item, peer.name)
        except UserError:
            return None
        return found
    return None


async def _is_asked_too_often(ctx: Context, row: ContactRow, person: UserId) -> bool:
    """Tell whether this person is asked, or refuses, too often to be asked now."""
    day = ctx.now - timedelta(days=1)
    if await contact_store.count_contacts_of(ctx.db, person, False, day) >= MOST_TO_PERSON:
        return True
    others = await contact_store.contacts_about(ctx.db, row.item)
    waiting = sum(one.said is ContactState.OPEN for one in others)
    refused = sum(
        one.said is ContactState.NO and one.bot == row.bot and one.person != "" for one in others
    )
    return waiting >= MOST_TO_PERSON or refused >= MOST_REFUSALS


@feature.runs(REFUSE_JOB)
async def send_refusal(ctx: Context, job: Job) -> Answer:
    """Send another network a refusal of a contact that can't be told from a person's own. Return
    what to say, if anything."""
    link = await store.get_link(ctx.db, job.item) if job.item else None
    bot = UserId(job.payload["bot"])
    peer = await store.get_peer(ctx.db, link.item, bot) if link else None
    row = (
        await contact_store.get_contact(ctx.db, link.item, bot, job.payload["about"])
        if link
        else None
    )
    if not (link and link.room and peer and row and peer.state is PeerState.LINKED):
        return None
    return await _send_reply(ctx, link, peer, row, "")


async def _send_reply(
    ctx: Context, link: NetworkLink, peer: Peer, row: ContactRow, address: str
) -> Effect | None:
    """Send the answer, with a sealed address for a yes. Returns None if their key is no key.

    After a yes our key is kept until their address comes.
    """
    own, public = sealed_address.new_key()
    row = replace(row, secret=own if address else None, author_key=public)
    contact = asker_side.contact_binding(ctx, link, peer, row)
    try:
        sealed = sealed_address.seal_address(own, row.asker_key, contact, contact.author, address)
    except UnsealError:
        return None
    await contact_store.put_contact(ctx.db, row)
    body = contact_messages.ContactReply(to=peer.key or "", key=public, sealed=sealed).model_dump()
    return await outbound.send_message(ctx, link, "answer", body, row.id)


# --- the author's answer -------------------------------------------------------------------------


@feature.dialogue("approached")
async def ask_author(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask an author whether a person of another network may contact them, and send the answer.
    Return what to say, if anything."""
    link = await store.get_link(ctx.db, data["link"])
    peer = await store.get_peer(ctx.db, data["link"], data["bot"])
    row = await contact_store.get_contact(ctx.db, data["link"], data["bot"], data["about"])
    found = await _author_to_ask(ctx, row, peer) if row and peer else None
    if not (link and link.room and peer and row and found and row.said is ContactState.OPEN) or (
        peer.state is not PeerState.LINKED
    ):
        return _("That is not there any more; nobody heard of you.") if ctx.answers else None
    _person, about, stop = found
    note = [_("They say: “{text}”", text=row.note)] if row.note else []
    answer = ctx.ask(
        "want",
        FINAL,
        about,
        *note,
        _(
            "If you say yes, they get your Matrix address, {address}, and you theirs, in"
            " private and"
            " sealed on its way.",
            address=ctx.who,
        ),
        stop,
        _("Do you want that? `yes` or `no`"),
    )
    yes = answer == "yes"
    row = replace(row, said=ContactState.YES if yes else ContactState.NO, note="")
    reply = await _send_reply(ctx, link, peer, row, ctx.who if yes else "")
    if reply is None:
        await contact_store.put_contact(ctx.db, replace(row, said=ContactState.GONE))
        return _("It did not come about: {network} sent a key that I can't use.", network=peer.name)
    if not yes:
        return [
            _("Noted. {network} hears that it did not come about, and no more.", network=peer.name),
            reply,
        ]
    await asker_side.schedule_end(ctx, row)
    return [
        _("Noted. Your address is on its way; theirs I tell you as soon as it is here."),
        reply,
    ]


# --- the asker's address -------------------------------------------------------------------------


@inbound.handles("contact", of=feature)
async def receive_address(
    ctx: Context, link: NetworkLink, peer: Peer, one: NetworkEnvelope
) -> Answer:
    """Tell the author the asker's address, or that the asker is not there any more. Return what to
    say, if anything.

    Raises `InvalidMessage` if the address was not sealed for this contact.
    """
    came = one.parse_body(contact_messages.ContactAddress)
    row = await contact_store.get_contact(ctx.db, link.item, peer.bot, one.id)
    if came.to != ctx.signer.public or row is None or row.own:
        return None
    if came.sealed is None:
        return await asker_side.end_without_asker(ctx, peer, row)
    if row.said is not ContactState.YES or row.secret is None:
        return None
    contact = asker_side.contact_binding(ctx, link, peer, row)
    try:
        theirs = sealed_address.unseal_address(
            row.secret, row.asker_key, contact, contact.asker, came.sealed
        )
    except UnsealError as error:
        raise InvalidMessage("sealed for somebody else") from error
    if not theirs:
        return await asker_side.end_without_asker(ctx, peer, row)
    address = contact_messages.parse_address(theirs)
    await contact_store.put_contact(ctx.db, replace(row, secret=None))
    return asker_side.address_message(ctx, row, await items.get(ctx.db, row.item), peer, address)
