"""Somebody of another network would like to reach one of ours, who says yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import SystemRandom
from typing import Any

from bot.api import FINAL, Answer, Context, Effect, Job, Line, UserError, UserId, _, items
from commands.links import hearing, shares, store, wire
from commands.links.base import feature
from commands.links.contact import asking, secret
from commands.links.contact import said as words
from commands.links.contact import store as contacts
from commands.links.contact.secret import Unopened
from commands.links.contact.store import Row, Said
from commands.links.envelope import Envelope, Unfit
from commands.links.store import Link, Peer, State

MOST_OF_NETWORK = 30
"""A network that asks more in a day is not heard; ours asks less."""
MOST_TO_PERSON = 5
"""So often a day one person is asked by other networks, and so many wait about one thing."""
SOONEST, WITHIN = timedelta(hours=1), timedelta(hours=11)
"""When a no comes that nobody said: whoever is not asked is not to be told from who says no."""
_CHANCE = SystemRandom()
REFUSED = 3
"""After so many times no a network asks in vain about that thing."""


@hearing.takes("ask")
async def asked(ctx: Context, link: Link, peer: Peer, one: Envelope) -> Answer:
    """Whoever wrote the thing is asked, if they can be; else it is a no like any other."""
    ask = one.says(words.Ask)
    thing = await shares.by_id(ctx.db, link.item, ask.thing)
    known = await contacts.get(ctx.db, link.item, peer.bot, one.id)
    if ask.to != ctx.signer.public or thing is None or known is not None:
        return None  # to another network; taken back, as they hear; heard before
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
    await asking.wait(ctx, row)
    about = {"link": link.item, "bot": peer.bot, "about": one.id}
    await ctx.begin("approached", row.person, about, patience=words.WAITS)
    return None


async def _author(ctx: Context, row: Row, peer: Peer) -> tuple[UserId, Line, Line] | None:
    """Whom it is about, and what they are told; None where they are not to be asked."""
    item = await items.get(ctx.db, row.item)
    for approach in ctx.registry.services(f"approach:{item.kind}") if item else ():
        try:
            found: tuple[UserId, Line, Line] = await approach(ctx, row.item, peer.name)
        except UserError:
            return None
        return found
    return None


async def _too_often(ctx: Context, row: Row, person: UserId) -> bool:
    """Nobody is written to again and again through their own bot."""
    day = ctx.read - timedelta(days=1)
    if await contacts.count_of(ctx.db, person, False, day) >= MOST_TO_PERSON:
        return True
    others = await contacts.about(ctx.db, row.item)
    waiting = sum(one.said is Said.OPEN for one in others)
    refused = sum(one.said is Said.NO and one.bot == row.bot and one.person != "" for one in others)
    return waiting >= MOST_TO_PERSON or refused >= REFUSED


@feature.job("refuse")
async def refuse(ctx: Context, job: Job) -> Answer:
    """Nobody was asked, and nobody can tell: people take their time too."""
    link = await store.get(ctx.db, job.item) if job.item else None
    bot = UserId(job.payload["bot"])
    peer = await store.peer(ctx.db, link.item, bot) if link else None
    row = await contacts.get(ctx.db, link.item, bot, job.payload["about"]) if link else None
    if not (link and link.room and peer and row and peer.state is State.LINKED):
        return None
    return await _reply(ctx, link, peer, row, "")


async def _reply(ctx: Context, link: Link, peer: Peer, row: Row, address: str) -> Effect | None:
    """With an address it is a yes, and the key waits for theirs. None: their key is none."""
    own, public = secret.new()
    row = replace(row, secret=own if address else None, author_key=public)
    contact = asking.bound(ctx, link, peer, row)
    try:
        sealed = secret.seal(own, row.asker_key, contact, contact.author, address)
    except Unopened:
        return None
    await contacts.put(ctx.db, row)
    body = words.Reply(to=peer.key or "", key=public, sealed=sealed).model_dump()
    return await wire.send(ctx, link, "answer", body, row.id)


# --- what ours says -------------------------------------------------------------------------------


@feature.dialogue("approached")
async def approached(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Does whoever wrote it want that?"""
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
    await asking.wait(ctx, row)
    return [
        _("Noted. Your address is on its way; theirs I tell you as soon as it is here."),
        reply,
    ]


# --- theirs comes ---------------------------------------------------------------------------------


@hearing.takes("contact")
async def contacted(ctx: Context, link: Link, peer: Peer, one: Envelope) -> Answer:
    """The address of who asked, after our yes; or they are not there any more."""
    came = one.says(words.Address)
    row = await contacts.get(ctx.db, link.item, peer.bot, one.id)
    if came.to != ctx.signer.public or row is None or row.own:
        return None
    if came.sealed is None:
        return await asking.nobody(ctx, peer, row)
    if row.said is not Said.YES or row.secret is None:
        return None
    contact = asking.bound(ctx, link, peer, row)
    try:
        theirs = secret.unseal(row.secret, row.asker_key, contact, contact.asker, came.sealed)
    except Unopened as error:
        raise Unfit("sealed for somebody else") from error
    if not theirs:
        return await asking.nobody(ctx, peer, row)
    address = words.address(theirs)
    await contacts.put(ctx.db, replace(row, secret=None))
    return asking.reached(ctx, row, await items.get(ctx.db, row.item), peer, address)
