"""`!network share` and `withdraw`: our shares in other networks, kept up to date there."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Annotated

from pydantic import Field

from bot.api import (
    ITEM_CHANGED,
    ITEM_NAMED,
    PARTICIPANT_TOTALS,
    SHARE,
    SOLE_SHARER,
    Answer,
    Context,
    Count,
    Effect,
    Item,
    Job,
    Line,
    Number,
    Say,
    SharedItem,
    StrictModel,
    UserError,
    UserId,
    _,
    canonical_json,
    items,
)
from commands.links import store
from commands.links.network_names import links_named
from commands.links.protocol import outbound
from commands.links.protocol.envelope import LARGEST
from commands.links.store import NetworkLink, Peer
from commands.shares import room_trust, share_store, share_totals
from commands.shares.contact import contact_end
from commands.shares.declaration import TELL_JOB, feature
from commands.shares.share_store import SentShare

COLLECTING_TIME = timedelta(minutes=1)
"""Changes within this time are sent as one."""
MOST_VERSIONS = 10**9
BYTES_AROUND = 1_000
"""Bytes of a message that are not the share itself."""
_WITH_NETWORKS = re.compile(r"(?:^|\s)(?:con|com|with)\s+(?=.)", re.IGNORECASE)


class ShareBody(StrictModel):
    """Body of `share`: the kind, the version, and what its capability wrote."""

    what: Annotated[str, Field(pattern=r"^[a-z]{1,30}$")]
    version: Annotated[Count, Field(ge=1, lt=MOST_VERSIONS)]
    content: Annotated[dict[str, str], Field(max_length=10)]


async def find_networks(_ctx: Context, text: str) -> tuple[str, str]:
    """Return the names of networks at the end of a line (`… with Red B`), and the text before."""
    before, *named = _WITH_NETWORKS.split(text, maxsplit=1)
    return "".join(named), before


async def find_item(ctx: Context, text: str) -> tuple[Item, str]:
    """Return the item to share, and the rest of the text: the one with a name that a capability
    knows it by, as the library does, the one with this number, or the one replied to."""
    for offer in ctx.registry.offers(ITEM_NAMED):
        if (number := await offer(ctx, text.strip())) is not None:
            return await ctx.parse_item(str(number), takes=0)
    return await ctx.parse_item(text, takes=0)


NamedNetworks = Annotated[str, find_networks]
ItemToShare = Annotated[Item, find_item]


async def share_item(ctx: Context, networks: NamedNetworks, item: ItemToShare) -> Answer:
    """Show which part of an item would be sent and to whom, and share it after a confirmation.
    Return what to say, if anything.

    Raises `UserError` without the right, and for what can't be shared or is shared already.
    """
    if await share_store.received_by_copy(ctx.db, item.number) is not None:
        raise UserError(_("{number} is another network's: only they share it.", number=item.number))
    whose = await _owner_of(ctx, item)
    await _may_share(ctx, item, whose)
    links = await links_named(ctx, networks)
    known = {one.link: one for one in await share_store.sent_shares(ctx.db, item.number)}
    fresh = [(one, peers) for one, peers in links if one.item not in known]
    if not fresh:
        raise UserError(
            _("It is shared with them already."),
            _("To take it back: `!network withdraw {number}`", number=item.number),
        )
    thing = await _share_content(ctx, item)
    names = tuple(peer.name for _one, peers in fresh for peer in peers)
    counted = ctx.registry.offers(PARTICIPANT_TOTALS.of(item.kind))
    ctx.confirm(
        _("This goes to {names}, and nothing else; I add no name of a person:", names=names),
        *thing.lines,
        _("There a moderator decides whether it is shown."),
        *([_("Only how many come is told back.")] if counted else []),
    )
    effects = await send_out(ctx, item, fresh, thing)
    await share_totals.update_own_texts(ctx, item)
    return [
        _(
            "Shared with {names}. To take it back: `!network withdraw {number}`",
            names=names,
            number=item.number,
        ),
        *effects,
    ]


async def send_out(
    ctx: Context, item: Item, links: Sequence[tuple[NetworkLink, Sequence[Peer]]], thing: SharedItem
) -> list[Effect]:
    """Send a share of an item into these links, and log it if the item is a room's and not a
    person's. Return the messages."""
    effects: list[Effect] = []
    for one, _peers in links:
        new = SentShare(item.number, one.item, outbound.new_id(), 1, _mark(thing))
        await share_store.put_sent(ctx.db, new)
        effects.append(await _share_message(ctx, one, new, item.kind, thing))
    names = [peer.name for _one, peers in links for peer in peers]
    if await _owner_of(ctx, item) is None:  # a person's own share is no use of power: not logged
        await ctx.log("shared", {"number": item.number, "names": names}, room=item.room)
    return effects


async def _owner_of(ctx: Context, item: Item) -> UserId | None:
    """Return the person whose item it is; None if it is the room's."""
    for offer in ctx.registry.offers(SOLE_SHARER.of(item.kind)):
        found: UserId = await offer(ctx, item.number)
        return found
    return None


async def _may_share(ctx: Context, item: Item, whose: UserId | None) -> None:
    """Raise `UserError` unless the sender may share the item."""
    if whose is not None and whose != ctx.who:
        raise UserError(
            _("You can't share {number}: only whoever wrote it may.", number=item.number),
        )
    if whose is None and not await ctx.moderates(item.room):
        raise UserError(
            _(
                "You can't share {number}: that is for the moderators of its room.",
                number=item.number,
            )
        )


async def _share_content(ctx: Context, item: Item) -> SharedItem:
    for offer in ctx.registry.offers(SHARE.of(item.kind)):
        found: SharedItem = await offer(ctx, item.number)
        if len(json.dumps(dict(found.body))) > LARGEST - BYTES_AROUND:
            raise UserError(_("{number} is too long to be shared.", number=item.number))
        return found
    raise UserError(
        _("What has the number {number} can't be shared with other networks.", number=item.number),
        _(
            "What can: {kinds}. For example: `!network share 57`",
            kinds=tuple(room_trust.KIND_WORDS.values()),
        ),
    )


async def _share_message(
    ctx: Context, link: NetworkLink, one: SentShare, kind: str, thing: SharedItem
) -> Effect:
    said = ShareBody(what=kind, version=one.version, content=dict(thing.body))
    return await outbound.send_message(ctx, link, "share", said.model_dump(), one.id)


def _mark(thing: SharedItem) -> bytes:
    return sha256(canonical_json(dict(thing.body))).digest()


async def withdraw_item(ctx: Context, item: ItemToShare) -> Answer:
    """Withdraw a shared item from all networks that have it. Return what to say, if anything.

    Raises `UserError` without the right, and if no network has it.
    """
    whose = await _owner_of(ctx, item)
    own = whose == ctx.who
    if whose is not None and not own and not await ctx.moderates(item.room):
        raise UserError(
            _(
                "You can't take {number} back: that is for whoever wrote it and the moderators.",
                number=item.number,
            )
        )
    if not own and not await ctx.moderates(item.room):
        raise UserError(
            _(
                "You can't take {number} back: that is for the moderators of its room.",
                number=item.number,
            )
        )
    if await share_store.received_by_copy(ctx.db, item.number) is not None:
        raise UserError(
            _("{number} is another network's: only they take it back.", number=item.number),
            _("To take it away here: `!cancel {number}`", number=item.number),
        )
    return await take_back(ctx, item)


async def end_link_shares(ctx: Context, link: Number) -> None:
    """Delete our shares in a link that has ended, and update the messages about their items
    here."""
    for one in await share_store.sent_in_link(ctx.db, link):
        await share_store.drop_sent(ctx.db, one)
        await share_totals.update_messages(ctx, one.item)


async def take_back(ctx: Context, item: Item) -> list[Line | Effect]:
    """Withdraw a shared item from all networks that have it. Return what to say. Raises `UserError`
    if none has."""
    every = await share_store.sent_shares(ctx.db, item.number)
    if not every:
        raise UserError(_("{number} is shared with no other network.", number=item.number))
    effects = await _take_back(ctx, every)
    await share_totals.update_own_texts(ctx, item)
    if await _owner_of(ctx, item) != ctx.who:
        await ctx.log("withdrawn", {"number": item.number}, room=item.room)
    return [_("Taken back: it is no longer shown in other networks."), *effects]


async def _take_back(ctx: Context, every: Sequence[SentShare]) -> list[Effect]:
    effects: list[Effect] = []
    for one in every:
        link = await store.get_link(ctx.db, one.link)
        await share_store.drop_sent(ctx.db, one)
        if link is not None and link.room is not None:
            await contact_end.stop_requests_about(ctx, link, one.item)
            body = {"version": one.version + 1}
            effects.append(await outbound.send_message(ctx, link, "withdraw", body, one.id))
    return effects


# --- keeping it up ----------------------------------------------------------------------------


@feature.offers(ITEM_CHANGED)
async def schedule_share_update(ctx: Context, number: Number) -> None:
    """Schedule that an item's change (or, for a copy, its number of people) is sent to the networks
    that share it."""
    shared = await share_store.sent_shares(ctx.db, number)
    if (shared or await share_store.received_by_copy(ctx.db, number)) and not await ctx.has_job(
        number, TELL_JOB
    ):
        await ctx.schedule(TELL_JOB, ctx.now + COLLECTING_TIME, item=number)


@feature.runs(TELL_JOB)
async def send_share_update(ctx: Context, job: Job) -> Answer:
    """Send a shared item's new version to all networks that have it; for a copy, the number of its
    people to its network. Return what to say, if anything.

    An item that can't be shared any more is withdrawn.
    """
    item = await items.get(ctx.db, job.item) if job.item else None
    if item is None:
        return None
    copy = await share_store.received_by_copy(ctx.db, item.number)
    if copy is not None:
        return await share_totals.send_totals(ctx, item, copy)
    every = await share_store.sent_shares(ctx.db, item.number)
    try:
        thing = await _share_content(ctx, item)
    except UserError as error:  # so it can't stay there either
        return [*await _take_back(ctx, every), *_withdrawn_lines(item, error)]
    effects: list[Effect] = []
    for one in every:
        link = await store.get_link(ctx.db, one.link)
        if link is not None and link.room is not None and one.mark != _mark(thing):
            newer = replace(one, version=one.version + 1, mark=_mark(thing))
            await share_store.put_sent(ctx.db, newer)
            effects.append(await _share_message(ctx, link, newer, item.kind, thing))
    return effects


def _withdrawn_lines(item: Item, error: UserError) -> list[Effect]:
    """Say why an open item is withdrawn. A closed one needs no message."""
    if not item.open:
        return []
    told = _("{number} is shared with other networks no more.", number=item.number)
    return [Say((told, *error.lines), room=item.room)]
