"""One decision in full: question, rule, roll, turnout, result, objections, who wrote what down."""

from __future__ import annotations

from dataclasses import replace

from bot.api import Answer, Context, Item, Line, Moment, Person, UserError, UserId, _, words
from commands.polls import assembly_store, outcome, say, store, votes
from commands.polls.assembly_store import Assembly
from commands.polls.base import DECISIONS, feature
from commands.polls.rule import bar
from commands.polls.store import Poll

MOST_REASONS = 50


@feature.command(
    words("acta", "ata", "minutes"),
    help=_("one decision in full"),
    example=_("For example: `!minutes {number}`", number=12),
    topic=DECISIONS,
)
async def minutes(ctx: Context, *, text: str = "") -> Answer:
    """Everything that a member may know of a decision, in words."""
    item, _rest = await ctx.item(text, "poll")
    poll = await store.get(ctx.db, item.number)
    if poll.cancelled:
        return say.already(poll)
    if poll.ended is None:
        raise UserError(
            _("Poll {number} is still open: its minutes come at the end.", number=item.number),
            _("How it goes: `!results {number}`", number=item.number),
        )
    return await lines(ctx, item, poll)


async def lines(ctx: Context, item: Item, poll: Poll) -> list[Line]:
    """The minutes, a line for each thing."""
    found = await outcome.of(ctx.db, poll)
    said = [
        say.head(poll),
        *(() if poll.kind.stances else say.numbered(poll)),
        rule(poll),
        _span(item, poll),
        say.electorate(poll),
        *say.ending(replace(found, reasons=())),
    ]
    every = (
        found.reasons[:MOST_REASONS]
        if poll.rule.secret
        else await votes.reasons(ctx.db, poll.number, MOST_REASONS)
    )
    if every:
        said += [_("Reasons:"), *(say.reason(one, poll) for one in every)]
    said += [_confirmed(one) for one in found.assemblies]
    waiting = [a for a in await assembly_store.of_poll(ctx.db, poll.number) if not a.counts]
    if waiting:
        said.append(_("A count of an assembly was never confirmed and does not count."))
    said.append(_("As signed files: `!export {number}`", number=poll.number))
    return said


def rule(poll: Poll) -> Line:
    """The rule in a few words: kind, threshold, quorum."""
    parts: list[Line] = [_("kind: {kind}", kind=poll.kind.names)]
    if poll.rule.method:
        parts.append(_("method: {method}", method=poll.rule.method))
    if poll.question.bound:
        parts.append(_("threshold: {share}", share=bar(poll.question)))
    if poll.rule.quorum:
        parts.append(_("quorum: {quorum}", quorum=str(poll.rule.quorum)))
    if poll.rule.secret:
        parts.append(_("secret"))
    return _("Rule: {parts}", parts=tuple(parts))


def _span(item: Item, poll: Poll) -> Line:
    ended = poll.ended or item.at
    if not item.author:
        return _("Opened on {opened}, closed on {closed}.", opened=Moment(item.at),
                 closed=Moment(ended))  # fmt: skip
    return _(
        "Opened by {who} on {opened}, closed on {closed}.",
        who=Person(item.author),
        opened=Moment(item.at),
        closed=Moment(ended),
    )


def _confirmed(one: Assembly) -> Line:
    people = tuple(Person(UserId(p)) for p in one.confirmed)
    return _("The count of {who} was confirmed by {people}.", who=Person(one.person), people=people)
