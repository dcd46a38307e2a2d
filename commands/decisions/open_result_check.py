"""Check the signed result of an open vote from the file alone, without network or database."""

from __future__ import annotations

from collections.abc import Iterator

from bot.api import Line, _, certifying_key
from commands.ballot_secrecy.files import signed_outcome
from commands.ballot_secrecy.files.formats import translations_fit
from commands.ballot_secrecy.files.result_check import (
    CheckFinding,
    judge_parts,
    open_finding,
    wrong_finding,
)
from commands.decisions.chamber_counts import wrong_numbers
from commands.decisions.open_result import AssemblyCount, OpenResult, compute_open_outcome
from commands.poll_book.assembly_store import CONFIRMATIONS_NEEDED


def inspect_open_result(found: OpenResult) -> list[CheckFinding]:
    """Return the findings of what is right and wrong with an open poll's result file."""
    every = judge_parts(
        (_check_key(found), _("The result was signed with this key, and not changed since.")),
        (_check_numbers(found), _("As many votes were counted as people voted, in time.")),
        (_check_outcome(found), _("By the rule in the file the outcome is what the result says.")),
    )
    if found.state == "provisional":
        every.append(open_finding(_("Votes sent in time could still come in when it was made.")))
    return every


def _check_key(found: OpenResult) -> Iterator[CheckFinding]:
    if certifying_key(found.certificate, found.key) is None:
        yield wrong_finding(_("The signing key does not belong to the bot's identity."))
    if not found.is_signed(found.key):
        yield wrong_finding(_("The signature under the result does not fit: it was changed."))


def _check_numbers(found: OpenResult) -> Iterator[CheckFinding]:
    weight = sum(found.counts.values())
    if found.roll_size and found.turnout > found.roll_size:
        yield wrong_finding(_("More votes than voters: {count}.", count=found.turnout))
    if found.voters == "organisations":
        fits = found.turnout <= weight <= found.roll_weight
    else:
        fits = weight == found.turnout
    if not fits:
        yield wrong_finding(_("The counts do not fit how many voted."))
    if found.rule.get("electorate", found.roll_weight) != found.roll_weight:
        yield wrong_finding(
            _("The rule asks for a share of another roll than the one in the file.")
        )
    roll = (found.roll_size, found.roll_weight)
    for wrong in wrong_numbers(found.chambers or (), found.counts, roll, found.turnout):
        yield wrong_finding(wrong)
    if not all(map(_adds_up, found.assemblies)):
        yield wrong_finding(_("The count of an assembly does not add up, or was not confirmed."))
    if not translations_fit(found, found.translations, found.opened, found.ended):
        yield wrong_finding(_("A translation does not fit what was asked, or came after the end."))
    late = found.closes is not None and found.ended > found.closes
    if late or not found.opened <= found.ended <= found.made:
        yield wrong_finding(_("It did not end between its opening and its deadline."))


def _adds_up(one: AssemblyCount) -> bool:
    """Return whether each hand was counted once and enough others confirmed the count."""
    others = set(one.confirmed) - {one.recorded}
    return sum(one.counts.values()) == one.people and len(others) >= CONFIRMATIONS_NEEDED


def _check_outcome(found: OpenResult) -> Iterator[CheckFinding]:
    """Work out the outcome anew from the counts and compare it."""
    try:
        gone = signed_outcome.withdrawn_in(found.outcome)
        result = signed_outcome.compute_result(found, found.together, gone)
        outcome = compute_open_outcome(found, gone)
    except ValueError:
        yield wrong_finding(_("There are votes that the rule of the opening does not allow."))
        return
    if found.rows != tuple(tuple(row) for row in result.rows):
        yield wrong_finding(_("The votes of each option do not fit the counts."))
    if found.outcome != outcome:
        yield wrong_finding(_("By the rule of the opening the outcome is another one."))


def unverifiable_facts(found: OpenResult, bot: str) -> list[Line]:
    """Return lines with what no result file can show and people must compare themselves. `bot` is
    its address."""
    return [
        _("Compare with the room: the result as it was said there, and"),
        _("- the key in {bot}'s `!status`: {key}", bot=bot, key=found.key),
        _("The file does not tell who voted how. The vote was open: those in the room saw it."),
    ]
