"""Sentences about votes that were given."""

from __future__ import annotations

from bot.api import Line, Moment, Person, _, verbatim
from commands.delegation.store import Delegation

EXAMPLE = _("For example: `!delegate @ana until in 30 days`, `!delegate 57 @ana`")


def scope_line(one: Delegation) -> Line:
    """Return the line that says for which decisions a delegation holds, and until when."""
    if one.poll:
        what = _("in {number}", number=one.poll)
    elif one.topic:
        what = _("about {theme}", theme=verbatim(f"#{one.topic}"))
    else:
        what = _("in all decisions")
    if one.until is None:
        return _("{what}, until it is taken back", what=what)
    return _("{what}, until {moment}", what=what, moment=Moment(one.until))


def given_line(one: Delegation) -> Line:
    """Return the line that says who gave their vote to whom."""
    return _(
        "{giver} gives their vote to {taker}: {scope}.",
        giver=Person(one.giver),
        taker=Person(one.taker),
        scope=scope_line(one),
    )
