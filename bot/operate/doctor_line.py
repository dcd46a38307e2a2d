"""One result of `minga doctor`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.operate.operator_errors import stop_for


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `is_note`: worth knowing, nothing to mend."""

    what: str
    is_fine: bool = True
    is_note: bool = False

    def __str__(self) -> str:
        mark = "note" if self.is_note else "ok  " if self.is_fine else "BAD "
        return f"{mark} {self.what}"


def bad_finding(what: str) -> Finding:
    """Return a finding to mend."""
    return Finding(what, is_fine=False)


def note_finding(what: str) -> Finding:
    """Return a finding worth knowing."""
    return Finding(what, is_note=True)


def finding_from_error(error: Exception, what: str) -> Finding:
    """Return a finding in the words in which `minga run` reports this error."""
    stop = stop_for(error)
    return bad_finding(
        str(stop) if stop else f"{what} could not be checked ({type(error).__name__})."
    )
