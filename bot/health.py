"""One line of what `minga doctor` says."""

from __future__ import annotations

from dataclasses import dataclass

from bot.stop import stop_for


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `note`: worth knowing, nothing to mend."""

    what: str
    fine: bool = True
    note: bool = False

    def __str__(self) -> str:
        mark = "note" if self.note else "ok  " if self.fine else "BAD "
        return f"{mark} {self.what}"


def bad(what: str) -> Finding:
    return Finding(what, fine=False)


def note(what: str) -> Finding:
    return Finding(what, note=True)


def from_error(error: Exception, what: str) -> Finding:
    """What `minga run` would say of this error, so that both name the same way on."""
    stop = stop_for(error)
    return bad(str(stop) if stop else f"{what} could not be checked ({type(error).__name__}).")
