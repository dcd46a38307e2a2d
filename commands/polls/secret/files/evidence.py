"""Check what one person holds against a result file: receipt, roll proof, opening or copy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from bot.api import Moment, _
from commands.polls.secret.files import log_chain
from commands.polls.secret.files.log_chain import Head
from commands.polls.secret.files.manifest import Manifest, RollProof
from commands.polls.secret.files.receipt import Receipt, tracker
from commands.polls.secret.files.result import Bundle, hides
from commands.polls.secret.files.result_check import Finding, Weight, ask, bad, fine
from commands.polls.secret.files.signed_outcome import shown

Evidence = Receipt | RollProof | Head | Manifest | Bundle

_ANY: TypeAdapter[Evidence] = TypeAdapter(Annotated[Evidence, Field(discriminator="type")])


def read_evidence(text: str) -> Evidence:
    """Parse a piece of evidence, from a file or pasted with text around.

    Raises `ValueError`.
    """
    return _ANY.validate_json(text[text.find("{") : text.rfind("}") + 1])


def compare(bundle: Bundle, held: Evidence) -> list[Finding]:
    """Check whether this evidence agrees with the result file."""
    poll = held.manifest.poll if isinstance(held, Bundle) else held.poll
    if poll != bundle.manifest.poll:
        return [bad(_("What you gave me belongs to another vote, not to this file."))]
    match held:
        case Receipt():
            return list(_receipt(bundle, held))
        case Head():
            return list(_head(bundle, held))
        case RollProof():
            return list(_roll(bundle, held))
        case Manifest():
            return list(_opening(bundle, held))
        case Bundle():
            return list(_copy(bundle, held))


def _receipt(bundle: Bundle, held: Receipt) -> Iterator[Finding]:
    manifest = bundle.manifest
    if not held.is_signed(manifest.key):
        yield bad(_("The receipt was not signed by this bot, or was changed."))
        return
    if held.manifest != manifest.hash:
        yield bad(
            _("Your receipt was given under another opening: question, rule or voters changed.")
        )
        return
    if held.tracker != tracker(held.poll, held.words, held.secret):
        yield bad(_("The code of your receipt is not made of its words: it is another's vote."))
        return
    if not _logged(bundle, held):
        yield bad(_("The log was changed after you got the receipt: your vote is in it no more."))
        return
    yield from _counted(bundle, held)


def _counted(bundle: Bundle, held: Receipt) -> Iterator[Finding]:
    later = {what: kind for _at, kind, what, *_salt in bundle.log if kind in log_chain.TAKEN_AWAY}
    if held.commitment in later:
        yield Finding(
            Weight.GONE,
            _("By the log you voted again after this receipt.")
            if later[held.commitment] == "replaced"
            else _("By the log you took this vote back."),
        )
        yield ask(_("Did you not? Then show this receipt to others: it proves that you voted."))
    elif hides(bundle.result, bundle.manifest):
        yield fine(_("Your vote is in the log. The board is not published: too few voted."))
    elif (found := dict(bundle.board).get(held.tracker)) is None:
        yield bad(
            _("Your vote {tracker} is not on the board: it was dropped.", tracker=held.tracker)
        )
    elif found != held.choice:
        yield bad(_("Your vote {tracker} was changed on the board.", tracker=held.tracker))
    else:
        yield fine(
            _(
                "Your vote {tracker} was counted as you cast it: {choice}.",
                tracker=held.tracker,
                choice=shown(bundle.manifest, held.choice),
            )
        )
    yield ask(_("It was made with these words: “{words}”. Are they yours?", words=held.words))


def _logged(bundle: Bundle, held: Receipt) -> bool:
    """Return whether the log leads to the receipt's head with this vote as its row."""
    found = log_chain.heads(bundle.manifest.poll, bundle.log)
    rows = found.index(held.head) if held.head in found else 0
    if rows == 0 or held.rows not in (None, rows):
        return False
    return bundle.log[rows - 1][1:3] == ("accepted", held.commitment)


def _head(bundle: Bundle, held: Head) -> Iterator[Finding]:
    if not held.is_signed(bundle.manifest.key):
        yield bad(_("The state of the log that you gave me was not signed by this bot."))
    elif held.manifest != bundle.manifest.hash or _head_at(bundle, held.rows) != held.head:
        yield bad(
            _("On {moment} the log was another: it was changed since.", moment=_moment(held.at))
        )
    else:
        yield fine(_("The log still holds what it held on {moment}.", moment=_moment(held.at)))


def _roll(bundle: Bundle, held: RollProof) -> Iterator[Finding]:
    if not held.leads_to(bundle.manifest):
        yield bad(_("You are not among the voters of this file: the list was changed."))
        return
    yield fine(_("You are among those who could vote."))
    if bundle.manifest.turnout == "names":
        if held.leaf.hex() in bundle.result.names:
            yield ask(_("The file says that you voted. Did you not? Then show this to others."))
        else:
            yield ask(_("The file says that you did not vote. Did you? Then show your receipt."))


def _opening(bundle: Bundle, held: Manifest) -> Iterator[Finding]:
    if held == bundle.manifest:
        yield fine(_("It is the opening that you kept."))
    else:
        yield bad(_("It is not the opening that you kept: question, rule or voters changed."))


def _copy(bundle: Bundle, held: Bundle) -> Iterator[Finding]:
    if held.result == bundle.result and held.board == bundle.board and held.log == bundle.log:
        yield fine(_("Both files say the same."))
    elif held.result.is_signed(bundle.manifest.key):
        yield bad(_("The bot signed two different results: it told people different things."))
    else:
        yield bad(_("The other file is not the same, and this bot did not sign it."))


def _head_at(bundle: Bundle, rows: int) -> str | None:
    if rows > len(bundle.log):
        return None
    return log_chain.heads(bundle.manifest.poll, bundle.log[:rows])[-1]


def _moment(at: int) -> Moment:
    return Moment(datetime.fromtimestamp(at, UTC), "UTC")
