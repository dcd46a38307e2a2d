"""Deletion of items: others withdraw what they got from us, of others' nothing stays here."""

from __future__ import annotations

from dataclasses import replace

from bot.api import ITEM_DELETED, Answer, Context, Job, Number
from commands.links import store
from commands.links.protocol import outbound
from commands.shares import share_store
from commands.shares.declaration import RETRACT_JOB, feature
from commands.shares.share_store import Fate


@feature.offers(ITEM_DELETED)
async def forget_shares(ctx: Context, number: Number) -> None:
    """Delete the record of which networks have the item, and schedule that they are told. Runs
    before it is deleted."""
    for one in await share_store.sent_shares(ctx.db, number):
        link = await store.get_link(ctx.db, one.link)
        await share_store.drop_sent(ctx.db, one)
        if link is not None and link.room is not None:
            await ctx.schedule(
                RETRACT_JOB,
                ctx.now,
                item=link.item,
                room=link.room,
                id=one.id,
                version=one.version + 1,
            )
    copy = await share_store.received_by_copy(ctx.db, number)
    if copy is not None and copy.fate is not Fate.WITHDRAWN:
        blank = replace(copy, fate=Fate.DECLINED, title="", body={}, copy=None)
        await share_store.put_received(ctx.db, blank)


@feature.runs(RETRACT_JOB)
async def send_withdrawal(ctx: Context, job: Job) -> Answer:
    """Tell the networks of a link that a deleted item is withdrawn.

    A job does it, since whoever asks to be forgotten can't return effects.
    """
    link = await store.get_link(ctx.db, job.item) if job.item else None
    if link is None or link.room is None:
        return None
    body = {"version": job.payload["version"]}
    return await outbound.send_message(ctx, link, "withdraw", body, job.payload["id"])
