"""Votes by replying or by writing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bot.api import (
    Answer,
    Context,
    Item,
    ItemAccess,
    Line,
    Message,
    Number,
    Reach,
    Say,
    UserError,
    _,
    acknowledge,
    fold,
    items,
    may_answer,
    spellings,
    verbatim,
    words,
)
from commands.ballot_secrecy import leaked_votes, private_votes
from commands.decision_rules import vote_rules
from commands.decision_rules.kinds.stances import parse_stance
from commands.poll_book import assembly_store, poll_lookup, poll_store, roll, texts, vote_entry
from commands.poll_book.poll import Poll
from commands.poll_book.vote_entry import VoteContent
from commands.poll_book.voter_store import Seat
from commands.poll_lines import reasons, split_votes, unprefixed
from commands.polls import assembly_votes, changed_votes, late_votes
from commands.polls.changed_votes import ChangedVote
from commands.polls.declaration import DECISIONS, feature
from commands.translations.replies import translate_in_reply

NEAR = 80
"""How like an option, in percent, a reply is that is asked back."""
SHORT_REPLY = 4
"""A longer reply is talk, if it doesn't begin with an option."""
LONGEST_VOTE = 2_000
"""Length of a vote with its reason. Longer text is not even parsed."""


@feature.command(  # Number, options, ranks and a reason are written in many ways.
    words(
        "votar",
        "votar",
        "vote",
        "voto, vota, mi voto es | voto, vota, meu voto é | my vote is",
    ),
    help=_("vote by the number of the option"),
    example=_("For example: `!vote {number} 2`", number=12),
    topic=DECISIONS,
    reach=Reach.ROOM,
    vote=True,
    does=ItemAccess.VOTES,
)
async def handle_vote(ctx: Context, *, text: str = "") -> Answer:
    """Store a typed vote: a number, an option's own words, an order, with or without a reason.
    Return the answer.

    Raises `UserError` if no option is recognised.
    """
    change = changed_votes.read_change(text)
    found = _find_typed(ctx, text) if change is None else _find_changed(ctx, change)
    item, rest = await found
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.rule.secret:
        typed = private_votes.answer_typed if ctx.is_private else leaked_votes.answer_typed
        return await typed(ctx, item, poll, rest)
    if change is not None and not rest and ctx.is_private:
        rest = await changed_votes.ask_new_vote(ctx, item, poll)
    if not rest.strip():
        raise UserError(*_vote_missing_lines(poll))
    for said in _readings(poll, rest):
        answer = await _cast_written(ctx, item, poll, said)
        if answer is not None:
            return answer
    changed_votes.refuse_second_wish(ctx, item, rest)
    raise UserError(
        _("I know no option “{words}” in poll {number}.", words=rest[:60], number=item.number),
        *texts.numbered_options(poll),
        _example(poll),
    )


async def _find_changed(ctx: Context, change: ChangedVote) -> tuple[Item, str]:
    """Return the poll in which a vote is changed, and the new vote or ""."""
    if change.number is not None:  # Only a number that was named: never an option's.
        return await ctx.parse_item(f"{change.number} {change.text}", "poll", takes=0)
    replied = await ctx.replied_item("poll")
    only = await poll_lookup.only_open_poll(ctx) if replied is None else None
    if only is not None:  # So a lone number is the option.
        return only, changed_votes.read_taken_back(change, only)
    return await _find_typed(ctx, change.text)


async def _find_typed(ctx: Context, text: str) -> tuple[Item, str]:
    find = private_votes.find_ballot if ctx.is_private else leaked_votes.find_ballot
    return await find(ctx, text) or await _find_poll(ctx, text)


def _readings(poll: Poll, text: str) -> tuple[str, ...]:
    """Return the readings of a vote: as it stands, then corrected, without verb and article."""
    if poll.kind.stances:
        return tuple(dict.fromkeys((text, vote_rules.strip_correction(text))))
    return vote_rules.vote_readings(text)


async def _find_poll(ctx: Context, text: str) -> tuple[Item, str]:
    """Return the poll, and the vote without its number.

    A split mandate may begin with the same number as the poll.
    """
    replied = await ctx.replied_item("poll")
    if replied is None:
        await poll_lookup.hint_full_form(ctx, text)
        return await poll_lookup.find_poll(ctx, text, 1)
    poll = await poll_store.get_poll(ctx.db, replied.number)
    if _is_split_vote(poll, text):
        return replied, text
    return await poll_lookup.find_poll(ctx, text, poll.takes)


def _is_split_vote(poll: Poll, text: str) -> bool:
    """Return whether the text is a split mandate: `12 sí 5 no`, also in a reply to poll 12."""
    return split_votes.parse_split(text, poll.kind, poll.question) is not None


def _vote_missing_lines(poll: Poll) -> tuple[Line, ...]:
    if poll.rule.kind == "choice":
        first = _("Missing: the option. For example: `!vote {number} 1`", number=poll.number)
        return (first, *texts.numbered_options(poll))
    return (_("Your vote is missing."), *texts.numbered_options(poll), _example(poll))


def _example(poll: Poll) -> Line:
    if poll.rule.kind == "choice":
        return _("For example: `!vote {number} 1`", number=poll.number)
    return poll.kind.written(poll.question)


@feature.reply("poll", does=ItemAccess.VOTES, reach=Reach.ROOM)
async def handle_reply(ctx: Context, item: Item, text: str) -> Answer:
    """Store a vote in reply to a poll: `2`, an option's words or `a favor`. Return None for other
    text."""
    translated = await translate_in_reply(ctx, text)
    if translated is not None:
        return translated
    poll = await poll_store.get_poll(ctx.db, item.number)
    replied = await items.slot_of(ctx.db, ctx.origin.reply_to) if ctx.origin.reply_to else None
    if replied is not None and assembly_store.is_about_count(replied):
        return await assembly_votes.answer_recorded_count(ctx, item, poll, text, replied)
    if poll.rule.secret:
        answered = private_votes.answer_reply if ctx.is_private else leaked_votes.answer_reply
        return await answered(ctx, item, poll, text)
    own = unprefixed.split_vote_line(text)
    is_place = not poll.kind.stances and item.number <= poll.places
    if own and own.number == item.number and not is_place and not poll.has_options(text):
        text = own.text  # 57 is the poll, not votes: `57 a favor`
    said = vote_rules.fold_label(text)
    labels = (
        vote_rules.fold_label(name) for option in poll.options for name in spellings(option.label)
    )
    if (
        poll.rule.kind == "choice"
        and said in vote_rules.NOTHING_WORDS - {"0"}
        and said not in labels
    ):
        return None
    for meant in _readings(poll, text):
        counted = meant
        if not _is_split_vote(poll, meant):
            counted = poll.strip_number(meant)
        answer = await _cast_written(ctx, item, poll, counted)
        if answer is not None:
            return answer
    return _ask_back(ctx, item, poll, text)


def _ask_back(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Ask whether a reply that begins like a vote is one. None for talk."""
    if poll.over(ctx.said_at) or len(text) > LONGEST_VOTE:
        return None
    first, *bare = _readings(poll, text)
    numbered = [said for said in bare if said[0].isdigit()]  # `la 2 pero solo si`
    heads = (reasons.find_leading_vote(poll.kind, s, poll.question) for s in (first, *numbered))
    found = next(filter(None, heads), None)
    vote = verbatim(found.words) if found else _near_option(poll, text)
    if vote is None:
        return None
    asked = _(
        "Is that your vote? It counts like this: `!vote {number} {vote}`",
        number=item.number,
        vote=vote,
    )
    return _vote_answer(ctx, item, asked)


def _near_option(poll: Poll, text: str) -> Line | None:
    """Return the one option that a short reply nearly names, or that follows `voto`, or None."""
    if len(text.split()) > SHORT_REPLY:
        return None
    names = {
        fold(name): option.label for option in poll.options for name in spellings(option.label)
    }
    if re.match(r"\W*vot[oe]\b", text, re.IGNORECASE):  # `voto no parque` is for it, or against
        named = [name for name in names if fold(text).endswith(f" {name}")]
        return verbatim(names[named[0]]) if len(named) == 1 else None
    found = process.extract(fold(text), list(names), scorer=fuzz.ratio, score_cutoff=NEAR, limit=2)
    return verbatim(names[found[0][0]]) if len(found) == 1 else None


async def _cast_written(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    """Cast a written vote. Returns None if it is talk, as any text over `LONGEST` is."""
    if len(text) > LONGEST_VOTE:
        return None
    every = await roll.seats_of(ctx.db, item.number, ctx.who)
    seats = every
    wrong: UserError | None = None
    said: VoteContent | None = None
    try:
        seats, text = roll.seats_for_vote(every, text)
        weight = max((seat.voter.weight for seat in seats), default=1)
        said = vote_entry.parse_vote(poll, text, weight)
        if said is None:
            return None
    except UserError as error:
        wrong = error
    refused = vote_entry.vote_refusal(poll, ctx)
    if refused is not None:
        return refused
    here = await may_answer(ctx, item)
    if not every or not here:
        raise UserError(*await vote_entry.no_vote_lines(ctx, item.number, here=here))
    if wrong is not None or said is None:
        return _vote_answer(ctx, item, *(wrong.lines if wrong else ()))
    changed_votes.require_same_words(ctx, poll)
    if vote_entry.lacks_reason(said):
        if await changed_votes.has_voted_since(ctx, poll, seats[0]):
            return _vote_answer(ctx, item, vote_entry.overtaken_line(item.number))
        weight = max(seat.voter.weight for seat in seats)
        said = changed_votes.ask_reason(ctx, poll, weight, *vote_entry.reason_question(poll))
    return await cast_vote(ctx, item, poll, seats, said)


async def cast_vote(
    ctx: Context, item: Item, poll: Poll, seats: Sequence[Seat], said: VoteContent
) -> Answer:
    """Store a vote for these seats, and return what its voter is told."""
    done = await vote_entry.cast_for_seats(ctx, poll, seats, said, ctx.who)
    lines = done.refused
    if lines:  # A later tap need not be told the same.
        await poll_store.mark_told(ctx.db, item.number, ctx.who, "behind")
    if done.overtaken:  # a late key, or parked: what it says must not read as what counts
        lines = (vote_entry.overtaken_line(item.number), *lines)
    elif done.seats and poll.ended is None:
        noted = vote_entry.confirm_vote(poll, said, done.seats)
        lines = (noted, *done.instead, *lines)
        if len(lines) == 1 and not vote_entry.votes_left(said, done.seats):
            return [await acknowledge(ctx, _vote_answer(ctx, item, noted)), *done.letters]
    elif done.seats:
        await late_votes.schedule_correction(ctx, item)
        noted = late_votes.confirm_late_vote(poll, vote_entry.describe_vote(poll, said))
        lines = (noted, *done.instead, *lines)
    return [_vote_answer(ctx, item, *lines), *done.letters]


def _vote_answer(ctx: Context, item: Item, *lines: Line) -> Say:
    """Return an answer to a vote. A reply to it is read as a vote too."""
    return Say(lines, reply_to=ctx.origin.event, thread=ctx.origin.thread, item=item.number)


# --- without a prefix ---------------------------------------------------------------------------


feature.wants_line = unprefixed.may_be_vote
feature.listens_within_room = True


@feature.on(Message)
async def handle_unprefixed(ctx: Context, message: Message) -> Answer:
    """Store a vote typed without a command, in time, in a poll where the person may vote. Return
    None for any other line."""
    found = unprefixed.split_vote_line(ctx.text)
    if found is not None and found.number is not None and parse_stance(found.text) is not None:
        there = await items.get(ctx.db, found.number)
        if there is None or not await may_answer(ctx, there):
            await ctx.parse_item(str(found.number), "poll")  # raises: there is no such poll
    item = await _poll_in_time(ctx, found.number) if found is not None else None
    if found is None or item is None:
        return None
    poll = await poll_store.get_poll(ctx.db, item.number)
    if poll.rule.secret:
        answered = private_votes.answer_reply if ctx.is_private else leaked_votes.answer_reply
        return await answered(ctx, item, poll, found.text)
    return await _cast_written(ctx, item, poll, found.text)


async def _poll_in_time(ctx: Context, number: Number | None) -> Item | None:
    """Return the poll of that number, or without one the only open one, if the person may vote in
    it, or could when they said this."""
    if number is None:
        return await poll_lookup.only_open_poll(ctx) if ctx.is_private else None
    item = await items.get(ctx.db, number)
    if item is None or item.kind != "poll" or not (ctx.is_private or item.stands_in(ctx.room)):
        return None
    if await poll_lookup.may_vote(ctx, item):
        return item
    poll = await poll_store.get_poll(ctx.db, item.number)
    in_time = vote_entry.vote_refusal(poll, ctx) is None
    there = in_time and await may_answer(ctx, item)
    return item if there and await roll.seats_of(ctx.db, item.number, ctx.who) else None
