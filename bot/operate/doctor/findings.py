"""One result of `minga doctor`, in the operator's language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot.i18n import _
from bot.lines import Line
from bot.operate.operator_errors import stop_for
from bot.operate.operator_words import in_words

_MARKS = {"ok": _("ok"), "note": _("note"), "bad": _("BAD")}
_WIDTH = 4
"""Letters of a mark, so that what was found stands in one column."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `is_note`: worth knowing, nothing to mend."""

    what: str
    is_fine: bool = True
    is_note: bool = False

    @property
    def kind(self) -> str:
        """`ok`, `note` or `bad`, in every language."""
        return "note" if self.is_note else "ok" if self.is_fine else "bad"

    def __str__(self) -> str:
        return f"{in_words(_MARKS[self.kind]):{_WIDTH}} {self.what}"


def as_json(findings: Sequence[Finding]) -> str:
    """Return the doctor's report as JSON: whether all is well, and each finding with its kind."""
    told = [{"kind": one.kind, "what": one.what} for one in findings]
    is_well = all(one.is_fine for one in findings)
    return json.dumps({"well": is_well, "findings": told}, ensure_ascii=False, indent=1)


def fine_finding(what: Line) -> Finding:
    """Return a finding that says that something is well."""
    return Finding(in_words(what))


def bad_finding(what: Line) -> Finding:
    """Return a finding that says what is wrong and must be mended."""
    return Finding(in_words(what), is_fine=False)


def note_finding(what: Line) -> Finding:
    """Return a finding that is worth knowing, but is not wrong."""
    return Finding(in_words(what), is_note=True)


def finding_from_error(error: Exception, what: Line) -> Finding:
    """Return the finding for an error: in the words of `minga run` if it has some.

    Else it says that `what` could not be checked, with the error's type and no details.
    """
    if (stop := stop_for(error)) is not None:
        return Finding(stop.words(), is_fine=False)
    kind = type(error).__name__
    return bad_finding(_("{what} could not be checked ({kind}).", what=what, kind=kind))
