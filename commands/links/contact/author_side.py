"""The author's side of a contact: somebody of another network would like to reach them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import SystemRandom
from typing import Any

from bot.api import FINAL, Answer, Context, Effect, Job, Line, UserError, UserId, _, items
from commands.links import store
from commands.links.contact import asker_side, sealed_address
from commands.links.contact import contact_messages as words
from commands.links.contact import store as contacts
from commands.links.contact.sealed_address import Unopened
from commands.links.contact.store import Row, Said
from commands.links.declaration import feature
from commands.links.protocol import inbound, outbound
from commands.links.protocol.envelope import Envelope, Unfit
from commands.links.shares import share_store
from commands.links.store import Link, Peer, State

MOST_OF_NETWORK = 30
"""How many requests of one network are read in a day; ours sends fewer."""
MOST_TO_PERSON = 5
"""How many requests reach one person in a day, and how many wait about one thing."""
SOONEST, WITHIN = timedelta(hours=1), timedelta(hours=11)
"""When a refusal is sent without asking: a random moment, as if a person had refused."""
_CHANCE = SystemRandom()
REFUSED = 3
"""After this many refusals a network's requests about the thing reach nobody."""


@inbound.takes("ask")
async def asked(ctx: Context, link: Link, peer: Peer, one: Envelope) -> Answer:
    """Ask the author of the thing, or schedule a refusal if they can't be asked.

    Raises `InvalidMessage` beyond the network's limit.
    """
    ask = one.says(words.Ask)
    thing = await share_store.by_id(ctx.db, link.item, ask.thing)
    known = await contacts.get(ctx.db, link.item, peer.bot, one.id)
    if ask.to != ctx.signer.public or thing is None or known is not None:
        return None  # for another network; withdrawn; or read before
    day = ctx.read - timedelta(days=1)
    if await contacts.count_with(ctx.db, peer.bot, False, day) >= MOST_OF_NETWORK:
        raise Unfit("so often")
    row = Row(link.item, peer.bot, one.id, False, thing.item, thing.id, UserId(""), "", None,
              ask.key, "", Said.OPEN, ctx.read.timestamp())  # fmt: skip
    found = await _author(ctx, row, peer)
    if found is None or await _too_often(ctx, row, found[0]):
        await contacts.put(ctx.db, replace(row, said=Said.NO))
        at = ctx.read + SOONEST + _CHANCE.random() * WITHIN
        await ctx.schedule("refuse", at, item=link.item, bot=peer.bot, about=one.id)
        return None
    row = replace(row, person=found[0], note=words.words(ask.note))
    await contacts.put(ctx.db, row)
    await asker_side.wait(ctx, row)
    about = {"link": link.item, "bot": peer.bot, "about": one.id}
    await ctx.begin("approached", row.person, about, patience=words.WAITS)
    return None


async def _author(ctx: Context, row: Row, peer: Peer) -> tuple[UserId, Line, Line] | None:
    """Return the person to ask, with what to tell them; None if they are not to be asked."""
    item = await items.get(ctx.db, row.item)
    for approach in ctx.registry.services(f"approach:{item.kind}") if item else ():
        try:
            found: tuple[UserId, Line, Line] = await approach(ctx, row.item, peer.name)
        except UserError:
            return None
        return found
    return None


async def _too_often(ctx: Context, row: Row, person: UserId) -> bool:
    """Tell whether this person is asked, or refuses, too often to be asked now."""
    day = ctx.read - timedelta(days=1)
    if await contacts.count_of(ctx.db, person, False, day) >= MOST_TO_PERSON:
        return True
    others = await contacts.about(ctx.db, row.item)
    waiting = sum(one.said is Said.OPEN for one in others)
    refused = sum(one.said is Said.NO and one.bot == row.bot and one.person != "" for one in others)
    return waiting >= MOST_TO_PERSON or refused >= REFUSED


@feature.job("refuse")
async def refuse(ctx: Context, job: Job) -> Answer:
    """Send a refusal that can't be told from a person's own."""
    link = await store.get(ctx.db, job.item) if job.item else None
    bot = UserId(job.payload["bot"])
    peer = await store.peer(ctx.db, link.item, bot) if link else None
    row = await contacts.get(ctx.db, link.item, bot, job.payload["about"]) if link else None
    if not (link and link.room and peer and row and peer.state is State.LINKED):
        return None
    return await _reply(ctx, link, peer, row, "")


async def _reply(ctx: Context, link: Link, peer: Peer, row: Row, address: str) -> Effect | None:
    """Send the answer, with a sealed address for a yes. Returns None if their key is no key.

    After a yes our key is kept until their address comes.
    """
    own, public = sealed_address.new()
    row = replace(row, secret=own if address else None, author_key=public)
    contact = asker_side.bound(ctx, link, peer, row)
    try:
        sealed = sealed_address.seal(own, row.asker_key, contact, contact.author, address)
    except Unopened:
        return None
    await contacts.put(ctx.db, row)
    body = words.Reply(to=peer.key or "", key=public, sealed=sealed).model_dump()
    return await outbound.send(ctx, link, "answer", body, row.id)


# --- the author's answer -------------------------------------------------------------------------


@feature.dialogue("approached")
async def approached(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask the author, and send the answer."""
    link = await store.get(ctx.db, data["link"])
    peer = await store.peer(ctx.db, data["link"], data["bot"])
    row = await contacts.get(ctx.db, data["link"], data["bot"], data["about"])
    found = await _author(ctx, row, peer) if row and peer else None
    if not (link and link.room and peer and row and found and row.said is Said.OPEN) or (
        peer.state is not State.LINKED
    ):
        return _("That is not there any more; nobody heard of you.") if ctx.known else None
    _person, about, stop = found
    note = [_("They say: “{text}”", text=row.note)] if row.note else []
    answer = ctx.ask(
        "want",
        FINAL,
        about,
        *note,
        _("If you say yes, they get your Matrix address, {address}, and you theirs, in private and"
          " sealed on its way.", address=ctx.who),
        stop,
        _("Do you want that? `yes` or `no`"),
    )  # fmt: skip
    yes = answer == "yes"
    row = replace(row, said=Said.YES if yes else Said.NO, note="")
    reply = await _reply(ctx, link, peer, row, ctx.who if yes else "")
    if reply is None:
        await contacts.put(ctx.db, replace(row, said=Said.GONE))
        return _("It did not come about: {network} sent a key that I can't use.", network=peer.name)
    if not yes:
        return [_("Noted. {network} hears that it did not come about, and no more.",
                  network=peer.name), reply]  # fmt: skip
    await asker_side.wait(ctx, row)
    return [
        _("Noted. Your address is on its way; theirs I tell you as soon as it is here."),
        reply,
    ]


# --- the asker's address -------------------------------------------------------------------------


@inbound.takes("contact")
async def contacted(ctx: Context, link: Link, peer: Peer, one: Envelope) -> Answer:
    """Tell the author the asker's address, or that the asker is not there any more.

    Raises `InvalidMessage` if the address was not sealed for this contact.
    """
    came = one.says(words.Address)
    row = await contacts.get(ctx.db, link.item, peer.bot, one.id)
    if came.to != ctx.signer.public or row is None or row.own:
        return None
    if came.sealed is None:
        return await asker_side.nobody(ctx, peer, row)
    if row.said is not Said.YES or row.secret is None:
        return None
    contact = asker_side.bound(ctx, link, peer, row)
    try:
        theirs = sealed_address.unseal(
            row.secret, row.asker_key, contact, contact.asker, came.sealed
        )
    except Unopened as error:
        raise Unfit("sealed for somebody else") from error
    if not theirs:
        return await asker_side.nobody(ctx, peer, row)
    address = words.address(theirs)
    await contacts.put(ctx.db, replace(row, secret=None))
    return asker_side.reached(ctx, row, await items.get(ctx.db, row.item), peer, address)
