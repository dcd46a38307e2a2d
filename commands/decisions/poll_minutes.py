"""One decision in full: question, rule, roll, turnout, result, objections and recorders."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import replace

from bot.api import (
    MINUTES,
    PAGE_ARGUMENT,
    Answer,
    Context,
    Item,
    ItemAccess,
    Line,
    Moment,
    ParsedArguments,
    Person,
    Reach,
    UserError,
    _,
    n_,
    words,
)
from commands.ballot_secrecy import ballot_end_store, ballot_texts
from commands.decisions import rule_text
from commands.decisions.declaration import feature
from commands.poll_book import texts, vote_store
from commands.poll_book.assembly_store import Assembly
from commands.poll_book.poll import Electorate, Poll
from commands.polls import outcome, result_texts, result_visibility
from commands.polls.declaration import DECISIONS

REASONS_PER_PAGE = 50
"""How many reasons fit on a page."""
FINGERPRINT_LENGTH = 12
"""How many letters of a key people compare by eye; `!status` shows all of them."""


@feature.command(
    words(
        "acta",
        "ata",
        "minutes",
        "minuta, memoria | ata da |",
    ),
    help=_("one decision in full, or the minutes of a meeting"),
    example=_("For example: `!minutes {number}`", number=12),
    topic=DECISIONS,
    of=("poll",),
    does=ItemAccess.READS,
    reach=Reach.ROOM,
    args=(PAGE_ARGUMENT,),
)
async def show_minutes(ctx: Context, parts: ParsedArguments) -> Answer:
    """Show everything that a member may know of a decision, or the minutes of a meeting. Return the
    answer."""
    for other in await _minutes_of_another(ctx, parts.free):
        return await other
    item, poll = await result_visibility.get_ended_poll(ctx, parts.free)
    page = page_argument(parts)
    said = await (minutes_lines(ctx, item, poll) if page == 1 else _further_page(ctx, poll, page))
    return result_visibility.answer_where_visible(ctx, item, said)


async def _minutes_of_another(ctx: Context, text: str) -> list[Awaitable[Answer]]:
    """Return the minutes that another capability offers for this number, if it is its own."""
    replied = await ctx.replied_item()
    if replied is None and not re.match(r"\s*#?\d", text):
        return []
    item, _rest = await ctx.parse_item(text)
    return [offer(ctx, item) for offer in ctx.registry.offers(MINUTES.of(item.kind))]


def page_argument(parts: ParsedArguments) -> int:
    """Return the page that was asked for, or 1. Raises `UserError` for what is no page's number."""
    typed = parts.named.get(PAGE_ARGUMENT.key, "1").strip()
    if not re.fullmatch(r"[1-9]\d{0,4}", typed, re.ASCII):
        raise UserError(_("I can't read “{words}” as a page: `page:2`", words=typed[:40]))
    return int(typed)


async def minutes_lines(ctx: Context, item: Item, poll: Poll) -> list[Line]:
    """Return everything that a member may know of a decision, one line for each fact."""
    found = await outcome.current_outcome(ctx.db, poll)
    said = [
        texts.head_line(poll),
        *(() if poll.kind.stances else texts.numbered_options(poll)),
        _("Rule: {parts}", parts=rule_text.describe_rule(poll)),
        _span(item, poll),
        _electorate(poll),
        *result_texts.ending_message(replace(found, reasons=())),
        *await _reasons(ctx, poll, 1),
    ]
    said += [_confirmed(one) for one in found.assemblies]
    if not poll.final:
        said.append(_("Votes sent in time can still change it, until a day after its end."))
    return [*said, *await _fingerprints(ctx, poll), *_signed(ctx, poll)]


async def _fingerprints(ctx: Context, poll: Poll) -> list[Line]:
    """Return the fingerprints of a secret vote's files, so that all can compare what they got."""
    bundle = await ballot_end_store.get_bundle(ctx.db, poll.number) if poll.rule.secret else None
    return ballot_texts.fingerprint_lines(bundle) if bundle else []


async def _further_page(ctx: Context, poll: Poll, page: int) -> list[Line]:
    """Return a further page of reasons. Raises `UserError` if there is no such page."""
    found = await _reasons(ctx, poll, page)
    if not found:
        raise UserError(
            _("The minutes of {number} have no page {page}.", number=poll.number, page=page),
            _("From the beginning: `!minutes {number}`", number=poll.number),
        )
    return [texts.head_line(poll), *found]


async def _reasons(ctx: Context, poll: Poll, page: int) -> list[Line]:
    skip = (page - 1) * REASONS_PER_PAGE
    if poll.rule.secret:  # they stand in the file that was made at the end
        found = list(
            (await outcome.current_outcome(ctx.db, poll)).reasons[
                skip : skip + REASONS_PER_PAGE + 1
            ]
        )
    else:
        found = await vote_store.list_reasons(ctx.db, poll.number, REASONS_PER_PAGE + 1, skip)
    if not found:
        return []
    said = [_("Reasons:"), *(texts.reason_line(one, poll) for one in found[:REASONS_PER_PAGE])]
    if len(found) > REASONS_PER_PAGE:
        said.append(
            _("More reasons: `!minutes {number} page:{page}`", number=poll.number, page=page + 1)
        )
    return said


def _signed(ctx: Context, poll: Poll) -> tuple[Line, ...]:
    """Say who signs the result and where its file is."""
    return (
        _("Signed file and table: `!export {number}`", number=poll.number),
        _("I sign with the key {key}…", key=ctx.signer.public[:FINGERPRINT_LENGTH]),
    )


def _span(item: Item, poll: Poll) -> Line:
    closed = poll.ended or item.at
    if not item.author:
        return _(
            "Opened on {opened}, closed on {closed}.", opened=Moment(item.at), closed=Moment(closed)
        )
    return _(
        "Opened by {who} on {opened}, closed on {closed}.",
        who=Person(item.author),
        opened=Moment(item.at),
        closed=Moment(closed),
    )


def _confirmed(one: Assembly) -> Line:
    people = tuple(map(texts.person_or_somebody, one.confirmed))
    who = texts.person_or_somebody(one.person)
    return _("The count of {who} was confirmed by {people}.", who=who, people=people)


def _electorate(poll: Poll) -> Line:
    """Say how many could vote, in the past tense."""
    if poll.rule.voters is Electorate.ORGANISATIONS:
        return n_(
            "{count} organisation could vote.", "{count} organisations could vote.", poll.roll
        )
    return n_("{count} person could vote.", "{count} people could vote.", poll.roll)
