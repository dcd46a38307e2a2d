"""Texts about the count of an assembly."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import Line, Person, UserError, UserId, _, n_
from commands.ballot_secrecy import ballot_texts
from commands.ballot_secrecy.files.manifest import FEWEST_VOTES
from commands.poll_book.poll_store import Electorate, Poll


def sample_count(poll: Poll) -> Line:
    """Return the count of an assembly as it is typed: hands by option, or papers by ballot."""
    if not poll.kind.names_one_place:
        sample = ballot_texts.sample_vote(poll)
        return _("`!in-person {number} 14: {sample}`", number=poll.number, sample=sample)
    labels = poll.kind.labels(poll.question)
    pairs = tuple(
        Line("{label}:{votes}", {"label": label, "votes": votes})
        for label, votes in zip(labels[:2], (14, 9), strict=False)
    )
    return _("`!in-person {number} {counts}`", number=poll.number, counts=pairs)


def too_few_papers_error() -> UserError:
    """Return the error for so few paper ballots that they would tell who voted what."""
    return UserError(
        _(
            "From {count} paper ballots on they join a secret vote: fewer tell who voted what.",
            count=FEWEST_VOTES,
        )
    )


def recorded_lines(poll: Poll, who: UserId, people: int, counted: Sequence[Line]) -> list[Line]:
    """Say what was written down of an assembly of so many people, and what makes it count."""
    lines = [
        n_(
            "{who} writes down an assembly of {count} person for poll {number}: {counts}.",
            "{who} writes down an assembly of {count} people for poll {number}: {counts}.",
            people,
            who=Person(who),
            number=poll.number,
            counts=tuple(counted),
        ),
        _(
            "It counts when two more members confirm it: reply `yes`, or write "
            "`!in-person {number} confirm`.",
            number=poll.number,
        ),
        _("If you voted there, don't vote here too."),
    ]
    if poll.rule.secret:
        lines.append(
            _(
                "It stands apart in the result. If from 1 to {most} vote in secret besides, there"
                " is none: it would tell how they did.",
                most=FEWEST_VOTES - 1,
            )
        )
    by_head = poll.rule.voters is not Electorate.ORGANISATIONS
    # How many have voted in secret is not told before the end.
    present = people if poll.rule.secret else people + poll.turnout
    if by_head and poll.roll and present > poll.roll:
        lines.append(
            _(
                "Worth checking: that makes {present} votes, and only {roll} may vote.",
                present=present,
                roll=poll.roll,
            )
        )
    return lines
