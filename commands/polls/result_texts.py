"""What is said of the end of a poll and of an assembly: outcome, counts, the closed opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.api import Line, Number, Person, Span, UserError, UserId, _, n_
from commands.ballot_secrecy import ballot_texts
from commands.decision_rules.ballots import FEWEST_VOTES, PollResult, PollVerdict
from commands.poll_book import texts
from commands.poll_book.assembly_store import Assembly
from commands.poll_book.poll import Electorate, Poll
from commands.polls.outcome import PollOutcome

LATE_AFTER = timedelta(minutes=5)
VERDICT_TEXTS: dict[PollVerdict, Line] = {
    PollVerdict.WON: _("decided"),
    PollVerdict.TIE: _("tie"),
    PollVerdict.APPROVED: _("approved"),
    PollVerdict.NOT_APPROVED: _("not approved"),
    PollVerdict.NO_QUORUM: _("no quorum"),
    PollVerdict.NOBODY: _("nobody voted"),
    PollVerdict.TOO_FEW: _("too few voted"),
}


def headline(found: PollOutcome) -> Line:
    """Return a poll's outcome in one sentence; without a quorum, how many votes were missing."""
    poll = found.poll
    if found.verdict not in (PollVerdict.NO_QUORUM, PollVerdict.TOO_FEW):
        return poll.kind.outcome(found.result, poll.question)
    named = {"number": poll.number, "question": texts.short_question(poll.title)}
    what = (
        _("Proposal {number}, “{question}”", **named)
        if poll.kind.stances
        else _("Poll {number}, “{question}”", **named)
    )
    if found.verdict is PollVerdict.TOO_FEW:
        if _is_beside_an_assembly(found):
            return _("{what}: there is no result that I can publish.", what=what)
        return _("{what}: too few voted for a result to be published.", what=what)
    return n_(
        "{what}: no quorum. {count} of {roll} voted; {needed} were needed.",
        "{what}: no quorum. {count} of {roll} voted; {needed} were needed.",
        found.present,
        what=what,
        roll=poll.roll,
        needed=poll.needed,
    )


def hands_line(found: PollOutcome) -> Line:
    """Return the only line at the end of a show of hands."""
    counts = tuple(texts.count_lines(found.poll, found.result))
    return Line("{question} {counts}", {"question": found.poll.title, "counts": counts})


def ending_message(found: PollOutcome, delay: timedelta = timedelta(0)) -> tuple[Line, ...]:
    """Return the message at the end of a poll. `delay` is how late it comes."""
    poll = found.poll
    if poll.is_show_of_hands:
        return (hands_line(found),)
    lines = [headline(found)]
    if found.hidden and found.verdict is not PollVerdict.NO_QUORUM:
        lines += _hidden_lines(found)
    elif not found.hidden and (found.present or found.assemblies):
        if found.result.why is not None and found.is_quorate:
            lines.append(found.result.why)
        told = found.verdict is PollVerdict.NO_QUORUM and not found.assemblies  # how many voted
        parts = [] if told else _parts(found)
        lines += [*texts.count_lines(poll, found.result), *parts, *_date(found)]
    lines += waiting_lines(found)
    lines += chamber_lines(found)
    lines += [texts.reason_line(one, poll) for one in found.reasons]
    lines += [
        _(
            "{person} voted for: {people}",
            person=Person(one.holder),
            people=(*map(Person, one.voters),),
        )
        for one in found.held
    ]
    if found.late:
        lines.append(
            n_(
                "{count} vote was read late; it was sent in time and counts.",
                "{count} votes were read late; they were sent in time and count.",
                found.late,
            )
        )
    if delay > LATE_AFTER:
        lines.append(_("I say it {span} late, because I was away.", span=Span(delay)))
    return tuple(lines)


def _is_beside_an_assembly(found: PollOutcome) -> bool:
    """Return whether it is the few in secret beside an assembly that keep the result back."""
    by_head = found.poll.rule.voters is not Electorate.ORGANISATIONS
    return found.hidden and by_head and bool(found.assemblies)


def _hidden_lines(found: PollOutcome) -> list[Line]:
    """Return how many voted where the counts are withheld, and what gives a result."""
    if not _is_beside_an_assembly(found):
        return [texts.turnout_line(found.poll)]
    return [
        _(
            "The assembly: {people}. In secret: {count}; from {few} on it can be published.",
            people=sum(one.people for one in found.assemblies),
            count=found.poll.turnout,
            few=FEWEST_VOTES,
        ),
        _(
            "To decide it, ask again: with {few} or more in secret, or all on paper, there is a"
            " result.",
            few=FEWEST_VOTES,
        ),
    ]


def _date(found: PollOutcome) -> list[Line]:
    """Return the picked date of a date poll, or how to pick the best one."""
    poll, winners = found.poll, found.result.winners
    if poll.kind.key != "dates":
        return []
    if poll.picked is not None:
        return [_("Picked: {date}.", date=poll.options[poll.picked - 1].label)]
    named = {"number": poll.number, "place": winners[0] if winners else 1}
    if len(winners) > 1:
        return [_("To settle on one of them: `!pick {number} {place}`", **named)]
    return [_("To settle on it: `!pick {number} {place}`", **named)] if winners else []


def _parts(found: PollOutcome) -> list[Line]:
    """Return the turnout, and the counts of room and assemblies if there was one."""
    if not found.assemblies:
        return [texts.turnout_line(found.poll)]
    told = {
        "counts": tuple(part_lines(found.poll, found.online)) or _("no votes"),
        "turnout": texts.turnout_line(found.poll),
    }
    lines = [
        _("In secret: {counts}. {turnout}", **told)
        if found.poll.rule.secret
        else _("In the room: {counts}. {turnout}", **told)
    ]
    lines += [assembly_line(found.poll, one) for one in found.assemblies]
    return lines


def assembly_line(poll: Poll, one: Assembly) -> Line:
    """Return the line with the counts of an assembly, how many it was and who recorded them."""
    tally = poll.kind.tally(dict(one.parts), poll.question)
    return n_(
        "In the assembly: {counts}. {count} person, recorded by {who}.",
        "In the assembly: {counts}. {count} people, recorded by {who}.",
        one.people,
        counts=tuple(part_lines(poll, tally)),
        who=texts.person_or_somebody(one.person),
    )


def part_lines(poll: Poll, tally: PollResult) -> list[Line]:
    """Return lines with the counts of a part of the votes, which elects nobody by itself."""
    return texts.count_lines(poll, replace(tally, count=None))


def chamber_lines(found: PollOutcome) -> list[Line]:
    """Return one line for each chamber of a decision: its outcome, its counts and how many
    voted."""
    return [
        _(
            "{name}: {outcome}. {counts}. {turnout} of {size} voted.",
            name=one.name,
            outcome=VERDICT_TEXTS[result.verdict],
            counts=tuple(texts.count_lines(found.poll, result)) or _("no votes"),
            turnout=one.turnout,
            size=one.size,
        )
        for one, result in found.chambers
    ]


def closed_opening(found: PollOutcome) -> tuple[Line, ...]:
    """Return a poll's opening message as it reads after the end: the outcome first, the rule
    stays."""
    closed = _("Closed: {outcome}, below.", outcome=short_outcome(found))
    return (closed, *texts.closed_message(found.poll))


def short_outcome(found: PollOutcome) -> Line:
    """Return a poll's outcome in a few words: “tie”, “Norte wins”."""
    if _is_beside_an_assembly(found):
        return _("without a result")
    if found.verdict is not PollVerdict.WON:
        return VERDICT_TEXTS[found.verdict]
    labels = found.poll.kind.labels(found.poll.question)
    winners = tuple(labels[place - 1] for place in found.result.winners)
    return found.poll.kind.won(winners)


# --- the count of an assembly --------------------------------------------------------------------


def sample_count(poll: Poll) -> Line:
    """Return an example of an assembly's count as it is typed: hands by option, or papers by
    ballot."""
    if not poll.kind.names_one_place:
        sample = ballot_texts.sample_vote(poll)
        return _("`!in-person {number} 14: {sample}`", number=poll.number, sample=sample)
    labels = poll.kind.labels(poll.question)
    pairs = tuple(
        Line("{label}:{votes}", {"label": label, "votes": votes})
        for label, votes in zip(labels[:2], (14, 9), strict=False)
    )
    return _("`!in-person {number} {counts}`", number=poll.number, counts=pairs)


def waiting_lines(found: PollOutcome) -> list[Line]:
    """Return a line for each assembly's count that is not confirmed; once final, that it doesn't
    count."""
    poll = found.poll
    if not poll.final:
        return [waiting_line(poll.number, one) for one in found.waiting]
    return [
        _(
            "A count of {people} was not confirmed by two people and doesn't count.",
            people=_people(one.people),
        )
        for one in found.waiting
    ]


def waiting_line(number: Number, one: Assembly) -> Line:
    """Return the line that says that an assembly's count still waits, and how it is confirmed."""
    return n_(
        "A count of {people} waits; {count} more must confirm it: `!in-person {number} confirm`",
        "A count of {people} waits; {count} more must confirm it: `!in-person {number} confirm`",
        one.missing,
        people=_people(one.people),
        number=number,
    )


def _people(count: int) -> Line:
    return n_("{count} person", "{count} people", count)


def too_few_papers_error() -> UserError:
    """Return the error for so few paper ballots that they would tell who voted what."""
    return UserError(
        _(
            "From {count} paper ballots on they join a secret vote: fewer tell who voted what.",
            count=FEWEST_VOTES,
        )
    )


def recorded_lines(poll: Poll, who: UserId, people: int, counted: Sequence[Line]) -> list[Line]:
    """Return lines that say what was recorded of an assembly of so many people, and what makes it
    count."""
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
