"""Services of the embargo feature: taking back, a restore, and a person's data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from bot.api import (
    AFTER_RESTORE,
    CANCEL,
    EXPORT_PERSON,
    FORGET,
    PENDING,
    Answer,
    Context,
    Effect,
    Item,
    Job,
    Line,
    RoomId,
    Say,
    UserId,
    _,
    n_,
    verbatim,
)
from commands.embargo import embargo_command, held_store, holding
from commands.embargo.declaration import GONE_JOB, KIND, feature
from commands.embargo.held_store import Held
from commands.embargo.holding import HELD_MESSAGE, HeldMessage

feature.rows("embargo_held", room="room", person="author", on_forget="code")
feature.rows("embargo_held", text="content", on_forget="blank")
feature.rows("item", text="title", where="feature = 'embargo'", on_forget="blank")
feature.at_split("embargo_held", "stays")  # in the author's private room with this bot


@feature.offers(CANCEL.of(KIND))
async def take_back(ctx: Context, item: Item) -> Answer:
    """Delete something that waits to be published, for its author; nobody has seen it. Return what
    to say, if anything."""
    one = await held_store.get_held(ctx.db, item.number)
    if one is None:
        return _("Number {number} waits no more.", number=item.number)
    await holding.drop(ctx, one)
    return _("Embargo {number} is deleted. Nobody saw it.", number=item.number)


@feature.offers(PENDING)
async def pending_lines(ctx: Context, room: RoomId) -> list[Line]:
    """Return lines with the asker's own embargoes, in their private room: nobody else may see
    them."""
    if not ctx.is_private or room != ctx.room:
        return []
    found = await held_store.held_by(ctx.db, ctx.who)
    return [await embargo_command.embargo_line(ctx, one) for one in found]


@feature.offers(AFTER_RESTORE)
async def ask_authors(ctx: Context, _made: datetime) -> list[Effect]:
    """After a restored backup ask before publishing what was due since the copy: it may be out
    already. Return what to send.

    What is still to come goes on; it may have been taken back since, so its author is told.
    """
    told: list[Effect] = []
    for one in await held_store.all_held(ctx.db):
        line = await embargo_command.embargo_line(ctx, one)
        if one.due > ctx.said_at:
            lines = (
                _("I was restored from a copy. This still waits for its time:"),
                line,
                _("If you took it back since: `cancel {number}`", number=one.item),
            )
        else:
            await ctx.cancel_jobs(one.item, one.job)
            lines = (
                _("I was restored from a copy. I don't know whether this is out already:"),
                line,
                _(
                    "If it isn't: `publish {number}`. If it is: `cancel {number}`",
                    number=one.item,
                ),
            )
        told.append(Say(lines, to=one.author, loud=True, item=one.item))
    return told


@feature.offers(FORGET)
async def forget_person(ctx: Context, person: UserId) -> list[Line]:
    """Delete what a person has waiting to be published, and their messages that others have
    waiting. Return lines about it.

    Those others are told, without a name.
    """
    found = await held_store.held_by(ctx.db, person)
    for one in found:
        await holding.drop(ctx, one)
    said = [n_("{count} embargo", "{count} embargoes", len(found))] if found else []
    theirs = [one async for one, _message in _messages_of(ctx, person)]
    for one in theirs:
        await holding.drop(ctx, one)
        await ctx.schedule(GONE_JOB, ctx.now, person=one.author, number=one.item)
    if theirs:
        said.append(
            n_(
                "{count} message of yours that somebody would have published later",
                "{count} messages of yours that somebody would have published later",
                len(theirs),
            )
        )
    return said


async def _messages_of(ctx: Context, person: UserId) -> AsyncIterator[tuple[Held, HeldMessage]]:
    """Yield the person's messages that others hold, as the capabilities say that made them."""
    for one in await held_store.held_naming(ctx.db, person):
        read = ctx.registry.offer_of(one.job.feature, HELD_MESSAGE)
        message = await read(ctx, one) if read is not None else None
        if message is not None and message.said_by == person:
            yield one, message


@feature.runs(GONE_JOB)
async def tell_gone(_ctx: Context, job: Job) -> Answer:
    """Tell a person that what they had waiting will not be published. Return what to say, if
    anything."""
    if job.person is None:
        return None
    told = _(
        "Embargo {number} is deleted: whoever wrote that message had their words taken out.",
        number=int(job.payload["number"]),
    )
    return Say((told,), to=job.person)


@feature.offers(EXPORT_PERSON)
async def export_data(ctx: Context, person: UserId) -> list[Line]:
    """Return lines with what the person has waiting to be published, and their messages that others
    have."""
    found = await held_store.held_by(ctx.db, person)
    lines = [await embargo_command.embargo_line(ctx, one) for one in found]
    async for _one, message in _messages_of(ctx, person):
        lines.append(
            _(
                "Somebody keeps your message, to publish it later: {text}",
                text=verbatim(message.text),
            )
        )
    return lines
