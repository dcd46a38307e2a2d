"""Texts about a secret ballot: its promises and their limits, how to vote, how to check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.api import Line, Moment, UserError, _, verbatim, words
from commands.ballot_secrecy.ballot_votes import MOST_CHANGES
from commands.ballot_secrecy.files.formats import fingerprint
from commands.ballot_secrecy.files.manifest import Manifest
from commands.ballot_secrecy.files.receipt import EXAMPLE_WORDS, Receipt
from commands.ballot_secrecy.files.result import Bundle
from commands.ballot_secrecy.files.signed_outcome import describe_ballot
from commands.decision_rules import ballots
from commands.decision_rules.ballots import FEWEST_VOTES
from commands.decision_rules.kinds import score
from commands.decision_rules.kinds.dates import YES
from commands.decision_rules.kinds.stances import STANCE_LABELS, Stance
from commands.poll_book import texts
from commands.poll_book.poll import Poll

SMALL_ROLL = 20
"""With fewer voters than this, each is told again that few votes are not published."""
OPENING = words("apertura", "abertura", "opening")
RESULT = words("resultado", "resultado", "result")
RECEIPT = words("comprobante", "comprovante", "receipt")
ROLL = words("padron", "eleitorado", "roll")
"""The names of the files."""


def sample_vote(poll: Poll) -> Line:
    """Return an example of a vote of this kind of decision, as it is typed."""
    question = poll.question
    match poll.rule.kind:
        case "choice" | "seats" if question.most == 1:
            return verbatim("1")
        case "choice" | "seats":
            return verbatim("1 2")
        case "budget" if question.points == 1:
            return verbatim("1 2")
        case "ranked" | "stv":
            return verbatim("2 1")
        case "score" if question.method == score.DOTS:
            return verbatim(f"1:{question.points}")
        case "score" | "budget":
            return verbatim(f"1:{question.points} 2:1")
        case "dates":
            return verbatim("1 2?")
        case _stances:
            return STANCE_LABELS[Stance.FOR]


def vote_as_typed(poll: Poll, ballot: ballots.Ballot) -> Line:
    """Return a vote as it is typed, so that typing it again changes nothing."""
    match poll.rule.kind:
        case "choice" | "seats":
            return verbatim(" ".join(str(place) for place, _one in ballot))
        case "ranked" | "stv":
            ranks = dict.fromkeys(sorted(rank for _place, rank in ballot))
            groups = ([str(place) for place, at in ballot if at == rank] for rank in ranks)
            return verbatim(" ".join("=".join(group) for group in groups))
        case "budget" if poll.question.points == 1:
            return verbatim(" ".join(str(place) for place, _one in ballot))
        case "score" | "budget":
            return verbatim(" ".join(f"{place}:{points}" for place, points in ballot))
        case "dates":
            can = ((place, answer) for place, answer in ballot if answer)
            said = " ".join(f"{place}{'' if answer == YES else '?'}" for place, answer in can)
            return verbatim(said) if said else sample_vote(poll)
        case _stances:
            return STANCE_LABELS[Stance(ballot[0][0])]


def window_hours(manifest: Manifest) -> int:
    """Return for how many hours the result of a secret ballot can be disputed."""
    return manifest.window // 3600


# --- opening --------------------------------------------------------------------------------------


def opening_message(poll: Poll, manifest: Manifest) -> tuple[Line, ...]:
    """Return the opening message of a secret ballot: question, how to vote, rule, promises and
    their limits."""
    return (
        texts.head_line(poll),
        *(texts.option_lines(poll) or texts.numbered_options(poll)),
        _("The vote is secret. To vote, write to me in private: {how}", how=_vote(poll)),
        *poll.kind.rule(poll.question),
        _(
            "Only I see how you vote, and I delete that {hours} hours after the end."
            " Don't use it where people may be forced or paid.",
            hours=window_hours(manifest),
        ),
        *texts.voters_lines(poll),
        *organisation_lines(manifest),
        _(
            "{end} Until then a vote can be changed, and I show no counts. {few}",
            end=texts.end_line(poll),
            few=_few(manifest),
        ),
    )


def organisation_lines(manifest: Manifest) -> list[Line]:
    """Return the lines of a secret ballot's opening about organisations; none where people vote."""
    if not manifest.by_organisations:
        return []
    lines = [_("An organisation has one vote: the last one of who speaks for it then.")]
    if "weights" in manifest.rule:
        lines.append(
            _("A weight is published as single votes, so that the counts name no organisation.")
        )
    return lines


def few_of_weight_line(manifest: Manifest) -> Line:
    """Return the line that says what is promised where few votes have one weight."""
    return _(
        "With fewer than {count} votes of one weight I publish no result: it would tell who voted"
        " what.",
        count=manifest.min_publish,
    )


def _few(manifest: Manifest) -> Line:
    """Say what is promised for few votes. Older manifests promised something else."""
    if manifest.below == "publish":
        return _("With fewer than {count} votes I publish no counts.", count=FEWEST_VOTES)
    if "weights" in manifest.rule:
        return few_of_weight_line(manifest)
    return _(
        "With fewer than {count} votes I publish no result: it would tell who voted what.",
        count=manifest.min_publish,
    )


# --- voting ---------------------------------------------------------------------------------------


def how_to_vote(poll: Poll) -> Line:
    """Return the line that says how to vote in a secret ballot."""
    return _("To vote: {how}. The words go into your receipt.", how=_vote(poll))


def _vote(poll: Poll, ballot: ballots.Ballot = ()) -> Line:
    """Return a vote as it is typed in private, with example words to replace."""
    return _(
        "`vote {number} {sample} {example}` (in the place of “{example}”, two words of your own)",
        number=poll.number,
        sample=vote_as_typed(poll, ballot) if ballot else sample_vote(poll),
        example=EXAMPLE_WORDS,
    )


def too_many_changes_line(until: datetime) -> Line:
    """Return the line that says that a vote was changed too often, and when the next change
    counts."""
    return _(
        "You changed your vote {count} times. The next change counts from {moment}; until then "
        "your last vote stands.",
        count=MOST_CHANGES,
        moment=Moment(until),
    )


def noted_lines(poll: Poll, got: Receipt, reason: str) -> list[Line]:
    """Return the lines that confirm a secret vote, with its code; of a weight, also that it stands
    as single votes."""
    ballot = ballots.parse_ballot(got.choice)
    lines = [poll.kind.noted(ballot, poll.question, reason), tracker_line(got)]
    if got.units is not None and got.units > 1:
        lines.append(
            _(
                "Its weight stands as {count} single votes, each with a code of its own.",
                count=got.units,
            )
        )
    return lines


def promise_lines(
    poll: Poll, manifest: Manifest, got: Receipt, reason: str, *, slowed: bool
) -> list[Line]:
    """Return the lines that explain the receipt and secrecy of a vote. `slowed`: only one change an
    hour is taken."""
    ballot = ballots.parse_ballot(got.choice)
    lines: list[Line] = []
    if not got.words:
        lines.append(
            _(
                "Choose two words of your own, so that the code is yours alone: {how}",
                how=_vote(poll, ballot),
            )
        )
    if reason:
        lines.append(_("The room reads the reason at the end, without your name."))
    if manifest.roll_size < SMALL_ROLL:
        lines += [_few(manifest), _("If all vote alike, the result tells how everybody voted.")]
    if slowed:
        lines.append(_("From now on I take one change an hour."))
    lines += [
        _(
            "Only I see how you voted, and I delete that {hours} hours after the end, with these "
            "messages where I can.",
            hours=window_hours(manifest),
        ),
        _("Keep the receipt to check your vote later. It proves it to others too."),
        _("If somebody puts pressure on you, vote again: the last one counts."),
    ]
    return lines


def tracker_line(got: Receipt) -> Line:
    """Return the line with the code under which a vote is published, and the voter's words if there
    are any."""
    if not got.words:
        return _("The code of your vote: {tracker}", tracker=got.tracker)
    return _(
        "The code of your vote: {tracker}. Your words: “{words}”.",
        tracker=got.tracker,
        words=got.words,
    )


NO_VOTE = _("I know of no vote of yours here.")


def own_vote_lines(poll: Poll, manifest: Manifest, got: Receipt | None) -> list[Line]:
    """Return the lines that show a person their own secret vote, while it is stored whose it is."""
    if got is None:
        return [NO_VOTE]
    return [
        _("Your vote: {chosen}.", chosen=describe_ballot(manifest, got.choice)),
        tracker_line(got),
        _("The receipt as a file: `!vote {number} receipt`", number=poll.number),
    ]


def shredded_line(poll: Poll) -> Line:
    """Return the line that says that it was deleted who voted for what."""
    return _(
        "I have deleted who voted what in poll {number}. Your receipt still checks: "
        "`!results {number}`",
        number=poll.number,
    )


def which_ballot_error(numbers: Sequence[tuple[int, str]]) -> UserError:
    """Return the error that asks which of several secret ballots is meant."""
    lines = [
        Line("{number} {question}", {"number": number, "question": texts.short_question(question)})
        for number, question in numbers
    ]
    return UserError(
        _("In which one? `!vote {number} …`", number=numbers[0][0]),
        *lines,
    )


def seen_by_room_line(*, redacted: bool) -> Line:
    """Return the line that tells a voter that the room could read their vote, and whether it was
    removed."""
    if redacted:
        return _(
            "That vote stood where the room could read it, so I did not count it. "
            "I took it away; somebody may have read it before."
        )
    return _(
        "That vote stands where the room can read it, so I did not count it. "
        "Please delete your message: I am not allowed to."
    )


def go_to_private_line(poll: Poll) -> Line:
    """Return the line that says that the vote is secret and belongs in private."""
    return _(
        "The vote in {number} is secret. Write to me in private: {how}",
        number=poll.number,
        how=_vote(poll),
    )


def vote_here_line(poll: Poll) -> Line:
    """Return the line that says how to vote in this private room."""
    return _("To vote in secret, write here: {how}", how=_vote(poll))


# --- the end --------------------------------------------------------------------------------------


def fingerprint_lines(bundle: Bundle) -> list[Line]:
    """Return the hashes of the roll and of the votes in a closed secret ballot, for its result.

    Whoever has the signed file can compare them with what the room was told.
    """
    return [
        _(
            "Opening: {opening}. Result: {result}",
            opening=fingerprint(bundle.manifest),
            result=fingerprint(bundle.result),
        )
    ]


def result_caption(name: str, *, hidden: bool) -> Line:
    """Return the caption of a secret ballot's result file, with how to check it."""
    if hidden:
        return _(
            "The result, signed, without the votes. To check it without me: "
            "`minga verify-result {file}`",
            file=name,
        )
    return _(
        "Every vote with its code, signed. To check it without me: `minga verify-result {file}`",
        file=name,
    )


# --- before the end -------------------------------------------------------------------------------


def too_early_lines(poll: Poll) -> tuple[Line, ...]:
    """Return the lines that say why a secret ballot can't be closed by hand yet: the result would
    point at the last voter."""
    return (
        _(
            "You can't close a secret vote before everybody has voted: its result would point at "
            "who has just voted."
        ),
        texts.end_line(poll),
        _("To end it without a result: `!cancel {number}`", number=poll.number),
    )


def progress_lines(poll: Poll) -> list[Line]:
    """Return the lines that say how a secret ballot stands, without how many voted, which could
    reveal who did."""
    if poll.needed >= FEWEST_VOTES and poll.turnout >= poll.needed:
        return [_("The quorum is reached."), _CLOSED]
    return [_CLOSED]


_CLOSED = _("How many have voted, and how, I tell at the end.")


def cancel_warning() -> Line:
    """Return the warning that the votes of a secret ballot will be deleted uncounted."""
    return _("Its votes are deleted uncounted. This cannot be undone.")


def cancelled_line() -> Line:
    """Return the line that says that the votes of a secret ballot were deleted uncounted."""
    return _("Its votes are deleted uncounted: nobody learns how anybody voted.")
