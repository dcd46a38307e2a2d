"""Texts about the roll of a secret vote: whether it hides its voters, and what weights are."""

from __future__ import annotations

from bot.api import Line, Number, UserError, _, n_
from commands.ballot_secrecy.files.manifest import FEWEST_VOTES, Manifest
from commands.ballot_secrecy.files.units import MOST_UNITS

_OTHERWISE = _("For the people of this room, add `voters:people`; openly: without `secret`.")


def too_few_voters_error(count: int) -> UserError:
    """Return the error for a roll that is too small."""
    return UserError(
        n_(
            "A secret vote needs {fewest} people who can vote, and here is {count}: the result "
            "would tell who voted what.",
            "A secret vote needs {fewest} people who can vote, and here are {count}: the result "
            "would tell who voted what.",
            count,
            fewest=FEWEST_VOTES,
        ),
        _(
            "Wait until there are {fewest}, or ask it openly: the same without `secret`.",
            fewest=FEWEST_VOTES,
        ),
    )


def similar_roll_question(number: Number) -> tuple[Line, ...]:
    """Warn that another vote's roll differs by one person, and ask whether to go on.

    Comparing the two results could reveal that person's vote.
    """
    return (
        _(
            "Secret vote {number} had the same voters, but for one person. Whoever compares"
            " the two "
            "results may learn how that person votes.",
            number=number,
        ),
        _("Open it all the same? `yes` or `no`"),
    )


def too_few_error(count: int, weight: int | None) -> UserError:
    """Return the error for a roll on which too few have a weight, or too few people speak.

    `count`: how many different people speak for those of the weight. `weight` is None where all
    have the same.
    """
    if weight is None:
        first = n_(
            "A secret vote of organisations needs {fewest} delegates; here is {count}.",
            "A secret vote of organisations needs {fewest} different delegates; here are {count}.",
            count,
            fewest=FEWEST_VOTES,
        )
        return UserError(first, _OTHERWISE)
    return UserError(
        n_(
            "With the weight {weight} {count} delegate would vote: the counts would tell how.",
            "With the weight {weight} {count} delegates would vote: the counts would tell how.",
            count,
            weight=weight,
        ),
        _(
            "In a secret vote each weight is that of {fewest} organisations or more, each with a"
            " delegate of its own.",
            fewest=FEWEST_VOTES,
        ),
        _OTHERWISE,
    )


def too_heavy_error(together: int) -> UserError:
    """Return the error for weights that would make too many single votes."""
    return UserError(
        _(
            "Together the weights are {together}: in a secret vote up to {most}, each one a line.",
            together=together,
            most=MOST_UNITS,
        ),
        _("Divide all weights by the same number: `!voters import`"),
    )


def similar_organisations_question(number: Number) -> tuple[Line, ...]:
    """Warn that another vote's roll differs by one organisation or weight, and ask to go on."""
    return (
        _(
            "Secret vote {number} had the same organisations, but for one or for its weight."
            " Whoever compares the two may learn how it votes.",
            number=number,
        ),
        _("Open it all the same? `yes` or `no`"),
    )


def opening_lines(manifest: Manifest) -> list[Line]:
    """Return what the opening says of organisations; nothing where people vote."""
    if not manifest.by_organisations:
        return []
    lines = [_("An organisation has one vote: the last one of who speaks for it then.")]
    if "weights" in manifest.rule:
        lines.append(
            _("A weight is published as single votes, so that the counts name no organisation.")
        )
    return lines


def few_line(manifest: Manifest) -> Line:
    """Say what is promised for few votes of one weight."""
    return _(
        "With fewer than {count} votes of one weight I publish no result: it would tell who voted"
        " what.",
        count=manifest.min_publish,
    )
