"""The end of the candidacies: the ballot is drawn by lot, and the vote opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.api import (
    Answer,
    Context,
    Effect,
    FileContent,
    Item,
    Job,
    Line,
    MessageRef,
    Number,
    RenderLine,
    Say,
    SendFile,
    Span,
    UserError,
    UserId,
    _,
    is_in,
    items,
    n_,
    one_line,
    rooms,
)
from commands.decision_rules import vote_rules
from commands.decision_rules.ballots import PollQuestion, SeatQuota
from commands.decision_rules.seat_quotas import SeatPlan, format_quotas, group_label
from commands.elections import election_store, election_texts
from commands.elections.declaration import LATE_AFTER, OPENS_JOB, feature
from commands.elections.election_commands import ended_line
from commands.elections.election_line import APPROVAL, MOST, STV
from commands.elections.election_store import Election, Nominee
from commands.poll_book import roll
from commands.poll_book.poll import Option, PollRule
from commands.polls.opening import opening_commands
from commands.polls.opening.plan import PollPlan
from commands.roles import lot


@feature.runs(OPENS_JOB)
async def open_when_due(ctx: Context, job: Job) -> Answer:
    """Draw the order of the candidates and open the election's vote, or say why there is none.
    Return what to say, if anything."""
    item = await items.get(ctx.db, job.item) if job.item is not None else None
    one = await election_store.get_election(ctx.db, item.number) if item is not None else None
    if item is None or one is None or not item.open or one.poll is not None:
        return None
    if one.stands_until > ctx.now:  # a job of before, for a wall time that a zone's rules moved
        await ctx.schedule(OPENS_JOB, one.stands_until, item=item.number, room=item.room)
        return None
    await items.close(ctx.db, item.number)
    late = ctx.said_at - job.due
    first = (
        [_("I say this late, by {span}: I was away.", span=Span(late))] if late > LATE_AFTER else []
    )
    found = [
        candidate
        for candidate in await election_store.list_candidates(ctx.db, one.item)
        if candidate.accepted and await is_in(ctx, item.room, candidate.person)
    ]
    if not found:
        return _told(item, *first, ended_line(item, _("nobody stands.")))
    order = _drawn(one, found)
    quotas = tuple(_with_places(quota, order) for quota in one.quotas)
    short = _unmet(one, quotas, len(order))
    if short is not None:
        return _told(
            item, *first, ended_line(item, short), *map(election_texts.candidate_line, order)
        )
    if len(order) <= one.seats:
        return _told(item, *first, *_uncontested(one, item, order))
    return await _open_vote(ctx, one, item, order, quotas, first)


def _drawn(one: Election, found: Sequence[Nominee]) -> list[Nominee]:
    """Return the candidates in the order of the lot, each with their place."""
    by_person = {candidate.person: candidate for candidate in found}
    order = lot.draw_order(one.lot, _lot_words(found), by_person)
    return [replace(by_person[person], place=at) for at, person in enumerate(order, start=1)]


def _lot_words(found: Sequence[Nominee]) -> dict[UserId, str]:
    return {candidate.person: candidate.words for candidate in found if candidate.words}


def _with_places(quota: SeatQuota, order: Sequence[Nominee]) -> SeatQuota:
    places = frozenset(one.place or 0 for one in order if quota.name in one.groups)
    return replace(quota, places=places)


def _unmet(one: Election, quotas: Sequence[SeatQuota], standing: int) -> Line | None:
    """Return why the quotas can't be met by those who stand, or None if they can."""
    for quota in quotas:
        if len(quota.places) < quota.low:
            return _(
                "{count} of {name} were needed, {standing} stand. A new call: `!election`",
                count=quota.low,
                name=group_label(quota.name),
                standing=len(quota.places),
            )
    plan = SeatPlan(PollQuestion(one.item, ("",) * standing, seats=one.seats, quotas=tuple(quotas)))
    if plan.seats < min(one.seats, standing):
        return _("with those who stand the quotas can't be met. A new call: `!election`")
    return None


def _uncontested(one: Election, item: Item, order: Sequence[Nominee]) -> list[Line]:
    """Say that as many stand as there are seats, or fewer, so that nobody has to choose."""
    lines = [
        _(
            "Election {number}, {title}: no more stand than there are seats, so without a vote:",
            number=one.item,
            title=item.title,
        ),
        *map(election_texts.candidate_line, order),
    ]
    empty = one.seats - len(order)
    if empty:
        lines.append(
            n_("{count} seat stays empty.", "{count} seats stay empty.", empty),
        )
    return lines


async def _open_vote(
    ctx: Context,
    one: Election,
    item: Item,
    order: Sequence[Nominee],
    quotas: tuple[SeatQuota, ...],
    first: list[Line],
) -> Answer:
    plan = PollPlan(
        await ctx.render_line(_("election, {title}", title=item.title), item.room),
        tuple(map(Option, await _labels(ctx, item, order))),
        _rule(one, quotas, len(order)),
        one.votes_until,
        roll.parse_voters(one.voters or None),
    )
    try:
        number = await opening_commands.store_plan(ctx, plan, item.room, item.author)
    except UserError as error:
        return _told(item, *first, ended_line(item, _("no vote can open.")), *error.lines)
    await election_store.open_vote(ctx.db, one.item, number, [who.person for who in order])
    above = [
        *first,
        _(
            "Election {number}: {count} stand, in the order of the lot. The vote is number {vote}.",
            number=one.item,
            count=len(order),
            vote=number,
        ),
        *(election_texts.candidate_line(who) for who in order if who.words or who.groups),
    ]
    return [
        *await opening_commands.opening_effects(ctx, number, item.room, None, *above),
        _lot_file(one, item, number, order),
    ]


def _rule(one: Election, quotas: tuple[SeatQuota, ...], standing: int) -> PollRule:
    most = {STV: 1, APPROVAL: standing, MOST: min(one.seats, standing)}[one.method]
    return PollRule(
        "stv" if one.method == STV else "seats",
        most=most,
        interim=False,
        secret=one.secret,
        seats=one.seats,
        quotas=format_quotas(quotas),
    )


async def _labels(ctx: Context, item: Item, order: Sequence[Nominee]) -> list[str]:
    """Return the names on the ballot; addresses where two names look the same."""
    names: list[str] = []
    for one in order:
        name = one_line(await rooms.display_name(ctx.db, one.person, item.room))
        names.append(name[:80] or one.person)
    if vote_rules.find_lookalikes(names) or vote_rules.misleading_label(names):
        return [one.person for one in order]
    return names


def _lot_file(one: Election, item: Item, vote: Number, order: Sequence[Nominee]) -> Effect:
    lines = lot.sheet_lines(one.lot, _lot_words(order), [who.person for who in order])

    def made(tell: RenderLine) -> FileContent:
        head = tell(
            _(
                "Election {number}, {title}: the smallest number stands first on the ballot.",
                number=one.item,
                title=item.title,
            )
        )
        return FileContent("\n".join([head, "", *lines, ""]).encode())

    caption = (_("The lot of the ballot, to count again"),)
    return SendFile(
        f"sorteo-{one.item}.txt", "text/plain", made, caption, room=item.room, item=vote
    )


def _told(item: Item, *lines: Line) -> list[Effect]:
    said = Say(lines, room=item.room, loud=True, item=item.number)
    return [replace(said, reply_to=MessageRef(item.number, "call"))]
