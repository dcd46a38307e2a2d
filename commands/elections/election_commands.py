"""`!election`: call for candidacies; show who stands."""

from __future__ import annotations

import secrets
from datetime import datetime, time

from bot.api import (
    Answer,
    CommandPlace,
    Context,
    Item,
    Line,
    MissingArgument,
    Reach,
    Say,
    UserError,
    _,
    dates,
    one_line,
    require_voice,
    words,
)
from commands.ballot_secrecy import ballot_opening
from commands.decision_rules.seat_quotas import MOST_QUOTAS, group_label
from commands.elections import election_store, election_texts
from commands.elections.declaration import (
    ELECTIONS,
    EXAMPLE,
    LONGEST_TIME,
    LONGEST_TITLE,
    MOST_OPEN,
    MOST_SEATS,
    OPENS_JOB,
    USUAL_TIME,
    feature,
)
from commands.elections.election_line import ElectionLine, read_election
from commands.elections.election_meant import ElectionMeant
from commands.elections.election_store import Election
from commands.embargo.typed_times import refuse_time
from commands.poll_book import roll


@feature.command(  # Its settings stand among the words of a sentence.
    words(
        "elección",
        "eleição",
        "election",
        "elegir comité, convocar elección | eleger, convocar eleição | elect",
    ),
    help=_("elect several people: candidacies first, then a vote"),
    example=EXAMPLE,
    topic=ELECTIONS,
    reach=Reach.ROOM,
    where=CommandPlace.ROOM,
)
async def call_election(ctx: Context, *, text: str = "") -> Answer:
    """Begin an election: call for candidates. Return the answer. Raises `UserError` for a missing
    or too long name, impossible seats, quotas or dates, an unknown method, and too many elections
    at once."""
    refuse_time(ctx)
    asked = read_election(f"{text} {ctx.answers.get('part:text', '')}".strip())
    if not asked.title:
        raise MissingArgument("text", _("what is elected, and how many seats"))
    room = ctx.place
    await require_voice(ctx, room)
    _require_possible(asked)
    stands, votes = _deadlines(ctx, asked)
    if len(await election_store.waiting_elections(ctx.db, room)) >= MOST_OPEN:
        raise UserError(_("{count} elections wait for candidacies here already.", count=MOST_OPEN))
    voters = await roll.build_roll(ctx, room, roll.parse_voters(asked.voters or None))
    if asked.secret:
        ballot_opening.require_hidden_voters(voters)
        await ballot_opening.confirm_similar_roll(ctx, room, voters)
    number = await ctx.add_item("election", asked.title, room)
    one = Election(
        number,
        asked.seats,
        asked.method,
        asked.secret,
        asked.quotas,
        asked.voters,
        stands,
        votes,
        secrets.token_hex(32),
    )
    await election_store.add_election(ctx.db, one)
    await ctx.schedule(OPENS_JOB, stands, item=number, room=room)
    call = Say(
        election_texts.call_lines(one, asked.title),
        room=room,
        loud=True,
        item=number,
        slot="call",
    )
    return call if room == ctx.room else [_("Election {number} is open.", number=number), call]


def _require_possible(asked: ElectionLine) -> None:
    """Raise `UserError` for what no election can be."""
    if len(asked.title) > LONGEST_TITLE:
        raise UserError(_("The name has more than {most} letters.", most=LONGEST_TITLE))
    if asked.unknown:
        raise UserError(
            _("I know no method “{words}”.", words=asked.unknown),
            _("There are: `method:stv`, `method:approval`, `method:majority`"),
        )
    if not 1 <= asked.seats <= MOST_SEATS:
        raise UserError(_("An election has from 1 to {most} seats.", most=MOST_SEATS), EXAMPLE)
    if len(asked.quotas) > MOST_QUOTAS:
        raise UserError(_("An election has up to {most} quotas.", most=MOST_QUOTAS))
    for one in asked.quotas:
        if not one.low <= one.high or one.low > asked.seats:
            raise UserError(
                _(
                    "With {seats} seats that quota can't be met: {name}.",
                    seats=asked.seats,
                    name=group_label(one.name),
                )
            )


def _deadlines(ctx: Context, asked: ElectionLine) -> tuple[datetime, datetime]:
    """Return until when people can stand, and until when the vote is open. Raises `UserError`."""
    stands = (
        ctx.parse_date(asked.stands_until, end_of_day=True)
        if asked.stands_until
        else ctx.said_at + USUAL_TIME
    )
    votes = _after(ctx, asked.votes_until, stands) if asked.votes_until else stands + USUAL_TIME
    if votes <= stands:
        raise UserError(_("The vote ends after the candidacies, not before."), EXAMPLE)
    if votes > ctx.said_at + LONGEST_TIME:
        raise UserError(_("That is more than a year away."), EXAMPLE)
    return stands, votes


def _after(ctx: Context, phrase: str, stands: datetime) -> datetime:
    """Return a date after the candidacies: of `Tuesday` the first one that is after their end.

    Asks only if several readings are after it.
    """
    read, times = _readings(ctx, phrase, ctx.said_at)
    if times and max(times) <= stands:
        read, times = _readings(ctx, phrase, stands)
    later = [at for at in times if at > stands]
    if len(later) == 1 < len(times):
        return later[0]
    return _last_minute(ctx.choose_reading(phrase, read))


def _readings(ctx: Context, phrase: str, since: datetime) -> tuple[dates.Reading, list[datetime]]:
    """Return how a phrase reads at an instant, and the deadlines that it can mean."""
    read = dates.read_date(phrase, since, ctx.policy.zone)
    options = read.options if isinstance(read, dates.AmbiguousDate) else (read,)
    return read, [_last_minute(one) for one in options if isinstance(one, dates.ZonedTime)]


def _last_minute(when: dates.ZonedTime) -> datetime:
    """Return the instant as a deadline: of a day without a time its last minute."""
    if when.has_time:
        return when.at
    return dates.to_utc(datetime.combine(when.wall.date(), time(23, 59)), when.zone)


@feature.command(
    words(
        "candidaturas",
        "candidaturas",
        "candidates",
        "candidatos, candidatas, postulaciones, quién se postula | quem se candidata | candidacies",
    ),
    help=_("who stands in an election"),
    example=_("For example: `!candidates {number}`", number=12),
    topic=ELECTIONS,
)
async def show_candidates(ctx: Context, meant: ElectionMeant) -> Answer:
    """Show the candidates of an election, with their words. Return the answer."""
    found = await election_store.list_candidates(ctx.db, meant.one.item)
    return election_texts.list_lines(meant.one, meant.item, found)


def clean_words(text: str) -> str:
    """Return a candidate's words on one line."""
    return one_line(text).strip(' :;,.-“”"')


def ended_line(item: Item, why: Line) -> Line:
    """Return the line that says that an election ended without a vote, and why."""
    return _(
        "Election {number}, {title}, ends: {why}", number=item.number, title=item.title, why=why
    )
