"""One decision in full: question, rule, roll, turnout, result, objections and recorders."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import replace

from bot.api import (
    Answer,
    Arg,
    Context,
    Does,
    Item,
    Line,
    Moment,
    Parts,
    Person,
    Reach,
    UserError,
    _,
    n_,
    words,
)
from commands.polls import texts
from commands.polls.declaration import DECISIONS, feature
from commands.polls.poll_store import Electorate, Poll
from commands.polls.records import outcome, result_visibility, rule_text
from commands.polls.votes import assembly_store, vote_store
from commands.polls.votes.assembly_store import Assembly

REASONS = 50
"""How many reasons fit on a page."""
FINGERPRINT = 12
"""How many letters of a key people compare by eye; `!status` shows all of them."""
PAGE = Arg(words("página", "página", "page"))


@feature.command(
    words("acta", "ata", "minutes"),
    help=_("one decision in full, or the minutes of a meeting"),
    example=_("For example: `!minutes {number}`", number=12),
    topic=DECISIONS,
    does=Does.READS,
    reach=Reach.ROOM,
    args=(PAGE,),
)
async def minutes(ctx: Context, parts: Parts) -> Answer:
    """Show everything a member may know of a decision, or the minutes of a meeting."""
    for other in await _of_another(ctx, parts.free):
        return await other
    item, poll = await result_visibility.ended(ctx, parts.free)
    page = page_of(parts)
    said = await (lines(ctx, item, poll) if page == 1 else _more(ctx, poll, page))
    return result_visibility.given(ctx, item, said)


async def _of_another(ctx: Context, text: str) -> list[Awaitable[Answer]]:
    """Return the minutes that another capability offers for this number, if it is its own."""
    replied = await ctx.replied()
    if replied is None and not re.match(r"\s*#?\d", text):
        return []
    item, _rest = await ctx.item(text)
    return [offer(ctx, item) for offer in ctx.registry.services(f"minutes:{item.kind}")]


def page_of(parts: Parts) -> int:
    """Return the page that was asked for, or 1. Raises `UserError`."""
    typed = parts.named.get(PAGE.key, "1").strip()
    if not re.fullmatch(r"[1-9]\d{0,4}", typed, re.ASCII):
        raise UserError(_("I can't read “{words}” as a page: `page:2`", words=typed[:40]))
    return int(typed)


async def lines(ctx: Context, item: Item, poll: Poll) -> list[Line]:
    """Return the minutes of a decision, one line for each fact."""
    found = await outcome.of(ctx.db, poll)
    said = [
        texts.head(poll),
        *(() if poll.kind.stances else texts.numbered(poll)),
        _("Rule: {parts}", parts=rule_text.rule(poll)),
        _span(item, poll),
        _electorate(poll),
        *texts.ending(replace(found, reasons=())),
        *await _reasons(ctx, poll, 1),
    ]
    said += [_confirmed(one) for one in found.assemblies]
    waiting = [a for a in await assembly_store.of_poll(ctx.db, poll.number) if not a.counts]
    if waiting:
        said.append(_("A count of an assembly was never confirmed and does not count."))
    if not poll.final:
        said.append(_("Votes sent in time can still change it, until a day after its end."))
    return [*said, *_signed(ctx, poll)]


async def _more(ctx: Context, poll: Poll, page: int) -> list[Line]:
    """Return a further page of reasons. Raises `UserError` if there is no such page."""
    found = await _reasons(ctx, poll, page)
    if not found:
        raise UserError(
            _("The minutes of {number} have no page {page}.", number=poll.number, page=page),
            _("From the beginning: `!minutes {number}`", number=poll.number),
        )
    return [texts.head(poll), *found]


async def _reasons(ctx: Context, poll: Poll, page: int) -> list[Line]:
    skip = (page - 1) * REASONS
    if poll.rule.secret:  # they stand in the file that was made at the end
        found = list((await outcome.of(ctx.db, poll)).reasons[skip : skip + REASONS + 1])
    else:
        found = await vote_store.reasons(ctx.db, poll.number, REASONS + 1, skip)
    if not found:
        return []
    said = [_("Reasons:"), *(texts.reason(one, poll) for one in found[:REASONS])]
    if len(found) > REASONS:
        said.append(
            _("More reasons: `!minutes {number} page:{page}`", number=poll.number, page=page + 1)
        )
    return said


def _signed(ctx: Context, poll: Poll) -> tuple[Line, ...]:
    """Say who signs the result and where its file is."""
    return (
        _("Signed file and table: `!export {number}`", number=poll.number),
        _("I sign with the key {key}…", key=ctx.signer.public[:FINGERPRINT]),
    )


def _span(item: Item, poll: Poll) -> Line:
    closed = poll.ended or item.at
    if not item.author:
        return _("Opened on {opened}, closed on {closed}.", opened=Moment(item.at),
                 closed=Moment(closed))  # fmt: skip
    return _(
        "Opened by {who} on {opened}, closed on {closed}.",
        who=Person(item.author),
        opened=Moment(item.at),
        closed=Moment(closed),
    )


def _confirmed(one: Assembly) -> Line:
    people = tuple(map(texts.somebody, one.confirmed))
    who = texts.somebody(one.person)
    return _("The count of {who} was confirmed by {people}.", who=who, people=people)


def _electorate(poll: Poll) -> Line:
    """Say how many could vote, in the past tense."""
    if poll.rule.voters is Electorate.ORGANISATIONS:
        return n_(
            "{count} organisation could vote.", "{count} organisations could vote.", poll.roll
        )
    return n_("{count} person could vote.", "{count} people could vote.", poll.roll)
