"""What is said about a poll: its opening, its counts, its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.api import Line, Moment, Number, Span, _, n_
from commands.polls.rules import first
from commands.polls.store import Poll

ON_ONE_LINE = 100
SHORT = 80
LATE = timedelta(minutes=5)


def short(question: str) -> str:
    """A question as it is named again later."""
    return question if len(question) <= SHORT else question[: SHORT - 1] + "…"


def opening(poll: Poll, question: str) -> tuple[Line, ...]:
    """What the room reads when a poll begins."""
    lines = [_("Poll {number}: {question}", number=poll.number, question=question)]
    lines += numbered(poll)
    if poll.most == 1:
        lines.append(
            _("To vote, reply with the number or write `!vote {number} 1`.", number=poll.number)
        )
    else:
        lines.append(
            _(
                "Up to {most} options: reply with the numbers or write `!vote {number} 1 2`.",
                most=poll.most,
                number=poll.number,
            )
        )
    return (*lines, _end_to_come(poll))


def _end_to_come(poll: Poll) -> Line:
    end = until(poll)
    if poll.interim:
        return _("{end} Until then a vote can be changed.", end=end)
    return _("{end} I show no counts before; who votes what is not secret.", end=end)


def until(poll: Poll) -> Line:
    """When it closes."""
    if poll.closes is None:
        return _("It is open until `!close {number}`.", number=poll.number)
    return _("It closes on {moment}.", moment=Moment(poll.closes))


def numbered(poll: Poll) -> list[Line]:
    """The options with their numbers: on one line where they fit."""
    options = tuple(Line("{n} {label}", {"n": o.place, "label": o.label}) for o in poll.options)
    if sum(len(o.label) + 6 for o in poll.options) <= ON_ONE_LINE:
        return [Line("{options}", {"options": options})]
    return list(options)


def unknown(poll: Poll, place: int) -> tuple[Line, ...]:
    """No option has that number: which there are."""
    said = _(
        "There is no option {unknown}: they go from 1 to {count}.",
        unknown=place,
        count=len(poll.options),
    )
    return (said, *numbered(poll))


def too_many(poll: Poll) -> tuple[Line, ...]:
    """More options than one person may choose: how many they are, and that nothing changed."""
    return (
        n_(
            "In this poll one person can choose up to {count} option; I changed nothing.",
            "In this poll one person can choose up to {count} options; I changed nothing.",
            poll.most,
        ),
        *numbered(poll),
    )


def counts(poll: Poll) -> list[Line]:
    """One line per option, as everybody knows them: `Norte: 12`."""
    return [Line("{label}: {votes}", {"label": o.label, "votes": o.votes}) for o in poll.options]


def turnout(poll: Poll, members: int) -> Line:
    everybody = max(members, poll.turnout)
    return n_(
        "{count} of {everybody} people voted.",
        "{count} of {everybody} people voted.",
        poll.turnout,
        everybody=everybody,
    )


def outcome(poll: Poll, question: str) -> Line:
    """Who wins, in one sentence."""
    votes = {o.place: o.votes for o in poll.options}
    winners = tuple(poll.labels[place - 1] for place in first(votes))
    named = {"number": poll.number, "question": short(question)}
    if not winners:
        return _("Poll {number}, “{question}”, is closed: nobody voted.", **named)
    if len(winners) > 1:
        return _("Poll {number}, “{question}”: tie, {winners}.", **named, winners=winners)
    return _("Poll {number}, “{question}”: {winner} wins.", **named, winner=winners[0])


def ending(
    poll: Poll, question: str, members: int, read_late: int, delay: timedelta
) -> tuple[Line, ...]:
    """What the room reads when a poll has ended."""
    lines = [outcome(poll, question)]
    if poll.turnout:
        lines += [*counts(poll), turnout(poll, members)]
    if read_late:
        lines.append(
            n_(
                "{count} vote was read late; it was sent in time and counts.",
                "{count} votes were read late; they were sent in time and count.",
                read_late,
            )
        )
    if delay > LATE:
        lines.append(_("I say it {span} late, because I was away.", span=Span(delay)))
    return tuple(lines)


def native_end(number: Number) -> Line:
    """What stands in the native poll's end; the result itself is said once, in words."""
    return _("Poll {number} is over.", number=number)


def closed(poll: Poll, question: str) -> tuple[Line, ...]:
    """What the opening says afterwards."""
    return (
        _("Poll {number}: {question}", number=poll.number, question=question),
        _("It has closed. {counts}", counts=tuple(counts(poll))),
    )


def over(poll: Poll, at: datetime) -> Line:
    """Why a vote does not count any more."""
    if poll.cancelled:
        return already(poll)
    ended = poll.ended or poll.closes or at
    return _(
        "Poll {number} closed on {moment}; the vote does not count. `!results {number}`",
        number=poll.number,
        moment=Moment(ended),
    )


def already(poll: Poll) -> Line:
    """It has ended before."""
    if poll.cancelled:
        return _("Poll {number} was cancelled.", number=poll.number)
    return _("Poll {number} has closed already. `!results {number}`", number=poll.number)


def pending(number: Number, question: str, closes: datetime | None) -> Line:
    if closes is None:
        return _("Poll {number}: {question}", number=number, question=short(question))
    return _(
        "Poll {number}: {question} (until {moment})",
        number=number,
        question=short(question),
        moment=Moment(closes),
    )
