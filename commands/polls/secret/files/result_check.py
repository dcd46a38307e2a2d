"""Check a result file from itself alone: no network, no database, no trust in its bot.

`inspect_bundle` judges the file; `evidence.py` judges what one person holds against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from bot.api import Line, _, is_vouched, n_
from commands.polls.secret.files import board, log_chain, signed_outcome
from commands.polls.secret.files.manifest import roll_leaf
from commands.polls.secret.files.result import TOO_FEW, Bundle, hides


class Weight(Enum):
    """How much a finding matters."""

    FINE = "fine"
    ASK = "ask"
    """Only the person can tell whether this is as it should be."""
    GONE = "gone"
    """A vote does not count, and only the person can tell whether that is right."""
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked, in plain words."""

    weight: Weight
    line: Line


def fine(line: Line) -> Finding:
    """Return a finding that is right."""
    return Finding(Weight.FINE, line)


def ask(line: Line) -> Finding:
    """Return a finding that only the person can judge."""
    return Finding(Weight.ASK, line)


def bad(line: Line) -> Finding:
    """Return a finding that is wrong."""
    return Finding(Weight.BAD, line)


_BOARD = _("The board has as many votes as the log, and each was counted once.")


def inspect(bundle: Bundle) -> list[Finding]:
    """Return what is right and wrong with the file."""
    found: list[Finding] = []
    for part, said in (
        (_key(bundle), _("Opening and result were signed with one key, and not changed since.")),
        (_log(bundle), _("The log is whole, and by its hours no vote in it came late.")),
        (_board(bundle), None if hides(bundle.result, bundle.manifest) else _BOARD),
        (_names(bundle), None),
        (_outcome(bundle), None),
    ):
        wrong = list(part)
        found += wrong if wrong or said is None else [fine(said)]
    return found


def _key(bundle: Bundle) -> Iterator[Finding]:
    manifest, result = bundle.manifest, bundle.result
    if is_vouched(bundle.certificate, manifest.key) is None:
        yield bad(_("The signing key does not belong to the bot's identity."))
    if not manifest.is_signed(manifest.key):
        yield bad(_("The signature under the opening does not fit: it was changed."))
    if not result.is_signed(manifest.key):
        yield bad(_("The signature under the result does not fit: it was changed."))
    if (result.poll, result.manifest) != (manifest.poll, manifest.hash):
        yield bad(_("The result belongs to another opening than the one in the file."))
    if result.roll_size != manifest.roll_size:
        yield bad(_("The result names another number of voters than the opening."))


def _log(bundle: Bundle) -> Iterator[Finding]:
    log, result = bundle.log, bundle.result
    heads = log_chain.heads(bundle.manifest.poll, log)
    if (len(log), heads[-1]) != (result.rows, result.head):
        yield bad(_("The log was changed: it does not lead to what the result signed."))
    kinds = [row[1] for row in log]
    ends = (log[0][1:3], log[-1][1:3]) if log else None
    if ends != (("opened", bundle.manifest.hash), ("closed", result.board_root)):
        yield bad(_("The log does not go from this opening to this board."))
    if any(kind in ("opened", "closed", "result", "shredded") for kind in kinds[1:-1]):
        yield bad(_("The log goes on after the end: a vote was taken late."))
    if log_chain.excluded(log) != result.excluded:
        yield bad(_("The result names other refused votes than the log."))
    yield from _times(bundle)
    yield from _commitments(bundle)


def _times(bundle: Bundle) -> Iterator[Finding]:
    """Check that no vote is outside the opening and the end in force, nor an extension late."""
    opens, closes = bundle.manifest.opens, bundle.manifest.closes
    late = False
    for at, kind, what, *_salt in bundle.log:
        late = late or (closes is not None and kind not in ("opened", "closed") and at > closes)
        late = late or at < opens // log_chain.HOUR * log_chain.HOUR
        if kind == "extended":
            closes = int(what) if what.isascii() and what.isdigit() else closes
    if late:
        yield bad(_("The log has something from before the opening or after the end."))


def _commitments(bundle: Bundle) -> Iterator[Finding]:
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
            yield bad(_("The log counts one vote twice, or takes away one that was not there."))
            return


def _board(bundle: Bundle) -> Iterator[Finding]:
    result, entries = bundle.result, bundle.board
    standing = log_chain.standing(bundle.log)
    if result.turnout != standing:
        yield bad(
            _(
                "By the log {logged} people voted, by the result {counted}.",
                logged=standing,
                counted=result.turnout,
            )
        )
    if result.turnout > result.roll_size:
        yield bad(_("More votes than voters: {count}.", count=result.turnout))
    if hides(result, bundle.manifest):
        if entries or result.counts or result.reasons:
            yield bad(_("The counts are told although the opening said they would not be."))
        return
    if [tracker for tracker, _choice in entries] != sorted({t for t, _choice in entries}):
        yield bad(_("A vote stands twice on the board, or the board is out of order."))
    if board.root(entries) != result.board_root or len(entries) != result.turnout:
        yield bad(_("The board was changed: it is not the one that was signed."))
    if board.counts(entries) != result.counts:
        yield bad(_("The counts do not fit the board."))


def _names(bundle: Bundle) -> Iterator[Finding]:
    """Check that there are as many names as votes, if voters are named."""
    result, manifest = bundle.result, bundle.manifest
    if len(result.names) != (result.turnout if manifest.turnout == "names" else 0):
        yield bad(_("The file does not name just as many people as voted."))
    if len(set(result.names)) != len(result.names):
        yield bad(_("Somebody is named twice among those who voted."))
    shown = {roll_leaf(manifest.poll, salt, person).hex() for salt, person in bundle.people}
    if not shown <= set(result.names):
        yield bad(_("The file names people who are not in the signed result."))
    elif len(shown) < len(result.names):
        missing = len(result.names) - len(shown)
        yield ask(
            n_(
                "{count} name was taken out since, at the person's wish.",
                "{count} names were taken out since, at the people's wish.",
                missing,
            )
        )


def _outcome(bundle: Bundle) -> Iterator[Finding]:
    """Compute the outcome anew from the board and compare it."""
    if hides(bundle.result, bundle.manifest):
        yield from _alone(bundle) if bundle.manifest.below == "winner" else _of_few(bundle)
        return
    try:
        found = signed_outcome.outcome(bundle.manifest, board.counts(bundle.board))
    except ValueError:
        yield bad(_("There are votes that the rule of the opening does not allow."))
        return
    if found != bundle.result.outcome:
        yield bad(_("By the rule of the opening the outcome is another one."))
    else:
        yield fine(_("By the rule of the opening the outcome is what the result says."))


def _of_few(bundle: Bundle) -> Iterator[Finding]:
    """Check the outcome of few votes, which must not depend on how they were cast."""
    manifest, result = bundle.manifest, bundle.result
    try:
        signed_outcome.kind_of(manifest), signed_outcome.question_of(manifest)
        expected = signed_outcome.of_few(manifest, result.turnout)
    except ValueError:
        yield bad(_("There are votes that the rule of the opening does not allow."))
        return
    if result.outcome != expected:
        yield bad(_("By the rule of the opening the outcome is another one."))
    elif result.outcome["verdict"] == TOO_FEW:
        yield fine(_("Fewer than {count} voted, so nothing of how they did is in the file.",
                     count=manifest.min_publish))  # fmt: skip
    else:
        yield fine(_("The outcome is the same however these few voted; how is not in the file."))


def _alone(bundle: Bundle) -> Iterator[Finding]:
    """Check that an outcome without a board is at least a possible one."""
    try:
        signed_outcome.told(bundle.manifest, None, bundle.result.outcome)
    except (ValueError, LookupError):
        yield bad(_("By the rule of the opening the outcome is another one."))
    else:
        yield ask(_("The outcome is signed, but without the board nobody can count again."))
