"""Texts about a poll: its opening, its counts and its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.api import (
    LANGUAGE_WORDS,
    Line,
    Moment,
    Number,
    Person,
    Span,
    UserId,
    _,
    n_,
    shorten_line,
    verbatim,
)
from commands.decision_rules.ballots import SHORT_TITLE, PollResult
from commands.decision_rules.kinds.stances import STANCE_LABELS, Stance
from commands.poll_book.assembly_store import FORGOTTEN_PREFIX
from commands.poll_book.poll import Electorate, Poll
from commands.poll_book.vote_store import VoteReason

ON_ONE_LINE = 100


short_question = partial(shorten_line, most=SHORT_TITLE)


def head_line(poll: Poll) -> Line:
    """Return the first line of every message about a poll."""
    if poll.kind.stances:
        return _("Proposal {number}: {question}", number=poll.number, question=poll.title)
    return _("Poll {number}: {question}", number=poll.number, question=poll.title)


# --- opening ------------------------------------------------------------------------------------


def hands_opening_line(poll: Poll, opened: datetime) -> Line:
    """Return the only line about a show of hands before its end."""
    if poll.closes is None:
        return _("Show of hands: {question}", question=poll.title)
    length = Span(poll.closes - opened)
    return _("Show of hands, {span}: {question}", span=length, question=poll.title)


def opening_message(poll: Poll, opened: datetime) -> tuple[Line, ...]:
    """Return the opening message of a poll: question, options, how to vote, rule and end."""
    if poll.is_show_of_hands:
        return (hands_opening_line(poll, opened),)
    how, rule = poll.kind.how(poll.question), poll.kind.rule(poll.question)
    lines = [
        head_line(poll),
        *option_lines(poll),
        *((*rule, *how) if poll.kind.stances else (*how, *rule)),
        *voters_lines(poll),
    ]
    if poll.rule.growing:
        lines.append(_("Whoever votes may add an option: `!option {number} …`", number=poll.number))
    return (*lines, _end_to_come(poll))


def closed_message(poll: Poll) -> tuple[Line, ...]:
    """Return a poll's opening message as it reads after the end: what was asked, and by which
    rule."""
    closed = _("It closed on {moment}.", moment=Moment(poll.ended)) if poll.ended else None
    return (
        head_line(poll),
        *option_lines(poll),
        *poll.kind.rule(poll.question),
        *voters_lines(poll),
        *translation_lines(poll),
        *([closed] if closed else []),
    )


def translation_lines(poll: Poll) -> list[Line]:
    """Return lines that say which translations of a poll were added while the vote was open."""
    return [
        _("In {language} since {moment}.", language=LANGUAGE_WORDS[language], moment=Moment(at))
        for language, at in poll.translated.items()
    ]


def option_lines(poll: Poll) -> list[Line]:
    """Return a poll's options, one a line. Stances are named where it is said how to vote."""
    if poll.kind.stances:
        return []
    labels = enumerate(poll.kind.labels(poll.question), start=1)
    return [Line("{n} {label}", {"n": n, "label": label}) for n, label in labels]


def voters_lines(poll: Poll) -> list[Line]:
    """Return lines that say who may vote if it is not everybody here, and how many must if there is
    a quorum."""
    everybody = poll.rule.voters is Electorate.HERE and poll.rule.quorum is None
    return [] if everybody else [rule_line(poll)]


def rule_line(poll: Poll) -> Line:
    """Return the line that says who may vote, and how many must."""
    voters = electorate_line(poll)
    if poll.rule.quorum is None:
        return voters
    return n_(
        "{voters} Quorum: {quorum} ({count} vote).",
        "{voters} Quorum: {quorum} ({count} votes).",
        poll.needed,
        voters=voters,
        quorum=str(poll.rule.quorum),
    )


def electorate_line(poll: Poll) -> Line:
    """Return the sentence that says who may vote."""
    match poll.rule.voters:
        case Electorate.ORGANISATIONS:
            return n_(
                "The {count} organisation of this room votes: `!voters {number}`.",
                "The {count} organisations of this room vote: `!voters {number}`.",
                poll.roll,
                number=poll.number,
            )
        case Electorate.NAMED:
            return n_(
                "{count} person may vote: `!voters {number}`.",
                "{count} people may vote: `!voters {number}`.",
                poll.roll,
                number=poll.number,
            )
        case Electorate.HERE:
            return n_(
                "Who is here now may vote: {count} person.",
                "Who is here now may vote: {count} people.",
                poll.roll,
            )


def _end_to_come(poll: Poll) -> Line:
    end, number, sample = end_line(poll), poll.number, _other_vote(poll)
    if not poll.rule.interim:
        return _("{end} I show no counts before; who votes what is not secret.", end=end)
    if sample is None:
        return _("{end} Until then a vote can be changed.", end=end)
    if poll.closes is None:
        return _(
            "It is open until `!close {number}`. To change your vote: `!vote {number} {sample}`",
            number=number,
            sample=sample,
        )
    return _(
        "It closes on {moment}; until then you can change your vote: `!vote {number} {sample}`",
        moment=Moment(poll.closes),
        number=number,
        sample=sample,
    )


def _other_vote(poll: Poll) -> Line | None:
    """Return another vote as it is typed, or None for a kind that shows how to vote already."""
    if poll.kind.stances:
        return STANCE_LABELS[Stance.AGAINST]
    if poll.rule.kind in ("choice", "seats"):
        return verbatim("2" if poll.rule.most == 1 else "1 2")
    return None


def end_line(poll: Poll) -> Line:
    """Return the line that says when the poll closes."""
    if poll.closes is None:
        return _("It is open until `!close {number}`.", number=poll.number)
    return _("It closes on {moment}.", moment=Moment(poll.closes))


def numbered_options(poll: Poll) -> list[Line]:
    """Return a poll's options with their numbers, on one line if they fit."""
    labels = poll.kind.labels(poll.question)
    options = tuple(Line("{n} {label}", {"n": n, "label": o}) for n, o in enumerate(labels, 1))
    if poll.kind.stances or sum(len(o.label) + 6 for o in poll.options) <= ON_ONE_LINE:
        return [Line("{options}", {"options": options})]
    return list(options)


# --- counts and the end -------------------------------------------------------------------------


def count_lines(poll: Poll, result: PollResult) -> list[Line]:
    """Return one line for each option with its votes, `Norte: 12`, or for each stance that somebody
    took."""
    if poll.kind.stances:
        result = replace(result, rows=tuple(row for row in result.rows if row.votes))
    return poll.kind.counts(result, poll.question)


def turnout_line(poll: Poll) -> Line:
    """Return the line that says how many of those who may have voted."""
    everybody = max(poll.roll, poll.turnout)
    if poll.rule.voters is Electorate.ORGANISATIONS:
        return n_(
            "{count} of {everybody} organisations voted.",
            "{count} of {everybody} organisations voted.",
            poll.turnout,
            everybody=everybody,
        )
    return n_(
        "{count} of {everybody} people voted.",
        "{count} of {everybody} people voted.",
        poll.turnout,
        everybody=everybody,
    )


def person_or_somebody(person: UserId) -> Person | Line:
    """Return a person's name for a line, or `somebody` if they were forgotten."""
    return _("somebody") if person.startswith(FORGOTTEN_PREFIX) else Person(person)


def reason_line(one: VoteReason, poll: Poll) -> Line:
    """Return the line that says who voted what and why: `Ana, bloqueo: “no hay plata”`."""
    chosen = poll.kind.chosen(one.ballot, poll.question)
    if not one.person:
        return Line("{chosen}: “{text}”", {"chosen": chosen, "text": one.text})
    return Line(
        "{who}, {chosen}: “{text}”", {"who": Person(one.person), "chosen": chosen, "text": one.text}
    )


def too_late_line(poll: Poll, at: datetime) -> Line:
    """Return the line that says why a vote does not count any more."""
    if poll.cancelled:
        return already_over_line(poll)
    named = {"number": poll.number, "moment": Moment(poll.ended or poll.closes or at)}
    if poll.kind.stances:
        return _(
            "Proposal {number} closed on {moment}; the vote does not count. `!results {number}`",
            **named,
        )
    return _(
        "Poll {number} closed on {moment}; the vote does not count. `!results {number}`", **named
    )


def already_over_line(poll: Poll) -> Line:
    """Return the line that says that the poll has ended before."""
    number = poll.number
    if poll.kind.stances and poll.cancelled:
        return _("Proposal {number} was cancelled.", number=number)
    if poll.kind.stances:
        return _("Proposal {number} has closed already. `!results {number}`", number=number)
    if poll.cancelled:
        return _("Poll {number} was cancelled.", number=number)
    return _("Poll {number} has closed already. `!results {number}`", number=number)


def still_open_line(poll: Poll) -> Line:
    """Return the line that says that the poll is open, so has no minutes yet."""
    if poll.kind.stances:
        return _(
            "Proposal {number} is still open: its minutes come at the end.", number=poll.number
        )
    return _("Poll {number} is still open: its minutes come at the end.", number=poll.number)


def without_result(poll: Poll) -> Line:
    """Return the line that says what cancelling the poll would do."""
    named: dict[str, object] = {"number": poll.number, "question": short_question(poll.title)}
    if poll.kind.stances:
        return _("Proposal {number}, “{question}”, ends without a result.", **named)
    return _("Poll {number}, “{question}”, ends without a result.", **named)


def was_cancelled(poll: Poll) -> Line:
    """Return the line that says that a poll or proposal was cancelled."""
    named: dict[str, object] = {"number": poll.number, "question": short_question(poll.title)}
    if poll.kind.stances:
        return _("Proposal {number}, “{question}”, was cancelled.", **named)
    return _("Poll {number}, “{question}”, was cancelled.", **named)


def pending_line(
    number: Number, question: str, closes: datetime | None, *, proposal: bool = False
) -> Line:
    """Return one line about an open poll for a list. `proposal`: it was opened as a proposal."""
    named: dict[str, object] = {"number": number, "question": short_question(question)}
    if closes is None:
        what = _("Proposal {number}: {question}") if proposal else _("Poll {number}: {question}")
        return replace(what, values=named)
    what = (
        _("Proposal {number}: {question} (until {moment})")
        if proposal
        else _("Poll {number}: {question} (until {moment})")
    )
    return replace(what, values={**named, "moment": Moment(closes)})
