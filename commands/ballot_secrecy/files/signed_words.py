"""What a signed file says in words, in each language, for who reads it without a program.

The sentences are made of the file's own figures, so whoever checks it makes them anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bot.api import Line, Renderer, _, verbatim
from commands.ballot_secrecy.files import signed_outcome
from commands.ballot_secrecy.files.formats import SignedWords, read_question
from commands.ballot_secrecy.files.manifest import Manifest
from commands.ballot_secrecy.files.result import SecretResult, hides_counts
from commands.ballot_secrecy.files.result_check import CheckFinding, open_finding, right_finding
from commands.ballot_secrecy.files.signed_outcome import SignedRule
from commands.decision_rules import kinds

Tell = Callable[[Sequence[Line]], SignedWords]
"""Says lines in each language, as they are signed."""
_YEAR_10000 = 253_402_300_800


def teller(renderer: Renderer) -> Tell:
    """Return the function that renders lines in each language, as they stand in a result file."""

    def tell(lines: Sequence[Line]) -> SignedWords:
        return SignedWords(renderer.in_each_language(lines))

    return tell


def head_line(found: SignedRule) -> Line:
    """Return the line with the number and the question of a poll."""
    asked, _options = read_question(found)
    return _("{number}: {question}", number=found.number, question=verbatim(asked))


def rule_lines(found: SignedRule, opened: int, ended: int, *, secret: bool) -> list[Line]:
    """Return the lines that say by what rule and when it was decided; times in seconds since 1970.

    Raises `ValueError` for a bad rule.
    """
    kind, quorum = signed_outcome.kind_of(found), signed_outcome.quorum_of(found)
    said = str(quorum) if quorum.share or quorum.count else ""
    question = signed_outcome.question_of(found)
    return [
        _("Rule: {parts}", parts=kinds.describe_rule(kind.key, question, said, secret=secret)),
        _("Open from {opened} to {ended} (UTC).", opened=_say(opened), ended=_say(ended)),
    ]


def describe_secret_result(manifest: Manifest, result: SecretResult) -> list[Line]:
    """Return the rule, the outcome and how many voted, in words. Raises `ValueError` for a bad
    file."""
    shown = with_added(manifest, result)
    counts = None if hides_counts(result, manifest) else result.together
    named = {"turnout": result.turnout, "size": result.roll_size}
    return [
        *rule_lines(shown, manifest.opens, result.at, secret=True),
        *signed_outcome.describe_outcome(shown, counts, result.outcome),
        _("{turnout} of {size} organisations voted.", **named)
        if manifest.by_organisations
        else _("{turnout} of {size} people voted.", **named),
        *(
            _("On paper, in an assembly: {count}.", count=one.people)
            for one in result.assemblies or ()
        ),
    ]


def with_added(manifest: Manifest, result: SecretResult) -> Manifest:
    """Return the signed terms with the translations that were added while the vote was open."""
    if not result.translations:
        return manifest
    every = {**(manifest.translations or {}), **result.translations}
    return manifest.model_copy(update={"translations": every})


def sign_words(result: SecretResult, manifest: Manifest, tell: Tell) -> SecretResult:
    """Return a copy of the result with its sentences in each language added. Signs nothing: they
    are signed with the rest of the result."""
    lines = [
        head_line(with_added(manifest, result)),
        *describe_secret_result(manifest, result),
    ]
    return result.model_copy(update={"words": tell(lines)})


def judge_words(words: SignedWords | None, lines: Sequence[Line], tell: Tell) -> list[CheckFinding]:
    """Return whether the sentences in a result file are those that its figures give. Older ones
    have none.

    A later version may say the same otherwise, so what differs is no proof of a lie.
    """
    if words is None:
        return []
    made = tell(lines)
    if all(made.get(language) == said for language, said in words.items()):
        return [right_finding(_("What it says in words, in each language, fits its figures."))]
    return [
        open_finding(
            _("Its own sentences differ from those above, which its figures give: go by those.")
        )
    ]


def _say(seconds: int) -> Line:
    if seconds >= _YEAR_10000:
        return verbatim(str(seconds))
    return verbatim(f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}")
