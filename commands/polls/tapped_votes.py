"""Votes by tapping on a native poll, the reason of a tapped block, and votes whose messages are
redacted or edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.api import (
    Answer,
    Context,
    EditedMessage,
    Effect,
    EventId,
    Item,
    Line,
    Number,
    PollVote,
    Redaction,
    Say,
    UserId,
    _,
    is_in_any,
    items,
    may_answer,
)
from commands.ballot_secrecy import leaked_votes
from commands.decision_rules import vote_rules
from commands.poll_book import poll_store, roll, texts, vote_entry, vote_store
from commands.poll_book.poll import Poll
from commands.poll_book.vote_entry import Tap, VoteContent
from commands.poll_book.voter_store import Seat
from commands.polls import changed_votes, late_votes, vote_handlers
from commands.polls.declaration import feature

CLOCKS_DIFFER = timedelta(minutes=1)
"""A server whose clock is ahead by less stamps taps in the order in which they were made."""


@feature.on(PollVote)
async def handle_tap(ctx: Context, tap: PollVote, item: Item) -> Answer:
    """Store a vote tapped on a native poll, silently. A refused one is explained once for each poll
    and reason. Return what to say, if anything."""
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.rule.secret:
        return await leaked_votes.answer_tap(ctx, item, poll, tap)
    seats = await roll.seats_of(ctx.db, item.number, tap.sender)
    here = await may_answer(ctx, item)
    refused, why = vote_entry.vote_refusal(poll, ctx), "late"
    if refused is None:
        refused, why = await _outdated_post(ctx, item, tap), "outdated"
    if refused is None and not (seats and here):
        refused, why = (await vote_entry.no_vote_lines(ctx, item.number, here=here))[0], "no vote"
    if refused is not None:
        first = await poll_store.mark_told(ctx.db, item.number, tap.sender, why)
        return Say((refused,), to=tap.sender) if first else ()
    places = vote_rules.tapped_places(tap.answers, poll.places, poll.taps)
    said = VoteContent(poll.kind.tapped(places, poll.question) if places else ())
    unexplained = vote_entry.lacks_reason(said)
    own, _text = roll.seats_for_vote(seats, "")
    tapped = Tap(tap.event, await _stamp(ctx, item.number, tap), unexplained)
    counted = VoteContent(()) if unexplained else said
    done = await vote_entry.cast_for_seats(ctx, poll, own, counted, tap.sender, tapped)
    if poll.ended is not None and done.seats and not done.overtaken:
        await late_votes.schedule_correction(ctx, item)
    effects = [*done.letters]
    if unexplained and done.seats:
        effects += await _ask_reason(ctx, poll, tap)
    if done.refused and await poll_store.mark_told(ctx.db, item.number, tap.sender, "behind"):
        effects.append(Say(done.refused, to=tap.sender))
    return effects + await _tell_instead(ctx, poll, tap.sender, done.instead)


async def _stamp(ctx: Context, number: Number, tap: PollVote) -> int:
    """Return the time by which a tap stands among its voter's others, in milliseconds.

    One far ahead, of a server whose clock is wrong, would overtake all that they tap later. If it
    is our clock that was set back, the tap follows those of before.
    """
    said, now = (int(at.timestamp() * 1000) for at in (ctx.said_at, ctx.now))
    if tap.stamp <= said + CLOCKS_DIFFER // timedelta(milliseconds=1):
        return tap.stamp
    last = await poll_store.latest_stamp(ctx.db, number, tap.sender)
    return min(tap.stamp, last) if last > now else said


async def _ask_reason(ctx: Context, poll: Poll, tap: PollVote) -> list[Effect]:
    """Ask for the reason of a tapped block: in private, or in a room that has none of that."""
    asked = {"poll": poll.number, "tap": tap.event, "late": poll.ended is not None}
    begun = await ctx.begin_dialogue("block", tap.sender, asked)
    if begun or not ctx.policy.loosened:
        return []
    return [Say(vote_entry.reason_question(poll), item=poll.number)]


@feature.dialogue("block")
async def ask_why_blocked(ctx: Context, payload: Mapping[str, Any]) -> Answer:
    """Ask a person in private for the reason of their tap on block, with which it counts, and store
    the block, or the vote that they write instead. Return what to say, if anything.

    If the tap was read late, the reason may come after the end until the result is final. Who is
    not in the poll's room any more can't give one.
    """
    poll = await poll_store.get_poll(ctx.db, Number(payload["poll"]))
    if poll.final or poll.cancelled or (poll.over(ctx.said_at) and not payload["late"]):
        return texts.too_late_line(poll, ctx.said_at) if ctx.answers else None
    item = await items.get(ctx.db, poll.number)
    if item is None or not await is_in_any(ctx, item, ctx.who):
        gone = await vote_entry.no_vote_lines(ctx, poll.number, here=False)
        return list(gone) if ctx.answers else None
    changed_votes.require_same_words(ctx, poll)
    asked = (
        _(
            "Why do you block proposal {number}, “{question}”? Write it here: the room reads it.",
            number=poll.number,
            question=texts.short_question(poll.title),
        ),
        _("Your block counts with its reason. Not to agree without stopping it: tap another one."),
    )
    seats, _text = roll.seats_for_vote(await roll.seats_of(ctx.db, poll.number, ctx.who), "")
    weight = max((seat.voter.weight for seat in seats), default=1)
    said = changed_votes.ask_reason(ctx, poll, weight, *asked)
    if said.ballot == vote_entry.BLOCK_BALLOT:
        return await _explain_tap(ctx, poll, item, EventId(payload["tap"]), said)
    if not seats:
        return list(await vote_entry.no_vote_lines(ctx, poll.number, here=True))
    refused = vote_entry.vote_refusal(poll, ctx)
    return refused or await vote_handlers.cast_vote(ctx, item, poll, seats, said)


async def _explain_tap(
    ctx: Context, poll: Poll, item: Item, tap: EventId, said: VoteContent
) -> Answer:
    """Count a tapped block, now that it has a reason."""
    seats = {seat.voter.key: seat for seat in await roll.seats_of(ctx.db, poll.number, ctx.who)}
    mine = [
        seats[one.voter]
        for one in await vote_store.votes_of_event(ctx.db, tap)
        if one.voter in seats
    ]
    for seat in mine:
        parts = said.weighted_parts(seat.voter.weight)
        await vote_store.explain_tap(ctx.db, poll.number, seat.voter.key, tap, parts, said.reason)
    blocks: list[Seat] = []
    for seat in mine:
        one = await vote_store.vote_of_voter(ctx.db, poll.number, seat.voter.key)
        if one and one.person == ctx.who and one.parts and one.parts[0][0] == said.ballot:
            blocks.append(seat)
    if not blocks:
        return vote_entry.overtaken_line(poll.number)
    if poll.ended is not None:
        await late_votes.schedule_correction(ctx, item)
        return late_votes.confirm_late_vote(poll, vote_entry.describe_vote(poll, said))
    return Say((vote_entry.confirm_vote(poll, said, blocks),), loud=True, item=poll.number)


async def _outdated_post(ctx: Context, item: Item, tap: PollVote) -> Line | None:
    """Refuse a tap on a post whose words were changed since."""
    if not item.stands_in(tap.room) or await items.slot_of(ctx.db, tap.poll) is not None:
        return None
    return _(
        "You tapped an older post of {number}: that vote does not count. Please tap in the"
        " newest one, or write `!vote {number} …`",
        number=item.number,
    )


@feature.on(Redaction)
async def handle_redaction(ctx: Context, redaction: Redaction) -> Answer:
    """Delete the vote of a redacted tap. The vote before it counts again (MSC3381). A typed vote
    stays, and its voter is told so. Return what to say, if anything."""
    found = await vote_store.votes_of_event(ctx.db, redaction.target)
    # Only the voter can take back a vote; a moderator cannot make one disappear.
    if not found or found[0].person != redaction.sender:
        return None
    number = found[0].number
    poll, item = await poll_store.get_poll(ctx.db, number), await items.get(ctx.db, number)
    if item is None or vote_entry.vote_refusal(poll, ctx) is not None:
        return None
    if not found[0].tapped:
        return await _explain_redaction(ctx, poll, redaction.sender)
    seats = await roll.seats_of(ctx.db, number, redaction.sender)
    own = {(seat.voter.key, seat.rank): seat for seat in seats}
    mine = [own[key] for tap in found if (key := (tap.voter, tap.alternate)) in own]
    changed = False
    instead: list[Line] = []
    for seat in mine:  # A vote cast for a voter for whom this person no longer speaks stays.
        voter = seat.voter.key
        before = await vote_store.vote_of_voter(ctx.db, number, voter)
        await vote_store.take_back_tap(ctx.db, number, voter, redaction.target)
        if await vote_store.vote_of_voter(ctx.db, number, voter) == before:
            continue
        changed = True
        instead += await vote_entry.vote_instead_lines(ctx, poll, seat)
    if changed and poll.ended is not None:
        await late_votes.schedule_correction(ctx, item)
    return await _tell_instead(ctx, poll, redaction.sender, instead)


async def _tell_instead(
    ctx: Context, poll: Poll, voter: UserId, lines: Sequence[Line]
) -> list[Effect]:
    """Tell a person once in private whose vote counts now that they took theirs back by a tap."""
    if not lines or not await poll_store.mark_told(ctx.db, poll.number, voter, "instead"):
        return []
    return [Say(tuple(lines), to=voter, item=poll.number)]


async def _explain_redaction(ctx: Context, poll: Poll, voter: UserId) -> Answer:
    """Tell a voter who deleted the line of a vote that the vote stays.

    The line may go because of who could read it, so its words are not repeated.
    """
    if poll.ended is not None:
        return None
    stays = _(
        "You deleted your line, and your vote in {number} still counts. To take it back: `!vote"
        " {number} none`",
        number=poll.number,
    )
    return Say((stays,), to=voter, item=poll.number)


@feature.on(EditedMessage)
async def explain_edit(ctx: Context, edit: EditedMessage) -> Answer:
    """Tell a voter who edited the line of a vote that the vote stays as it was. Return what to
    say, if anything.

    Else the room would read another vote there than the one that counts, perhaps beside our ✓.
    """
    found = await vote_store.votes_of_event(ctx.db, edit.target)
    if not found or found[0].person != edit.sender:
        return None
    poll = await poll_store.get_poll(ctx.db, found[0].number)
    lines = [_("I don't read edited lines: your vote in {number} stays.", number=poll.number)]
    if poll.ended is None and not poll.over(ctx.said_at):
        lines.append(_("To change it, write it again in a new message."))
    return Say(tuple(lines), reply_to=ctx.origin.event, item=poll.number)
