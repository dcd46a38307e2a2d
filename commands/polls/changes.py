"""Changes to an open poll: more time, and options that voters add."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.api import (
    NOTHING,
    Answer,
    Context,
    Edit,
    Effect,
    Item,
    Line,
    MessageRef,
    MissingArgument,
    ParsedArguments,
    Reach,
    Rest,
    Say,
    UserError,
    _,
    dates,
    is_in_any,
    one_line,
    words,
)
from commands.ballot_secrecy import ballot_store, ballot_votes
from commands.decision_rules import vote_rules
from commands.poll_book import (
    change_lines,
    poll_store,
    requested_proposals,
    restored_store,
    roll,
    texts,
)
from commands.poll_book.poll import Poll
from commands.poll_book.poll_lookup import find_named_poll
from commands.poll_lines import labels
from commands.polls import missed_votes, nudges, poll_end
from commands.polls.declaration import CLOSE_JOB, DECISIONS, feature
from commands.polls.opening import arguments, opening_post, other_rooms

ONE_DAY = timedelta(days=1)
_NUMBERED = re.compile(r"\s*(?:[^\W\d_]+\s+)?#?(\d{1,9})(?![\d:/.-])\s+(\S.*)$")
_MORE = re.compile(
    r"\s(?:m[aá]s|mais|more)\W*$|^(?:otr[oa]s?|outr[oa]s?|another)\s+", re.IGNORECASE
)
_UNTIL = re.compile(r"^(?:al?|el|para|pra|ate|até|o|to|till?|on|for)\s+", re.IGNORECASE)


@feature.command(
    words(
        "extender",
        "prorrogar",
        "extend",
        "alargar, ampliar, prolongar, prolonga, más tiempo, amplía, alarga, extiende | "
        "alargar, ampliar, estender, mais tempo, prorroga, estende, alonga | "
        "more time, give more time",
    ),
    help=_("give a poll more time"),
    example=_("For example: `!extend {number} until tomorrow 18:00`", number=12),
    topic=DECISIONS,
    reach=Reach.ROOM,
    args=(arguments.CLOSES,),
)
async def extend_poll(ctx: Context, parts: ParsedArguments) -> Answer:
    """Put a poll's end off, and tell the room. Its author and moderators may, before the end.
    Return the answer.

    After a restore this also reopens a poll that ended without a result.
    """
    parts = _dated(ctx, parts)
    item = await find_named_poll(ctx, parts.free)
    poll = await poll_store.get_poll(ctx.db, item.number)
    held = await restored_store.votes_missing_since(ctx.db, item.number)
    if held is None and (poll.ended or poll.over(ctx.said_at)):
        return (
            texts.already_over_line(poll) if poll.ended else texts.too_late_line(poll, ctx.said_at)
        )
    if not await poll_end.may_close(ctx, item):
        raise UserError(
            _(
                "You can't change poll {number}: that is for its author or the moderators.",
                number=item.number,
            ),
            texts.end_line(poll),
        )
    fixed = None if held else await requested_proposals.change_refusal(ctx.db, item.number)
    if fixed is not None:
        raise UserError(fixed, texts.end_line(poll))
    at = _until_when(ctx, poll, parts)
    if at is None:
        raise UserError(
            _(
                "Until when? For example: `!extend {number} until tomorrow 18:00`",
                number=item.number,
            )
        )
    if poll.closes is not None and at <= poll.closes:
        raise UserError(
            _("{until} For more time, write a later date.", until=texts.end_line(poll)),
            _("To close it now: `!close {number}`", number=item.number),
        )
    if poll.rule.secret:
        await _extend_secret(ctx, poll, at)
    await poll_end.log_moderator_act(ctx, item, "extended")
    await poll_store.move_end(ctx.db, item.number, at)
    await ctx.cancel_jobs(item.number, CLOSE_JOB)
    await ctx.schedule(CLOSE_JOB, at, item=item.number, room=item.room)
    await nudges.plan_nudge(ctx, item, at)
    if held is not None:
        return await missed_votes.reopen_poll(ctx, item, held)
    return await _announce_change(ctx, item, {"stage": "extended", "closes": at.timestamp()})


def _dated(ctx: Context, parts: ParsedArguments) -> ParsedArguments:
    """`1 tuesday 6pm`, `to friday`: what stands behind the number says until when."""
    if arguments.CLOSES.key in parts.named:
        return parts
    found = _NUMBERED.match(parts.free)
    number, behind = (found[1], found[2].strip()) if found else ("", parts.free)
    phrase = _UNTIL.sub("", behind).strip()
    whole = _is_date(ctx, phrase)
    if not whole and _is_date(ctx, behind):  # `a la 1`
        whole, phrase = True, behind
    key = arguments.CLOSES.key if whole else "more"  # `18h` is an hour, as everywhere
    if phrase.isdecimal() or not (whole or _length(phrase)):
        return parts
    return replace(parts, free=number, named={**parts.named, key: phrase})


def _is_date(ctx: Context, phrase: str) -> bool:
    found = dates.find_date(phrase, ctx.said_at, ctx.policy.zone)
    return found is not None and not found.rest.strip(" .!")


def _length(phrase: str) -> timedelta | None:
    """`2 days`, `one hour more`: so much more."""
    return dates.read_duration(_MORE.sub("", phrase).strip())


def _until_when(ctx: Context, poll: Poll, parts: ParsedArguments) -> datetime | None:
    """A length of time counts from its end, where it has one to come."""
    more = _length(parts.named.get("more", ""))
    if more is None:
        return arguments.deadline_argument(ctx, parts)
    at = max(poll.closes or ctx.said_at, ctx.said_at) + more
    return arguments.require_near(ctx, at)


async def _extend_secret(ctx: Context, poll: Poll, at: datetime) -> None:
    """Extend a secret vote. Raises `UserError` if the new end is too close or the last allowed.

    A close end on a vote that had none would be a close by hand; the number of extensions is
    limited to keep the signed file small.
    """
    if poll.closes is None and at < ctx.said_at + ONE_DAY:
        raise UserError(_("A secret vote without an end gets one a day from now or later."))
    if await ballot_store.count_extensions(ctx.db, poll.number) >= ballot_store.MOST_EXTENSIONS:
        raise UserError(
            _(
                "You can't give secret vote {number} more time again: it was given {count} times.",
                number=poll.number,
                count=ballot_store.MOST_EXTENSIONS,
            ),
            texts.end_line(poll),
        )
    await ballot_votes.extend_ballot(ctx.db, poll.number, at, ctx.said_at)


@feature.command(
    words("opción", "opção", "option", "agregar opción | adicionar opção | add option"),
    help=_("add an option to a poll that allows it"),
    example=_("For example: `!option {number} East`", number=12),
    topic=DECISIONS,
    reach=Reach.ROOM,
    of=("poll",),
)
async def add_option(ctx: Context, item: Item, *, text: Rest = NOTHING) -> Answer:
    """Add an option to a poll whose author allowed it. Every voter may; earlier votes stay. Return
    the answer."""
    poll = await poll_store.get_poll(ctx.db, item.number)
    refused = await _may_add(ctx, item, poll)
    if refused is not None:
        raise UserError(refused)
    label = one_line(text.strip(" \"'"))
    if not label:
        raise MissingArgument("text", _("the new option"))
    if vote_rules.is_number(label):
        raise UserError(
            _("To vote: `!vote {number} {label}`", number=item.number, label=label),
            _(
                "To add an option, write its words: `!option {number} East`",
                number=item.number,
            ),
        )
    labels.checked_labels((*(o.label for o in poll.options), label))
    await poll_store.add_option(ctx.db, item.number, label, ctx.who)
    place = len(poll.options) + 1
    return await _announce_change(ctx, item, {"stage": "option", "place": place, "label": label})


async def _may_add(ctx: Context, item: Item, poll: Poll) -> Line | None:
    if poll.ended or poll.over(ctx.said_at):
        return (
            texts.already_over_line(poll) if poll.ended else texts.too_late_line(poll, ctx.said_at)
        )
    if not poll.rule.growing:
        return _(
            "You can't add options to poll {number}: it wasn't opened for that.",
            number=item.number,
        )
    fixed = await requested_proposals.change_refusal(ctx.db, item.number)
    if fixed is not None:
        return fixed
    if not await is_in_any(ctx, item, ctx.who) or not await roll.seats_of(
        ctx.db, item.number, ctx.who
    ):
        return _(
            "You can't add options to poll {number}: that is for who votes in it. "
            "`!voters {number}`",
            number=item.number,
        )
    return None


async def _announce_change(ctx: Context, item: Item, facts: dict[str, Any]) -> Answer:
    """Edit the opening message and tell the room, and the others of the poll."""
    await other_rooms.repeat(ctx, item, person=ctx.who, **facts)
    lines = change_lines.lines_of(item, facts, ctx.who)
    poll = await poll_store.get_poll(ctx.db, item.number)
    told = Say(
        lines,
        room=item.room,
        reply_to=MessageRef(item.number, "opening"),
        loud=True,
        item=item.number,
    )
    edit = Edit(
        MessageRef(item.number, "opening"),
        await opening_post.opening_lines(ctx, poll),
        room=item.room,
    )
    effects: list[Line | Effect] = [edit, told]
    return effects if item.room == ctx.room else [*lines, *effects]
