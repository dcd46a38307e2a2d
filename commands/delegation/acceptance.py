"""A vote is given when the other person accepts it, in private; and for so long as was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.api import (
    YES_NO,
    Answer,
    Context,
    Job,
    Person,
    Say,
    UserId,
    _,
    rooms,
)
from commands.delegation import command, poll_proxies, store, texts
from commands.delegation.declaration import END_JOB, feature
from commands.delegation.store import Delegation

feature.log_line(
    "given",
    _("the vote of {giver} is with {taker}"),
    values=lambda facts: {
        "giver": Person(UserId(str(facts.get("giver", "")))),
        "taker": Person(UserId(str(facts.get("user", "")))),
    },
)


@feature.dialogue("accept")
async def ask_taker(ctx: Context, data: Mapping[str, Any]) -> Answer:
    """Ask a person whether they accept that another one gives them their vote. Return what to say,
    if anything. Raises `UserError` if that can't be any more."""
    one = await store.get(ctx.db, int(data["delegation"]))
    if one is None or one.accepted or one.taker != ctx.who:
        return _("That has been taken back.") if ctx.answers else None
    if one.until is not None and one.until <= ctx.said_at:
        await store.drop(ctx.db, one.id)
        return _("That is over already.") if ctx.answers else None
    room = await rooms.get(ctx.db, one.room)
    answer = ctx.ask(
        "accept",
        YES_NO,
        texts.given_line(one),
        _(
            "In {room}: where {giver} does not vote, your vote counts for both.",
            room=(room.name if room else "") or one.room,
            giver=Person(one.giver),
        ),
        _("Do you accept? `yes` or `no`"),
    )
    if answer != "yes":
        await store.drop(ctx.db, one.id)
        told = _("{person} did not accept your vote: it stays with you.", person=Person(ctx.who))
        stays = _("Good: it stays with {person}.", person=Person(one.giver))
        return [stays, Say((told,), to=one.giver)]
    await command.require_fit_poll(ctx, one)
    await command.require_room_for_it(ctx, one)
    return await _accept(ctx, one)


async def _accept(ctx: Context, one: Delegation) -> Answer:
    await store.accept(ctx.db, one)
    await poll_proxies.refresh_room(ctx, one.room, withdrawn=True)
    await ctx.log("given", {"giver": one.giver, "user": one.taker}, room=one.room)
    if one.until is not None:
        await ctx.schedule(END_JOB, one.until, room=one.room, delegation=one.id)
    said = _("Accepted: {given}", given=texts.given_line(one))
    return [
        _("Good. To give it back: `!delegate no @name`"),
        Say((said,), room=one.room),
        Say((said,), to=one.giver),
    ]


@feature.runs(END_JOB)
async def end_when_due(ctx: Context, job: Job) -> Answer:
    """End a delegation (of one's vote to somebody) on its day. What was voted with it before stays.
    Return what to say, if anything."""
    one = await store.get(ctx.db, int(job.payload["delegation"]))
    if one is None or not one.accepted:
        return None
    await store.drop(ctx.db, one.id)
    await poll_proxies.refresh_room(ctx, one.room)
    said = _("No more: {given}", given=texts.given_line(one))
    return [
        Say((said,), to=person)
        for person in (one.giver, one.taker)
        if await rooms.shares_room(ctx.db, person)
    ]
