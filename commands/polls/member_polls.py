"""Polls that members make in their own apps: counted on request, and never stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.api import (
    Context,
    Line,
    MemberPoll,
    Moment,
    Person,
    Trust,
    UserError,
    UserId,
    _,
    items,
    n_,
    verbatim,
)
from commands.decision_rules import ballots, vote_rules
from commands.decision_rules.vote_rules import Response
from commands.poll_book import texts
from commands.poll_book.people import people_without_vote


async def replied_member_poll(ctx: Context, text: str) -> MemberPoll | None:
    """Return the poll of a member's app in the message replied to, or None if it is one of the
    bot's.

    Raises `UserError` if the message holds no poll that the bot can read.
    """
    reply = ctx.origin.reply_to
    if reply is None or text.strip() or await items.item_about(ctx.db, reply) is not None:
        return None
    poll = ctx.member_poll(reply)
    if poll is None:
        number = await ctx.example_number("polls", otherwise=12)
        raise UserError(
            _("I see no poll there. If it is one, it was made before I came, or without its key."),
            _("For one that you made with me: `!results {number}`", number=number),
        )
    return poll


def count_votes(
    poll: MemberPoll, without_vote: frozenset[UserId] = frozenset()
) -> tuple[dict[int, int], int]:
    """Return the votes by place and how many people voted in a member's poll, by the rules of
    MSC3381.

    Of each person the latest response by the server's time counts, even if it is spoiled. Responses
    after the end and those of people `without_vote` do not count.
    """
    answers: dict[UserId, list[Response]] = {}
    for order, vote in enumerate(poll.votes):
        if vote.sender in without_vote or (poll.ended is not None and vote.stamp > poll.ended):
            continue
        places = vote_rules.places_of_answers(
            vote.answers, [key for key, _label in poll.answers], poll.most
        )
        response = Response(order, vote.at.timestamp(), vote.stamp, places)
        answers.setdefault(vote.sender, []).append(response)
    found = [vote_rules.counting_response(every) for every in answers.values()]
    ballots = [one.choices for one in found if one and one.choices]
    return vote_rules.tally_places(ballots, len(poll.answers)), len(ballots)


def trusted(ctx: Context, poll: MemberPoll) -> tuple[MemberPoll, int]:
    """Return a member's poll without the votes that don't count by the room's rule for devices, and
    their number."""
    if ctx.policy.loosened or ctx.defaults.unsigned:
        return poll, 0
    votes = tuple(one for one in poll.votes if one.trust is not Trust.UNSIGNED)
    ended = None if poll.ended_by is Trust.UNSIGNED else poll.ended
    return replace(poll, votes=votes, ended=ended), len(poll.votes) - len(votes)


async def describe_result(ctx: Context, poll: MemberPoll) -> tuple[Line, ...]:
    """Return lines about a member's poll: the counts, who leads, and what was not read or does not
    count."""
    poll, left = trusted(ctx, poll)
    voted = frozenset(vote.sender for vote in poll.votes)
    without_vote = await people_without_vote(ctx, ctx.room, voted)
    votes, people = count_votes(poll, without_vote)
    labels = tuple(label for _key, label in poll.answers)
    shown = poll.disclosed or poll.ended is not None
    lines = [
        _(
            "Poll of {who}: {question}",
            who=Person(poll.author),
            question=texts.short_question(poll.question),
        ),
        *(
            Line("{label}: {votes}", {"label": labels[place - 1], "votes": count})
            for place, count in votes.items()
            if shown
        ),
        n_("{count} person voted.", "{count} people voted.", people),
        _standing(poll, ballots.top_places(votes), labels)
        if shown
        else _("This poll hides its counts until its author ends it."),
    ]
    if others := without_vote - {ctx.me}:
        lines.append(
            n_(
                "I did not count {count} account: it is a bot or comes by a bridge.",
                "I did not count {count} accounts: they are bots or come by a bridge.",
                len(others),
            )
        )
    if left:
        lines.append(
            n_(
                "I did not count {count} vote: its device is not confirmed as its owner's.",
                "I did not count {count} votes: their devices are not confirmed as their owners'.",
                left,
            )
        )
    if poll.unread:
        lines.append(
            n_(
                "I could not read {count} response: it was sent before I came, or without its key.",
                "I could not read {count} responses: they were sent before I came, or without "
                "their key.",
                poll.unread,
            )
        )
    if not poll.whole:
        lines.append(_("There are more votes than I can read at once, so this count is partial."))
    return tuple(lines)


def _standing(poll: MemberPoll, leading: tuple[int, ...], labels: tuple[str, ...]) -> Line:
    names = tuple(verbatim(labels[place - 1]) for place in leading)
    if not names:
        return _("Nobody has voted yet.")
    if poll.ended is None:
        return _("It is still open. Ahead so far: {leading}.", leading=names)
    ended = Moment(datetime.fromtimestamp(poll.ended / 1000, UTC))
    if len(names) > 1:
        return _("It closed on {moment}: tie, {winners}.", moment=ended, winners=names)
    return _("It closed on {moment}: {winner} wins.", moment=ended, winner=names[0])
