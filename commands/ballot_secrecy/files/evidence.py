"""Check what one person holds against a result file: receipt, roll proof, opening or copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter

from bot.api import Moment, _
from commands.ballot_secrecy.files import log_chain
from commands.ballot_secrecy.files.log_chain import LogHead
from commands.ballot_secrecy.files.manifest import Manifest, RollProof
from commands.ballot_secrecy.files.receipt import Receipt, make_tracker
from commands.ballot_secrecy.files.result import Bundle, hides_counts
from commands.ballot_secrecy.files.result_check import (
    CheckFinding,
    FindingWeight,
    open_finding,
    right_finding,
    wrong_finding,
)
from commands.ballot_secrecy.files.signed_outcome import describe_ballot

Evidence = Receipt | RollProof | LogHead | Manifest | Bundle

_EVIDENCE: TypeAdapter[Evidence] = TypeAdapter(
    Annotated[Evidence, Field(discriminator="type")], config=ConfigDict(defer_build=True)
)


def read_evidence(text: str) -> Evidence:
    """Return a voter's evidence (receipt, proof), from a file or pasted with text around.

    Raises `ValueError`.
    """
    return _EVIDENCE.validate_json(text[text.find("{") : text.rfind("}") + 1])


def check_evidence(bundle: Bundle, held: Evidence) -> list[CheckFinding]:
    """Return findings on whether this evidence agrees with the result file."""
    poll = held.manifest.poll if isinstance(held, Bundle) else held.poll
    if poll != bundle.manifest.poll:
        return [wrong_finding(_("What you gave me belongs to another vote, not to this file."))]
    match held:
        case Receipt():
            return list(_check_receipt(bundle, held))
        case LogHead():
            return list(_check_head(bundle, held))
        case RollProof():
            return list(_check_roll_proof(bundle, held))
        case Manifest():
            return list(_check_opening(bundle, held))
        case Bundle():
            return list(_check_copy(bundle, held))


def _check_receipt(bundle: Bundle, held: Receipt) -> Iterator[CheckFinding]:
    manifest = bundle.manifest
    if not held.is_signed(manifest.key):
        yield wrong_finding(_("The receipt was not signed by this bot, or was changed."))
        return
    if held.manifest != manifest.hash:
        yield wrong_finding(
            _("Your receipt was given under another opening: question, rule or voters changed.")
        )
        return
    if held.tracker != make_tracker(held.poll, held.words, held.secret):
        yield wrong_finding(
            _("The code of your receipt is not made of its words: it is another's vote.")
        )
        return
    if not _is_logged(bundle, held):
        yield wrong_finding(
            _("The log was changed after you got the receipt: your vote is in it no more.")
        )
        return
    yield from _check_counted(bundle, held)


def _check_counted(bundle: Bundle, held: Receipt) -> Iterator[CheckFinding]:
    later = {
        what: kind for _at, kind, what, *_salt in bundle.log if kind in log_chain.REMOVAL_KINDS
    }
    if held.commitment in later:
        yield CheckFinding(
            FindingWeight.GONE,
            (
                _("By the log your organisation voted again, by you or who speaks for it now.")
                if bundle.manifest.by_organisations
                else _("By the log you voted again after this receipt.")
            )
            if later[held.commitment] == "replaced"
            else _("By the log you took this vote back."),
        )
        yield open_finding(
            _("Did you not? Then show this receipt to others: it proves that you voted.")
        )
    elif hides_counts(bundle.result, bundle.manifest):
        yield right_finding(
            _("Your vote is in the log. The board is not published: too few voted.")
        )
    else:
        yield from _check_on_board(bundle, held)
    yield open_finding(
        _("It was made with these words: “{words}”. Are they yours?", words=held.words)
    )


def _check_on_board(bundle: Bundle, held: Receipt) -> Iterator[CheckFinding]:
    """Check that each unit of the vote is on the board as it was cast."""
    entries = dict(bundle.board)
    trackers = held.trackers
    dropped = next((one for one in trackers if one not in entries), None)
    changed = next((one for one in trackers if entries.get(one) != held.choice), None)
    if dropped is not None:
        yield wrong_finding(
            _("Your vote {tracker} is not on the board: it was dropped.", tracker=dropped)
        )
    elif changed is not None:
        yield wrong_finding(_("Your vote {tracker} was changed on the board.", tracker=changed))
    else:
        yield right_finding(
            _(
                "Your vote {tracker} was counted as you cast it: {choice}.",
                tracker=held.tracker,
                choice=describe_ballot(bundle.manifest, held.choice),
            )
        )
        if len(trackers) > 1:
            yield right_finding(
                _("It stands on {count} lines of the board, as its weight.", count=len(trackers))
            )


def _is_logged(bundle: Bundle, held: Receipt) -> bool:
    """Return whether the log leads to the receipt's head with this vote as its row."""
    found = log_chain.list_heads(bundle.manifest.poll, bundle.log)
    rows = found.index(held.head) if held.head in found else 0
    if rows == 0 or held.rows not in (None, rows):
        return False
    return bundle.log[rows - 1][1:3] == ("accepted", held.commitment)


def _check_head(bundle: Bundle, held: LogHead) -> Iterator[CheckFinding]:
    if not held.is_signed(bundle.manifest.key):
        yield wrong_finding(_("The state of the log that you gave me was not signed by this bot."))
    elif held.manifest != bundle.manifest.hash or _head_at(bundle, held.rows) != held.head:
        yield wrong_finding(
            _("On {moment} the log was another: it was changed since.", moment=_moment(held.at))
        )
    else:
        yield right_finding(
            _("The log still holds what it held on {moment}.", moment=_moment(held.at))
        )


def _check_roll_proof(bundle: Bundle, held: RollProof) -> Iterator[CheckFinding]:
    if not held.is_valid_for(bundle.manifest):
        yield wrong_finding(_("You are not among the voters of this file: the list was changed."))
        return
    if held.weight is None:
        yield right_finding(_("You are among those who could vote."))
    else:
        yield right_finding(
            _(
                "“{name}” is among those who could vote, with the weight {weight}.",
                name=held.person,
                weight=held.weight,
            )
        )
    if bundle.manifest.turnout == "names":
        if held.leaf.hex() in bundle.result.names:
            yield open_finding(
                _("The file says that you voted. Did you not? Then show this to others.")
            )
        else:
            yield open_finding(
                _("The file says that you did not vote. Did you? Then show your receipt.")
            )


def _check_opening(bundle: Bundle, held: Manifest) -> Iterator[CheckFinding]:
    if held == bundle.manifest:
        yield right_finding(_("It is the opening that you kept."))
    else:
        yield wrong_finding(
            _("It is not the opening that you kept: question, rule or voters changed.")
        )


def _check_copy(bundle: Bundle, held: Bundle) -> Iterator[CheckFinding]:
    if held.result == bundle.result and held.board == bundle.board and held.log == bundle.log:
        yield right_finding(_("Both files say the same."))
    elif held.result.is_signed(bundle.manifest.key):
        yield wrong_finding(
            _("The bot signed two different results: it told people different things.")
        )
    else:
        yield wrong_finding(_("The other file is not the same, and this bot did not sign it."))


def _head_at(bundle: Bundle, rows: int) -> str | None:
    if rows > len(bundle.log):
        return None
    return log_chain.list_heads(bundle.manifest.poll, bundle.log[:rows])[-1]


def _moment(at: int) -> Moment:
    return Moment(datetime.fromtimestamp(at, UTC), "UTC")
