"""Secret votes given where everybody can see them: removed, not counted, and explained."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Item,
    Number,
    PollVote,
    Redact,
    Say,
    UserError,
    items,
    may_redact,
)
from commands.ballot_secrecy import ballot_texts, ballot_votes
from commands.ballot_secrecy.declaration import new_slot
from commands.ballot_secrecy.vote_text import begins_like_vote, parse_secret_vote
from commands.decision_rules import vote_rules
from commands.poll_book import poll_store, roll, vote_entry
from commands.poll_book import texts as poll_texts
from commands.poll_book.poll import Poll
from commands.poll_book.poll_lookup import find_with_option

IN_THE_ROOM = "room"
"""Why the vote was refused, as the log and the result name it."""


async def find_ballot(ctx: Context, text: str) -> tuple[Item, str] | None:
    """Return the secret ballot, open in this room, for which `text` may be a vote without a number,
    and `text`; or None.

    None too if the text replies to a poll, begins with the number of one that the person may see,
    or is an option of the only open poll here that has it. Such a text is a vote in that poll.
    """
    if not text.strip() or await ctx.replied_item("poll") is not None:
        return None
    number = re.match(r"\s*#?(\d{1,9})\b", text)
    named = await items.get(ctx.db, Number(int(number[1]))) if number else None
    if named is not None and named.kind == "poll" and await ctx.may_see(named):
        return None
    here = await poll_store.open_polls_in(ctx.db, ctx.room)
    if await find_with_option(ctx, [number_ for number_, *_rest in here], text) is not None:
        return None
    for number_, _title, _closes in here:
        if (await poll_store.get_poll(ctx.db, number_)).rule.secret:
            item = await items.get(ctx.db, number_)
            return (item, text) if item is not None else None
    return None


async def answer_typed(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Tell where to vote in a secret ballot after `!vote 57`. Text behind it is a vote, so the line
    is redacted. Return what to say, if anything."""
    if not text.strip():
        return (
            ballot_texts.go_to_private_line(poll)
            if poll.ended is None
            else poll_texts.already_over_line(poll)
        )
    return await _remove_vote(ctx, item, poll)


async def answer_reply(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Redact a secret vote typed in the room as a reply to the opening or without a prefix. Return
    None for other text."""
    strict = not begins_like_vote(ctx.text)
    for meant in (text,) if poll.kind.stances else vote_rules.vote_readings(text):
        counted = poll.strip_number(meant)
        try:
            voted = parse_secret_vote(poll, counted, strict=strict)
        except UserError:
            return await _remove_vote(ctx, item, poll)
        if voted is not None:
            return await _remove_vote(ctx, item, poll)
    return None


async def answer_tap(ctx: Context, item: Item, poll: Poll, tap: PollVote) -> Answer:
    """Explain once, in private, that a secret ballot takes no taps, and redact the tap. Return what
    to say, if anything."""
    said = await _remove_vote(ctx, item, poll)
    told = await poll_store.mark_told(ctx.db, item.number, tap.sender)
    gone = [Redact(tap.event, quiet=True)] if may_redact(ctx) else []
    return [*([said] if told else ()), *gone]


async def _remove_vote(ctx: Context, item: Item, poll: Poll) -> Say:
    """Log the refused vote and return what its sender reads in private.

    The answer is discreet, so the message is redacted from the room.
    """
    ctx.discreet = True
    refused = vote_entry.vote_refusal(poll, ctx)
    seats = await roll.seats_of(ctx.db, item.number, ctx.who)
    if refused is None and seats:
        key = seats[0].voter.key
        await ballot_votes.log_refusal(ctx.db, item.number, key, IN_THE_ROOM, ctx.said_at)
    lines = (
        ballot_texts.seen_by_room_line(redacted=may_redact(ctx)),
        refused or ballot_texts.vote_here_line(poll),
    )
    return Say(lines, to=ctx.who, loud=True, item=item.number, slot=new_slot())
