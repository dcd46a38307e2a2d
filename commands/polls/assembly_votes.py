"""In-person votes: an assembly's count, written down by one member and confirmed by two more."""

from __future__ import annotations

import re

from bot.api import (
    Answer,
    Context,
    Item,
    Line,
    MessageRef,
    Person,
    Reach,
    Say,
    UserError,
    _,
    dates,
    fold,
    is_in_any,
    n_,
    run_line,
    words,
)
from commands.decision_rules.ballots import FEWEST_VOTES, Part
from commands.decision_rules.vote_rules import fold_label
from commands.poll_book import (
    assembly_store,
    chamber_store,
    poll_store,
    requested_proposals,
    roll,
    texts,
)
from commands.poll_book.assembly_store import Assembly
from commands.poll_book.poll import Electorate, Poll
from commands.poll_lines import split_votes
from commands.polls import late_votes, result_texts
from commands.polls.declaration import DECISIONS, feature

_CONFIRMS = frozenset(
    [
        "confirmar",
        "confirmo",
        "confirma",
        "confirmado",
        "confirm",
        "confirmed",
        "si",
        "sim",
        "yes",
        "correcto",
        "correto",
    ]
)
_REFUSES = frozenset(
    ["no", "nao", "incorrecto", "incorreto", "wrong", "anular", "anula", "cancelar"]
)
_COUNT = re.compile(r"^\s*#?\d{1,9}(?!\S)|[^\W\d]\s*:\s*\d")
"""Matches the number of a poll, or a count like `Norte:14`."""


@feature.command(
    words("presencial", "presencial", "in-person", "asamblea | assembleia | assembly"),
    help=_("add the count of an assembly to a poll"),
    example=_("For example: `!in-person {number} North:14 South:9`", number=12),
    topic=DECISIONS,
    reach=Reach.ROOM,
)
async def handle_assembly_count(ctx: Context, *, text: str = "") -> Answer:
    """Record the count of hands of an assembly in a poll, or confirm or delete one. Return the
    answer.

    Only a moderator records a count. Any two other voters confirm it; then it counts.
    """
    # Counts are `North:14 South:9`, by option.
    if (other := await _other_command(ctx, text)) is not None:
        return await run_line(ctx, other)
    item, rest = await ctx.parse_item(text, "poll", takes=0)
    poll = await poll_store.get_poll(ctx.db, item.number)
    refused = await assembly_refusal(ctx, poll)
    if refused is not None:
        return refused
    if fold_label(rest) in _CONFIRMS | _REFUSES:
        return await _confirm_or_drop(ctx, item, poll, fold_label(rest), "")
    if poll.ended or poll.over(ctx.said_at):
        # A count written down when the result is known proves nothing.
        return (
            texts.already_over_line(poll) if poll.ended else texts.too_late_line(poll, ctx.said_at)
        )
    if not await ctx.moderates(item.room):
        raise UserError(
            _(
                "You can't write down an assembly: that is for the moderators. "
                "To confirm one: `!in-person {number} confirm`",
                number=item.number,
            )
        )
    return await _record_count(ctx, item, poll, rest)


async def _other_command(ctx: Context, text: str) -> str | None:
    """Return the command that `assembly Thursday 19:00` stands for, or None.

    With a date it is an event, without one a meeting.
    """
    named = fold(ctx.text).startswith(("asamblea", "assembleia", "assembly"))
    if not named or _COUNT.search(text) or await ctx.replied_item("poll") is not None:
        return None
    dated = dates.find_date(text, ctx.said_at, ctx.policy.zone) is not None
    other = f"event {ctx.text.capitalize()}" if dated else f"meeting {text}"
    return other if ctx.registry.find_command(other) is not None else None


async def assembly_refusal(ctx: Context, poll: Poll) -> Line | None:
    """Return why no count of hands from an assembly can be added to this poll, or None if one
    can."""
    if await requested_proposals.belongs_to_members(ctx.db, poll.number):
        return requested_proposals.members_only_notice(poll.number)
    if await chamber_store.has_chambers(ctx.db, poll.number):
        return _(
            "Poll {number} is decided by chambers: a show of hands belongs to none.",
            number=poll.number,
        )
    if poll.cancelled or poll.final:
        return texts.already_over_line(poll)
    if poll.rule.voters is Electorate.ORGANISATIONS:
        return _(
            "Poll {number} counts organisations, an assembly people. Let each of them vote, or ask"
            " people beside it: `voters:people`",
            number=poll.number,
        )
    return None


def _counted_parts(poll: Poll, text: str) -> tuple[Part, ...] | None:
    """Return the hands for each option, or the papers with each ballot; None if unreadable."""
    if not poll.kind.names_one_place:
        papers = split_votes.parse_papers(text, poll.kind, poll.question)
        return None if papers is None else tuple(papers.items())
    votes = split_votes.parse_show_of_hands(text, poll.kind, poll.question)
    return None if votes is None else split_votes.split_parts(votes, sum(votes.values()))


async def _record_count(ctx: Context, item: Item, poll: Poll, text: str) -> Answer:
    example = _("For example: {example}", example=result_texts.sample_count(poll))
    parts = _counted_parts(poll, text)
    if parts is None:
        raise UserError(
            _("I didn't understand these counts."), example, *texts.numbered_options(poll)
        )
    people = sum(count for _ballot, count in parts)
    if not people:
        raise UserError(_("I see no votes there."), example)
    if poll.rule.secret and people < FEWEST_VOTES:
        raise result_texts.too_few_papers_error()
    waiting = await assembly_store.waiting_assemblies(ctx.db, poll.number)
    if any(one.person == ctx.who for one in waiting):
        raise UserError(
            _(
                "Your other count for poll {number} still waits. To drop it: "
                "`!in-person {number} no`",
                number=poll.number,
            )
        )
    one = await assembly_store.add_assembly(
        ctx.db, poll.number, ctx.who, ctx.said_at, parts, people
    )
    counted = result_texts.part_lines(poll, poll.kind.tally(dict(parts), poll.question))
    lines = result_texts.recorded_lines(poll, ctx.who, people, counted)
    return Say(
        tuple(lines),
        room=item.room,
        reply_to=MessageRef(item.number, "opening"),
        loud=True,
        item=item.number,
        slot=f"{assembly_store.RECORDED_SLOT}:{one.key}",
    )


async def answer_recorded_count(
    ctx: Context, item: Item, poll: Poll, text: str, slot: str
) -> Answer:
    """Confirm or delete an assembly's count by `yes` or `no` in reply to what was said of it, in
    this slot. Return None for other text."""
    said = fold_label(text)
    if said not in _CONFIRMS | _REFUSES:
        return None
    refused = await assembly_refusal(ctx, poll)
    return refused or await _confirm_or_drop(
        ctx, item, poll, said, assembly_store.slot_parts(slot)[1]
    )


async def _find_count(ctx: Context, poll: Poll, key: str, *, refused: bool) -> Assembly:
    """Return the count with this key. Without a key, as typed, it is the only one that waits: their
    own for who refuses it, another one for who confirms it. Who refuses may mean one that counts.

    Raises `UserError` if it is gone, or several may be meant.
    """
    every = await assembly_store.assemblies_of_poll(ctx.db, poll.number)
    if key:
        found = [one for one in every if one.key == key]
        if not found:
            raise UserError(
                _("That count for poll {number} was dropped before.", number=poll.number)
            )
        return found[0]
    found = [one for one in every if not one.counts] or (every if refused else [])
    if not found:
        raise UserError(
            _("In poll {number} no count is waiting to be confirmed.", number=poll.number)
        )
    found = [one for one in found if refused is (one.person == ctx.who)] or found
    if len(found) > 1:
        raise UserError(
            _(
                "Poll {number} has several counts. Reply `yes` or `no` to my message with the one"
                " that you mean.",
                number=poll.number,
            ),
            *(result_texts.assembly_line(poll, one) for one in found),
        )
    return found[0]


async def _confirm_or_drop(ctx: Context, item: Item, poll: Poll, said: str, key: str) -> Answer:
    one = await _find_count(ctx, poll, key, refused=said in _REFUSES)
    if said in _REFUSES:
        return await _drop_count(ctx, item, poll, one)
    if one.counts:
        raise UserError(_("That count has its two confirmations, and counts."))
    if not await roll.seats_of(ctx.db, poll.number, ctx.who):
        raise UserError(
            _(
                "Who may vote in poll {number} confirms a count: `!voters {number}`",
                number=poll.number,
            )
        )
    if not await is_in_any(ctx, item, ctx.who):
        raise UserError(
            _("You can't vote in {number}: only people in its room do.", number=item.number)
        )
    if one.person == ctx.who:
        raise UserError(_("You wrote it down: two other members confirm it."))
    if not await assembly_store.confirm_assembly(ctx.db, one.id, ctx.who):
        raise UserError(_("You have confirmed it already; one more member is needed."))
    left = one.missing - 1
    if left > 0:
        noted = n_(
            "Noted. {count} more member must confirm it.",
            "Noted. {count} more members must confirm it.",
            left,
        )
        return _noted_here(ctx, item, noted, one)
    if poll.ended is not None:
        await late_votes.schedule_correction(ctx, item, assembly=True)
    return Say(
        (
            n_(
                "Confirmed: {count} vote of the assembly counts in poll {number}.",
                "Confirmed: {count} votes of the assembly count in poll {number}.",
                one.people,
                number=poll.number,
            ),
        ),
        room=item.room,
        item=item.number,
        loud=True,
        slot=f"{assembly_store.COUNTS_SLOT}:{one.key}",
    )


def _noted_here(ctx: Context, item: Item, noted: Line, one: Assembly) -> Answer:
    """Answer a confirmation. In the poll's room the next one may be a reply to the answer."""
    if ctx.room != item.room:
        return noted
    return Say(
        (noted,),
        room=ctx.room,
        reply_to=ctx.origin.event,
        thread=ctx.origin.thread,
        item=item.number,
        slot=f"{assembly_store.NOTED_SLOT}:{one.key}",
    )


feature.log_line(
    "assembly",
    n_(
        "poll {number}: the count of an assembly of {count} person taken out",
        "poll {number}: the count of an assembly of {count} people taken out",
        0,
    ),
    values=lambda facts: {"count": int(facts.get("people", 0))},
)


async def _drop_count(ctx: Context, item: Item, poll: Poll, one: Assembly) -> Answer:
    """Drop a count, also one that counts already.

    The person who recorded it and moderators may; anybody else is told whom to talk to.
    """
    if one.person != ctx.who and not await ctx.moderates(item.room):
        return _(
            "Then leave it: without two confirmations it doesn't count. "
            "Tell {who} what doesn't add up.",
            who=Person(one.person),
        )
    await assembly_store.drop_assembly(ctx.db, one.id)
    if one.counts:
        facts = {"number": poll.number, "people": one.people}
        await ctx.log("assembly", facts, room=item.room)
        if poll.ended is not None:
            await late_votes.schedule_correction(ctx, item, assembly=True)
    told = _("I dropped the count of the assembly for poll {number}.", number=poll.number)
    lines = (told, result_texts.assembly_line(poll, one))
    if item.room == ctx.room:
        return list(lines)
    return [*lines, Say(lines, room=item.room)]
