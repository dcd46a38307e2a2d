"""The messages that open a poll, and that reopen it when its room is upgraded."""

from __future__ import annotations

from bot.api import (
    MOVE_ROOM,
    Context,
    Effect,
    EventId,
    Item,
    Line,
    MessageRef,
    Number,
    Redact,
    RoomId,
    Say,
    StartPoll,
    _,
    items,
    public_changes,
)
from commands.ballot_secrecy import ballot_opening
from commands.decision_rules.ballots import FEWEST_VOTES
from commands.poll_book import chamber_roll, chamber_store, poll_store, texts
from commands.poll_book.poll import Poll
from commands.polls.declaration import feature


async def opening_lines(ctx: Context, poll: Poll) -> tuple[Line, ...]:
    """Return the lines of a poll's opening message."""
    item = await items.get(ctx.db, poll.number)
    assert item is not None
    since = (*texts.translation_lines(poll), *await _public_lines(ctx, poll, item))
    if poll.rule.secret:
        return (*await ballot_opening.opening_lines(ctx.db, poll), *since)
    lines = texts.opening_message(poll, item.at)
    lines = (*lines[:-1], *await chamber_roll.opening_lines(ctx.db, poll), *lines[-1:], *since)
    return (*lines, _rooms_line(item)) if item.others else lines


async def _public_lines(ctx: Context, poll: Poll, item: Item) -> list[Line]:
    """Say that what comes out becomes public, where it does, and what few voters' counts tell."""
    typed = (poll.title, *(option.label for option in poll.options))
    lines = await public_changes.opening_lines(ctx, item, typed)
    if not lines or poll.rule.secret:
        return lines
    chambers = await chamber_store.chambers_of(ctx.db, poll.number)
    if min(poll.roll, *(one.size for one in chambers), FEWEST_VOTES) < FEWEST_VOTES:
        lines.append(
            _(
                "Where fewer than {fewest} can vote, the counts alone can tell how somebody voted.",
                fewest=FEWEST_VOTES,
            )
        )
    return lines


def _rooms_line(item: Item) -> Line:
    """Say that a poll is shown in many rooms, and counted once."""
    return _(
        "It is asked in {count} rooms and counted once: `!results {number} rooms`",
        count=len(item.rooms),
        number=item.number,
    )


async def opening_messages(
    ctx: Context, poll: Poll, room: RoomId, thread: EventId | None, *first: Line
) -> list[Effect]:
    """Return the messages that open a poll: one to reply to, below the lines `first`, and a native
    poll to tap.

    A secret ballot has no native poll, where everybody would see who taps.
    """
    number = poll.number
    item = await items.get(ctx.db, number)
    assert item is not None
    said = (*first, *await opening_lines(ctx, poll))
    slot = item.ref(room, "opening").slot
    message = Say(said, room=room, thread=thread, loud=True, item=number, slot=slot)
    if poll.rule.secret:
        return [message, await ballot_opening.manifest_file(ctx, poll, room, thread)]
    if not poll.has_native_poll:
        return [message]
    return [message, native_poll(poll, item, room, thread)]


def native_poll(poll: Poll, item: Item, room: RoomId, thread: EventId | None) -> StartPoll:
    """Return the effect that posts a poll's native poll. It shows no counts: apps would count the
    taps alone."""
    labels = poll.kind.labels(poll.question)
    return StartPoll(
        poll.title,
        tuple((f"o{place}", label) for place, label in enumerate(labels, start=1)),
        item=poll.number,
        slot=item.ref(room, "poll").slot,
        max_selections=poll.taps,
        disclosed=False,
        room=room,
        thread=thread,
    )


def remove_native_poll(item: Item, room: RoomId) -> Redact:
    """Return the effect that redacts a native poll instead of ending it, as apps would count the
    taps alone.

    What was decided then stands there once, as we counted it (decision 0030).
    """
    return Redact(item.ref(room, "poll"), room=room, quiet=True)


@feature.offers(MOVE_ROOM)
async def move_native_polls(ctx: Context, old: RoomId, new: RoomId) -> list[Effect]:
    """Return the effects that redact each native poll in an upgraded room, and open it in the new
    one. Votes stay."""
    effects: list[Effect] = []
    for number, _question, _closes in await poll_store.open_polls_in(ctx.db, new, limit=1000):
        effects += await _move_poll(ctx, number, old, new)
    return effects


async def _move_poll(ctx: Context, number: Number, old: RoomId, new: RoomId) -> list[Effect]:
    poll, item = await poll_store.get_poll(ctx.db, number), await items.get(ctx.db, number)
    if item is None:
        return []
    gone = _("Poll {number} goes on in the new room.", number=number)
    here = _("Poll {number} goes on here. Who has voted need not vote again.", number=number)
    shown = await opening_messages(ctx, poll, new, None, here)
    if not poll.has_native_poll:
        return [Say((gone,), room=old), *shown]
    posted = MessageRef(number, "poll") if item.room == new else item.ref(old, "poll")
    return [Redact(posted, room=old, quiet=True), Say((gone,), room=old), *shown]
