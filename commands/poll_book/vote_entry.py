"""Turn what a person said into the votes of those for whom they speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.api import (
    Context,
    Effect,
    EventId,
    Line,
    Number,
    Person,
    RoomId,
    Say,
    UserError,
    UserId,
    _,
    first_room_of,
    items,
)
from commands.decision_rules.ballots import Ballot, Part
from commands.decision_rules.kinds.stances import Stance
from commands.poll_book import poll_store, roll, texts, vote_store
from commands.poll_book.poll import Poll
from commands.poll_book.vote_store import CastVote, StandingVote
from commands.poll_book.voter_store import Seat, SeatRole
from commands.poll_lines import reasons, split_votes

LONGEST_REASON = 500
BLOCK_BALLOT = ((int(Stance.BLOCK), 1),)


@dataclass(frozen=True, slots=True)
class VoteContent:
    """A vote as it was read: a ballot, or a number of votes for each place; and the reason."""

    ballot: Ballot
    split: dict[int, int] | None = None
    reason: str = ""

    def weighted_parts(self, weight: int) -> tuple[Part, ...]:
        """Return each ballot of the vote with how many votes of the voter's `weight` it gets: one
        with all of them, unless the voter split them; none for a vote taken back.

        Raises `UserError` if the voter gave more votes than `weight`.
        """
        if self.split is not None:
            return split_votes.split_parts(self.split, weight)
        return ((self.ballot, weight),) if self.ballot else ()


@dataclass(frozen=True, slots=True)
class Tap:
    """The event of a native vote, and the server's time of it in milliseconds.

    `waits`: it is a block, which has to wait for its reason.
    """

    event: EventId
    stamp: int
    waits: bool = False


def vote_refusal(poll: Poll, ctx: Context) -> Line | None:
    """Return why a vote sent at this time (UTC) does not count, or None if it does."""
    if poll.over(ctx.said_at):
        return texts.too_late_line(poll, ctx.said_at)
    if poll.final:
        return _(
            "Your vote in poll {number} was sent in time, but I could read it only after the result"
            " had become final. It does not count. `!results {number}`",
            number=poll.number,
        )
    return None


def parse_vote(poll: Poll, text: str, weight: int) -> VoteContent | None:
    """Return the vote in a typed line of somebody with so many votes, or None if it is no vote.

    Raises `UserError` for a vote that the poll cannot take.
    """
    kind, question = poll.kind, poll.question
    split = split_votes.parse_split(text, kind, question)
    if split is not None:
        doubled = split_votes.parse_doubled(text, split, kind, question) if weight == 1 else None
        if doubled is not None:
            return VoteContent(doubled)
        return VoteContent((), split if any(split.values()) else None)
    found = reasons.parse_with_reason(kind, text, question)
    if found is None:
        leading = reasons.find_leading_vote(kind, text, question)
        if leading is None or not leading.sure:
            return None
        found = leading.ballot, leading.reason
    ballot, reason = found
    return VoteContent(ballot, None, " ".join(reason.split())[:LONGEST_REASON])


@dataclass(frozen=True, slots=True)
class CastResult:
    """For whom the vote counts now, why not for others, and messages to other people.

    `overtaken`: it was read out of order, and what the same person said later counts. `instead`:
    whose votes count now, where one was taken back.
    """

    seats: tuple[Seat, ...]
    refused: tuple[Line, ...] = ()
    letters: tuple[Effect, ...] = ()
    overtaken: bool = False
    instead: tuple[Line, ...] = ()


async def cast_for_seats(
    ctx: Context,
    poll: Poll,
    seats: Sequence[Seat],
    said: VoteContent,
    person: UserId,
    tap: Tap | None = None,
) -> CastResult:
    """Store the vote for every voter for whom the person speaks. Return for whom it counts.

    Who voted themselves needs nobody who holds their vote: it is kept in silence, and counts once
    they take theirs back. The delegate's vote takes precedence over the alternate's, and both are
    told of it, once. The vote of a former delegate stays until the new one votes. Raises
    `UserError` for a split vote for several voters.
    """
    if said.split is not None and len(seats) > 1 and seats[0].voter.is_organisation:
        raise UserError(*roll.which_voter_lines(poll.number, seats))
    counted: list[Seat] = []
    refused: list[Line] = []
    letters: list[Effect] = []
    instead: list[Line] = []
    overtaken = False
    late = ctx.origin.late or poll.ended is not None
    room = await _room_of_vote(ctx, poll, person)
    for seat in seats:
        before = await vote_store.leading_vote(ctx.db, poll.number, seat.voter.key)
        parts = said.weighted_parts(seat.voter.weight)
        vote = CastVote(
            seat.voter.key,
            person,
            parts,
            ctx.said_at,
            seat.rank,
            event=tap.event if tap is not None else ctx.origin.event,
            stamp=tap.stamp if tap is not None else None,
            reason=said.reason if seat.role is not SeatRole.HOLDER else "",
            late=late,
            room=room,
            read=ctx.now,
            waits=tap is not None and tap.waits,
        )
        stands = await vote_store.store_vote(ctx.db, poll.number, vote)
        if before is not None and before.alternate < seat.rank:
            if seat.role is SeatRole.ALTERNATE:
                refused.append(_superseded_line(seat, before))
                letters += await _tell_delegate(ctx, poll, seat, before, person)
            continue
        overtaken = overtaken or not stands
        counted.append(seat)
        if stands and not parts:
            instead += await vote_instead_lines(ctx, poll, seat)
        if before is None or not before.parts:
            continue
        if before.room != room and before.person == person:
            letters += await _tell_of_other_room(ctx, poll, person)
        if parts and not seat.rank and before.alternate:
            letters += await _tell_both(ctx, poll, seat, before)
    return CastResult(tuple(counted), tuple(refused), tuple(letters), overtaken, tuple(instead))


async def vote_instead_lines(ctx: Context, poll: Poll, seat: Seat) -> list[Line]:
    """Return a line that says whose vote counts where one was taken back, or nothing."""
    now = await vote_store.vote_of_voter(ctx.db, poll.number, seat.voter.key)
    if now is None or now.person in ("", ctx.who) or now.alternate < seat.rank:
        return []
    who, voter = Person(now.person), seat.voter
    if voter.key == ctx.who:
        return [_("What {who} voted counts for you now.", who=who)]
    name = voter.name if voter.is_organisation else Person(UserId(voter.key))
    return [_("What {who} voted counts for {name} now.", who=who, name=name)]


async def _room_of_vote(ctx: Context, poll: Poll, person: UserId) -> RoomId | None:
    """Return the room that a vote belongs to, in a poll that is shown in several.

    It is the one in which it is cast; in private, the first of the poll's in which the person is.
    """
    item = await items.get(ctx.db, poll.number)
    return await first_room_of(ctx, item, person) if item is not None and item.others else None


async def _tell_of_other_room(ctx: Context, poll: Poll, person: UserId) -> list[Effect]:
    """Tell a person once that their vote from another room no longer counts."""
    if not ctx.is_trusted:
        return []
    line = _(
        "You had voted in poll {number} from another room. One vote counts: this last one.",
        number=poll.number,
    )
    return await _tell_once(ctx, poll, person, "other room", line)


def _superseded_line(seat: Seat, before: StandingVote) -> Line:
    """Explain why an alternate's vote does not count."""
    if before.person == seat.voter.delegate:
        return _(
            "{who} already voted on behalf of {name} as its delegate: your vote doesn't count while"
            " that one stands.",
            who=Person(before.person),
            name=seat.voter.name,
        )
    return _(
        "{name} had voted before its delegate changed: only the new one can change that. Until then"
        " your vote doesn't count.",
        name=seat.voter.name,
    )


async def _tell_delegate(
    ctx: Context, poll: Poll, seat: Seat, before: StandingVote, alternate: UserId
) -> list[Effect]:
    """Tell the delegate that the alternate voted too and that the delegate's vote stands."""
    delegate = seat.voter.delegate
    if delegate is None or before.person != delegate or not before.parts:
        return []
    line = _(
        "{who} also voted for {name} in poll {number}. Your vote counts, because you are its "
        "delegate.",
        who=Person(alternate),
        name=seat.voter.name,
        number=poll.number,
    )
    return await _tell_once(ctx, poll, delegate, f"ahead {seat.voter.key}", line)


async def _tell_both(ctx: Context, poll: Poll, seat: Seat, before: StandingVote) -> list[Effect]:
    """Tell delegate and alternate that the delegate's vote now counts instead.

    Does nothing if the earlier vote is not from the present alternate.
    """
    delegate, alternate = seat.voter.delegate, seat.voter.alternate
    # Who holds a person's vote reads in the result that the person voted.
    if delegate is None or alternate is None or before.person != alternate:
        return []
    named = {"name": seat.voter.name, "number": poll.number}
    about = f"replaced {seat.voter.key}"
    gone = _(
        "The delegate of {name} has now voted in poll {number}: that vote counts instead of yours.",
        **named,
    )
    counts = _(
        "{who} had voted for {name} in poll {number} as its alternate. Now your vote counts instead"
        ", because you are its delegate.",
        who=Person(alternate),
        **named,
    )
    return [
        *await _tell_once(ctx, poll, alternate, about, gone),
        *await _tell_once(ctx, poll, delegate, about, counts),
    ]


async def _tell_once(ctx: Context, poll: Poll, to: UserId, about: str, line: Line) -> list[Effect]:
    first = await poll_store.mark_told(ctx.db, poll.number, to, about)
    return [Say((line,), to=to)] if first else []


def describe_vote(poll: Poll, said: VoteContent) -> tuple[Line, ...]:
    """Return a vote in words, part by part. Empty if it was withdrawn."""
    kind, question = poll.kind, poll.question
    if said.split is None:
        return kind.chosen(said.ballot, question) if said.ballot else ()
    labels = kind.labels(question)
    return tuple(
        Line("{label}: {votes}", {"label": labels[place - 1], "votes": count})
        for place, count in said.split.items()
    )


def confirm_vote(poll: Poll, said: VoteContent, seats: Sequence[Seat]) -> Line:
    """Return the confirmation of a vote, with the organisations it is for and the votes not
    used."""
    if said.split is None:
        echo = poll.kind.noted(said.ballot, poll.question, said.reason)
    else:
        words = describe_vote(poll, said)
        left = votes_left(said, seats)
        echo = (
            _("Noted: {chosen}. Votes you haven't used: {left}.", chosen=words, left=left)
            if left
            else _("Noted: {chosen}. It can be changed until the poll closes.", chosen=words)
        )
    if not seats[0].voter.is_organisation:
        held = tuple(Person(UserId(s.voter.key)) for s in seats if s.role is SeatRole.HOLDER)
        return _("{echo} It counts for {people} too.", echo=echo, people=held) if held else echo
    names = tuple(seat.voter.name for seat in seats)
    return Line("{names}: {echo}", {"names": names, "echo": echo})


def overtaken_line(number: Number) -> Line:
    """Return the line to a voter whose vote was read only after a later one of theirs."""
    return _("In {number} what you tapped or wrote after that counts.", number=number)


def votes_left(said: VoteContent, seats: Sequence[Seat]) -> int:
    """Return how many votes an organisation's delegate has left of its weight."""
    return seats[0].voter.weight - sum(said.split.values()) if said.split is not None else 0


def lacks_reason(said: VoteContent) -> bool:
    """Return whether the vote is a block without a reason, which does not count until it has
    one."""
    return said.ballot == BLOCK_BALLOT and not said.reason


def with_reason(said: VoteContent, reason: str) -> VoteContent:
    """Return the vote with this reason, put on one line and cut to the longest allowed."""
    return replace(said, reason=" ".join(reason.split())[:LONGEST_REASON])


def reason_question(poll: Poll) -> tuple[Line, ...]:
    """Return the question for the reason of a block, with how not to agree without one."""
    number = poll.number
    first = _(
        "The reason is missing: the room reads it beside the block. For example:"
        ' `!vote {number} block "there is no bus"`',
        number=number,
    )
    if poll.rule.kind != "consent":
        return (first,)
    return (first, _("Not to agree without stopping it: `!vote {number} against`", number=number))


async def no_vote_lines(ctx: Context, number: Number, *, here: bool) -> tuple[Line, ...]:
    """Return lines that explain why this person has no vote in the poll. `here`: they are in its
    room."""
    if not here:
        return (_("You can't vote in {number}: only people in its room do.", number=number),)
    return (
        _(
            "You can't vote in {number}: its voters were fixed when it opened.",
            number=number,
        ),
        _("Who may vote: `!voters {number}`", number=number),
    )
