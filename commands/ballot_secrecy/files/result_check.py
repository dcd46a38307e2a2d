"""Check a result file from itself alone: no network, no database, no trust in its bot.

`inspect_bundle` judges the file; `evidence.py` judges what one person holds against it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from bot.api import Line, _, certifying_key, n_
from commands.ballot_secrecy.files import log_chain, signed_outcome
from commands.ballot_secrecy.files.formats import count_by_weight, translations_fit
from commands.ballot_secrecy.files.manifest import roll_leaf
from commands.ballot_secrecy.files.result import (
    TOO_FEW,
    Bundle,
    PaperCount,
    add_paper,
    board_root,
    count_ballots,
    hides_counts,
)
from commands.poll_book.assembly_store import CONFIRMATIONS_NEEDED


class FindingWeight(Enum):
    """How much a finding matters."""

    FINE = "fine"
    ASK = "ask"
    """Only the person can tell whether this is as it should be."""
    GONE = "gone"
    """A vote does not count, and only the person can tell whether that is right."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that was checked, in plain words."""

    weight: FindingWeight
    line: Line


def right_finding(line: Line) -> CheckFinding:
    """Return a finding that says that a part of the file is right."""
    return CheckFinding(FindingWeight.FINE, line)


def open_finding(line: Line) -> CheckFinding:
    """Return a finding that only the person can judge."""
    return CheckFinding(FindingWeight.ASK, line)


def wrong_finding(line: Line) -> CheckFinding:
    """Return a finding that says that a part of the file is wrong."""
    return CheckFinding(FindingWeight.BAD, line)


_BOARD = _("The board has as many votes as the log, and each was counted once.")


def inspect_bundle(bundle: Bundle) -> list[CheckFinding]:
    """Return the findings of what is right and wrong with a secret ballot's result file."""
    return judge_parts(
        (
            _check_key(bundle),
            _("Opening and result were signed with one key, and not changed since."),
        ),
        (_check_log(bundle), _("The log is whole, and by its hours no vote in it came late.")),
        (_check_board(bundle), None if hides_counts(bundle.result, bundle.manifest) else _BOARD),
        (_check_names(bundle), None),
        (_check_outcome(bundle), None),
    )


def judge_parts(*parts: tuple[Iterable[CheckFinding], Line | None]) -> list[CheckFinding]:
    """Return the findings about all parts of a result file. Each part is its findings, and the line
    that says that it is right: where there are no findings the line makes one, unless it is
    None."""
    found: list[CheckFinding] = []
    for part, said in parts:
        wrong = list(part)
        found += wrong if wrong or said is None else [right_finding(said)]
    return found


def _check_key(bundle: Bundle) -> Iterator[CheckFinding]:
    manifest, result = bundle.manifest, bundle.result
    if certifying_key(bundle.certificate, manifest.key) is None:
        yield wrong_finding(_("The signing key does not belong to the bot's identity."))
    if not manifest.is_signed(manifest.key):
        yield wrong_finding(_("The signature under the opening does not fit: it was changed."))
    if not result.is_signed(manifest.key):
        yield wrong_finding(_("The signature under the result does not fit: it was changed."))
    if (result.poll, result.manifest) != (manifest.poll, manifest.hash):
        yield wrong_finding(_("The result belongs to another opening than the one in the file."))
    added = (manifest.translations or {}) | (result.translations or {})
    if not translations_fit(manifest, added, manifest.opens, result.at):
        yield wrong_finding(_("A translation does not fit what was asked, or came after the end."))
    if result.roll_size != manifest.roll_size:
        yield wrong_finding(_("The result names another number of voters than the opening."))


def _check_log(bundle: Bundle) -> Iterator[CheckFinding]:
    log, result = bundle.log, bundle.result
    heads = log_chain.list_heads(bundle.manifest.poll, log)
    if (len(log), heads[-1]) != (result.rows, result.head):
        yield wrong_finding(_("The log was changed: it does not lead to what the result signed."))
    kinds = [row[1] for row in log]
    ends = (log[0][1:3], log[-1][1:3]) if log else None
    if ends != (("opened", bundle.manifest.hash), ("closed", result.board_root)):
        yield wrong_finding(_("The log does not go from this opening to this board."))
    if any(kind in ("opened", "closed", "result", "shredded") for kind in kinds[1:-1]):
        yield wrong_finding(_("The log goes on after the end: a vote was taken late."))
    if log_chain.count_refusals(log) != result.excluded:
        yield wrong_finding(_("The result names other refused votes than the log."))
    papers = [one.hash_for_log(result.poll) for one in result.assemblies or ()]
    if [row[2] for row in log if row[1] == "assembly"] != papers:
        yield wrong_finding(_("The log names other counts of assemblies than the result."))
    yield from _check_times(bundle)
    yield from _check_commitments(bundle)


def _check_times(bundle: Bundle) -> Iterator[CheckFinding]:
    """Check that no vote is outside the opening and the end in force, nor an extension late."""
    opens, closes = bundle.manifest.opens, bundle.manifest.closes
    late = False
    for at, kind, what, *_salt in bundle.log:
        late = late or (closes is not None and kind not in ("opened", "closed") and at > closes)
        late = late or at < opens // log_chain.HOUR * log_chain.HOUR
        if kind == "extended":
            closes = int(what) if what.isascii() and what.isdigit() else closes
    if late:
        yield wrong_finding(_("The log has something from before the opening or after the end."))


def _check_commitments(bundle: Bundle) -> Iterator[CheckFinding]:
    """Check that each vote is logged once and removed only while it counts."""
    seen: set[str] = set()
    counting: set[str] = set()
    for _at, kind, what, *_salt in bundle.log:
        if kind == "accepted" and what not in seen:
            seen.add(what)
            counting.add(what)
        elif kind in ("replaced", "withdrawn") and what in counting:
            counting.remove(what)
        elif kind in ("accepted", "replaced", "withdrawn"):
            yield wrong_finding(
                _("The log counts one vote twice, or takes away one that was not there.")
            )
            return


def _check_board(bundle: Bundle) -> Iterator[CheckFinding]:
    result, entries = bundle.result, bundle.board
    standing = log_chain.count_standing(bundle.log)
    if result.turnout != standing:
        yield wrong_finding(
            _(
                "By the log {logged} people voted, by the result {counted}.",
                logged=standing,
                counted=result.turnout,
            )
        )
    if result.turnout > result.roll_size:
        yield wrong_finding(_("More votes than voters: {count}.", count=result.turnout))
    if not _fits_weights(bundle):
        yield wrong_finding(_("The weights of those who voted are not those of the opening."))
    if not all(_adds_up(one, bundle) for one in result.assemblies or ()):
        yield wrong_finding(_("The count of an assembly does not add up, or was not confirmed."))
    if hides_counts(result, bundle.manifest):
        if entries or result.counts or result.reasons:
            yield wrong_finding(
                _("The counts are told although the opening said they would not be.")
            )
        return
    if [tracker for tracker, _choice in entries] != sorted({t for t, _choice in entries}):
        yield wrong_finding(_("A vote stands twice on the board, or the board is out of order."))
    if board_root(entries) != result.board_root or len(entries) != result.units:
        yield wrong_finding(_("The board was changed: it is not the one that was signed."))
    if count_ballots(entries) != result.counts:
        yield wrong_finding(_("The counts do not fit the board."))


def _fits_weights(bundle: Bundle) -> bool:
    """Return whether no more voted with a weight than the opening has of it."""
    manifest, result = bundle.manifest, bundle.result
    if "weights" not in manifest.rule:
        return result.voted is None
    try:
        roll = count_by_weight(Counter(manifest.weights).elements())
    except ValueError:
        return False
    voted = result.voted or {}
    return (
        sum(roll.values()) == manifest.roll_size
        and sum(voted.values()) == result.turnout
        and all(0 < count <= roll.get(weight, 0) for weight, count in voted.items())
    )


def _adds_up(one: PaperCount, bundle: Bundle) -> bool:
    """Return whether an assembly counted each paper once, had enough, and others confirmed it."""
    enough = one.people >= bundle.manifest.min_publish and one.confirmed >= CONFIRMATIONS_NEEDED
    return enough and sum(one.counts.values()) == one.people


def _check_names(bundle: Bundle) -> Iterator[CheckFinding]:
    """Check that there are as many names as votes, if voters are named."""
    result, manifest = bundle.result, bundle.manifest
    if len(result.names) != (result.turnout if manifest.turnout == "names" else 0):
        yield wrong_finding(_("The file does not name just as many people as voted."))
    if len(set(result.names)) != len(result.names):
        yield wrong_finding(_("Somebody is named twice among those who voted."))
    shown = {roll_leaf(manifest.poll, salt, person).hex() for salt, person in bundle.people}
    if not shown <= set(result.names):
        yield wrong_finding(_("The file names people who are not in the signed result."))
    elif len(shown) < len(result.names):
        missing = len(result.names) - len(shown)
        yield open_finding(
            n_(
                "{count} name was taken out since, at the person's wish.",
                "{count} names were taken out since, at the people's wish.",
                missing,
            )
        )


def _check_outcome(bundle: Bundle) -> Iterator[CheckFinding]:
    """Compute the outcome anew from the board and compare it."""
    if hides_counts(bundle.result, bundle.manifest):
        yield from (
            _outcome_alone(bundle) if bundle.manifest.below == "winner" else _check_few(bundle)
        )
        return
    result, papers = bundle.result, bundle.result.assemblies or ()
    try:
        found = signed_outcome.compute_outcome(
            bundle.manifest,
            add_paper(count_ballots(bundle.board), papers),
            signed_outcome.count_present(bundle.manifest, result.turnout, papers),
            signed_outcome.withdrawn_in(result.outcome),
        )
    except ValueError:
        yield wrong_finding(_("There are votes that the rule of the opening does not allow."))
        return
    if found != bundle.result.outcome:
        yield wrong_finding(_("By the rule of the opening the outcome is another one."))
    else:
        yield right_finding(_("By the rule of the opening the outcome is what the result says."))


def _check_few(bundle: Bundle) -> Iterator[CheckFinding]:
    """Check the outcome of few votes, which must not depend on how they were cast."""
    manifest, result = bundle.manifest, bundle.result
    try:
        signed_outcome.kind_of(manifest), signed_outcome.question_of(manifest)
        expected = signed_outcome.outcome_of_few(manifest, result.turnout, result.assemblies or ())
    except ValueError:
        yield wrong_finding(_("There are votes that the rule of the opening does not allow."))
        return
    if result.outcome != expected:
        yield wrong_finding(_("By the rule of the opening the outcome is another one."))
    elif result.outcome["verdict"] == TOO_FEW:
        yield right_finding(
            _(
                "Fewer than {count} voted, so nothing of how they did is in the file.",
                count=manifest.min_publish,
            )
            if result.turnout < manifest.min_publish
            else _(
                "Fewer than {count} of one weight voted, so nothing of how is in the file.",
                count=manifest.min_publish,
            )
        )
    else:
        yield right_finding(
            _("The outcome is the same however these few voted; how is not in the file.")
        )


def _outcome_alone(bundle: Bundle) -> Iterator[CheckFinding]:
    """Check that an outcome without a board is at least a possible one."""
    try:
        signed_outcome.describe_outcome(bundle.manifest, None, bundle.result.outcome)
    except (ValueError, LookupError):
        yield wrong_finding(_("By the rule of the opening the outcome is another one."))
    else:
        yield open_finding(
            _("The outcome is signed, but without the board nobody can count again.")
        )
