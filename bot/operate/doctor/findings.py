"""One result of `minga doctor`, in the operator's language."""

from __future__ import annotations

from dataclasses import dataclass

from bot.i18n import _
from bot.operate.operator_errors import stop_for
from bot.operate.operator_words import in_words
from bot.types import Line

FINE, NOTE, BAD = _("ok"), _("note"), _("BAD")
_WIDTH = 4
"""Letters of a mark, so that what was found stands in one column."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `is_note`: worth knowing, nothing to mend."""

    what: str
    is_fine: bool = True
    is_note: bool = False

    def __str__(self) -> str:
        mark = NOTE if self.is_note else FINE if self.is_fine else BAD
        return f"{in_words(mark):{_WIDTH}} {self.what}"


def fine_finding(what: Line) -> Finding:
    """Return a finding that all is well with something."""
    return Finding(in_words(what))


def bad_finding(what: Line) -> Finding:
    """Return a finding to mend."""
    return Finding(in_words(what), is_fine=False)


def note_finding(what: Line) -> Finding:
    """Return a finding worth knowing."""
    return Finding(in_words(what), is_note=True)


def finding_from_error(error: Exception, what: Line) -> Finding:
    """Return the finding that an error led to: in the words of `minga run` if it has some.

    Else it says that `what` could not be checked, with the error's type and no details.
    """
    if (stop := stop_for(error)) is not None:
        return Finding(stop.words(), is_fine=False)
    kind = type(error).__name__
    return bad_finding(_("{what} could not be checked ({kind}).", what=what, kind=kind))
