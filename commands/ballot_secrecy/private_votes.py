"""Secret votes in the private room: cast, shown to their voter, and proved by files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.api import (
    Answer,
    Context,
    Effect,
    Item,
    Line,
    Number,
    Say,
    UserError,
    _,
    fold_answer,
    is_in_any,
    items,
    spellings,
    words,
)
from commands.ballot_secrecy import (
    ballot_seats,
    ballot_store,
    ballot_texts,
    ballot_votes,
)
from commands.ballot_secrecy.ballot_votes import TooManyChanges
from commands.ballot_secrecy.declaration import SLOT_PREFIX, new_slot
from commands.ballot_secrecy.files.receipt import Receipt
from commands.ballot_secrecy.vote_text import SecretVote, parse_secret_vote
from commands.decision_rules import ballots, vote_rules
from commands.poll_book import poll_store, roll, vote_entry
from commands.poll_book import texts as poll_texts
from commands.poll_book.poll import Poll
from commands.poll_book.voter_store import Seat

RECEIPT_WORDS = words("comprobante", "comprovante", "receipt", "recibo, prueba, prova, proof")


async def find_ballot(ctx: Context, text: str) -> tuple[Item, str] | None:
    """Return the only open poll in which this person may vote, and `text`, if the poll is secret
    and the text names no other. Return None if no open poll of theirs is secret.

    Raises `UserError` if one is secret and there are others. It does not ask which one is meant,
    because a stored question would keep the vote in plain text.
    """
    if await ctx.replied_item("poll") is not None:
        return None
    number = re.match(r"\s*#?(\d{1,9})\b", text)
    named = await items.get(ctx.db, Number(int(number[1]))) if number else None
    if named is not None and named.kind == "poll" and await ctx.may_see(named):
        return None
    found = [
        await poll_store.get_poll(ctx.db, number)
        for number in await poll_store.open_polls_for(ctx.db, ctx.who)
    ]
    if not any(poll.rule.secret for poll in found):
        return None
    if len(found) > 1:
        raise ballot_texts.which_ballot_error([(poll.number, poll.title) for poll in found])
    item = await items.get(ctx.db, found[0].number)
    return (item, text) if item is not None else None


async def answer_typed(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Cast a secret vote typed in private, such as `vote 57 2 full moon`. Return what to say, if
    anything.

    `vote 57` alone shows one's own vote; `vote 57 receipt` sends its files.
    """
    if not text.strip():
        return await _show_ballot(ctx, item, poll)
    if fold_answer(text) in {fold_answer(word) for word in RECEIPT_WORDS} and _is_no_option(
        poll, text
    ):
        return await _proof_files(ctx, item, poll)
    answer = await _read_and_cast(ctx, item, poll, text, strict=False)
    if answer is not None:
        return answer
    return await _private_answer(
        ctx,
        item,
        _("I know no option “{words}” in poll {number}.", words=text[:60], number=item.number),
        *poll_texts.numbered_options(poll),
        ballot_texts.how_to_vote(poll),
    )


def _is_no_option(poll: Poll, text: str) -> bool:
    named = {fold_answer(name) for option in poll.options for name in spellings(option.label)}
    return fold_answer(text) not in named


async def answer_reply(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Cast a secret vote in reply to a private message about the ballot. Return None for other
    text."""
    for meant in (text,) if poll.kind.stances else vote_rules.vote_readings(text):
        counted = poll.strip_number(meant)
        answer = await _read_and_cast(ctx, item, poll, counted, strict=True)
        if answer is not None:
            return answer
    return None


async def _read_and_cast(
    ctx: Context, item: Item, poll: Poll, text: str, *, strict: bool
) -> Answer:
    every = await roll.seats_of(ctx.db, item.number, ctx.who)
    seats = every
    wrong: tuple[Line, ...] = ()
    voted: SecretVote | None = None
    try:
        seats, text = roll.seats_for_vote(every, text)
        voted = parse_secret_vote(poll, text, strict=strict)
        if voted is None:
            return None
    except UserError as error:
        wrong = error.lines
    refused = vote_entry.vote_refusal(poll, ctx)
    if refused is not None:
        return await _private_answer(ctx, item, refused)
    here = await is_in_any(ctx, item, ctx.who)
    if not here or not every:
        return await _private_answer(
            ctx, item, *await vote_entry.no_vote_lines(ctx, item.number, here=here)
        )
    if voted is None:
        return await _private_answer(ctx, item, *wrong)
    return await _cast_votes(ctx, item, poll, voted, seats)


async def _cast_votes(
    ctx: Context, item: Item, poll: Poll, voted: SecretVote, seats: Sequence[Seat]
) -> Answer:
    """Cast the vote for each voter for whom the person speaks, or withdraw it."""
    if vote_entry.lacks_reason(vote_entry.VoteContent(voted.ballot, None, voted.reason)):
        # Not asked for as a question: the stored question would keep the vote.
        return await _private_answer(ctx, item, *vote_entry.reason_question(poll))
    cast: list[tuple[Seat, Receipt]] = []
    lines: list[Line] = []
    for seat in seats:
        standing = await ballot_votes.own_vote(ctx.db, item.number, seat.voter.key)
        refused = await ballot_seats.change_refusal(ctx, seat, standing)
        if refused:
            lines += [ballot_seats.of_voter(seat, refused[0]), *refused[1:]]
            continue
        try:
            if voted.ballot:
                cast.append((seat, await _cast_vote(ctx, item, seat, voted)))
                continue
            await ballot_votes.withdraw_vote(ctx.db, item.number, seat.voter.key, ctx.said_at)
            lines.append(ballot_seats.of_voter(seat, poll.kind.noted((), poll.question)))
        except TooManyChanges as error:
            line = ballot_texts.too_many_changes_line(error.until)
            lines.append(ballot_seats.of_voter(seat, line))
    if cast:
        lines = [*await _confirmation(ctx, item, poll, cast, voted.reason), *lines]
    return [
        *await _private_answer(ctx, item, *lines),
        *ballot_seats.receipt_files(ctx, item.number, [got for _seat, got in cast]),
    ]


async def _cast_vote(ctx: Context, item: Item, seat: Seat, voted: SecretVote) -> Receipt:
    return await ballot_votes.cast_vote(
        ctx.db,
        ctx.signer,
        item.number,
        seat.voter.key,
        ballots.format_ballot(voted.ballot),
        voted.words,
        ctx.said_at,
        reason=voted.reason,
        weight=seat.voter.weight,
        by=ctx.who if seat.voter.is_organisation else "",
        rank=seat.rank,
    )


async def _confirmation(
    ctx: Context, item: Item, poll: Poll, cast: Sequence[tuple[Seat, Receipt]], reason: str
) -> list[Line]:
    """Confirm the votes, each with its code, and say once what is promised of them."""
    ballot = (await ballot_store.running_ballot(ctx.db, item.number, ctx.said_at))[0]
    lines: list[Line] = []
    for seat, got in cast:
        first, *rest = ballot_texts.noted_lines(poll, got, reason)
        lines += [ballot_seats.of_voter(seat, first), *rest]
    keys = [seat.voter.key for seat, _got in cast]
    slowed = [await ballot_votes.is_slowed(ctx.db, item.number, key, ctx.said_at) for key in keys]
    got = cast[0][1]
    return lines + ballot_texts.promise_lines(
        poll, ballot.manifest, got, reason, slowed=any(slowed)
    )


async def _show_ballot(ctx: Context, item: Item, poll: Poll) -> Answer:
    """Show options, one's own vote and the end; after the end, what is left of it."""
    ballot = await ballot_store.get_ballot(ctx.db, item.number)
    if ballot is None or ballot.box is None:
        return [
            poll_texts.already_over_line(poll)
            if poll.cancelled
            else ballot_texts.shredded_line(poll)
        ]
    lines = [poll_texts.head_line(poll), *poll_texts.numbered_options(poll)]
    seats = await roll.seats_of(ctx.db, item.number, ctx.who)
    for seat in seats:
        lines += await ballot_seats.vote_lines(ctx, item, poll, ballot.manifest, seat)
    if not seats:
        lines.append(ballot_texts.NO_VOTE)
    if poll.ended is None:
        lines += [ballot_texts.how_to_vote(poll), poll_texts.end_line(poll)]
    return await _private_answer(ctx, item, *lines)


async def _proof_files(ctx: Context, item: Item, poll: Poll) -> Answer:
    """Send the receipt and the proof of being on the roll, for each voter they speak for."""
    ballot = await ballot_store.get_ballot(ctx.db, item.number)
    if ballot is not None and ballot.box is None:
        return (
            poll_texts.already_over_line(poll)
            if poll.cancelled
            else ballot_texts.shredded_line(poll)
        )
    seats = await roll.seats_of(ctx.db, item.number, ctx.who)
    if not seats:
        return await vote_entry.no_vote_lines(
            ctx, item.number, here=await is_in_any(ctx, item, ctx.who)
        )
    lines, files = await ballot_seats.proofs_of(ctx, item, seats)
    return [*await _private_answer(ctx, item, *lines), *files]


async def _private_answer(ctx: Context, item: Item, *lines: Line) -> list[Line | Effect]:
    """Return an answer, and record both it and the line it answers so they can be redacted."""
    if ctx.origin.event is not None:
        slot = f"{SLOT_PREFIX}{ctx.origin.event}"
        await items.mark_posted(ctx.db, ctx.origin.event, ctx.room, item.number, slot, {})
    said: dict[str, Any] = {"reply_to": ctx.origin.event, "thread": ctx.origin.thread}
    return [Say(lines, item=item.number, slot=new_slot(), loud=True, **said)]
