"""Recognise marked lines and their kinds. Pure and cheap: it runs on everything people say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_LINE = 1000
"""The most letters of one line."""


class LineKind(StrEnum):
    """The kind of a marked line."""

    AGREED = "agreed"
    TASK = "task"
    INFO = "info"


_WORDS = {
    LineKind.AGREED: r"acuerdos?|acordos?|agreed|agreements?",
    LineKind.TASK: r"tareas?|tarefas?|tasks?|compromisos?|compromissos?|encaminhamentos?",
    LineKind.INFO: r"infos?|informaci[oó]n|informa[cç][aã]o|information",
}
_MARKED = re.compile(
    r"[\s>*_•·-]*(?:"
    + "|".join(f"(?P<{kind}>{forms})" for kind, forms in _WORDS.items())
    + r")(?:\s*\d{1,2})?[\s*_]*:[\s*_]*(?P<words>.*)",
    re.IGNORECASE,
)
_PRESENT = re.compile(r"\W*(?:presentes?|present)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A marked line of a message."""

    kind: LineKind
    words: str


def find_marked_lines(text: str) -> list[MarkedLine]:
    """Return the lines of a message that are marked for the minutes. A marker alone marks the line
    below it."""
    found: list[MarkedLine] = []
    above: LineKind | None = None
    for line in text.split("\n"):
        match = _MARKED.fullmatch(line)
        if match is not None:
            kind = next(one for one in LineKind if match[one] is not None)
            words = match["words"].strip(" *_")
            above = None if words else kind
            found += [MarkedLine(kind, words)] if words else []
        elif above is not None and line.strip():
            found.append(MarkedLine(above, line.strip(" *_-•·")))
            above = None
    return found


def may_concern_meeting(text: str) -> bool:
    """Return whether a message may be for a meeting's minutes or attendance."""
    if len(text) < 12 and _PRESENT.fullmatch(text):
        return True
    return ":" in text and any(map(_MARKED.match, text.split("\n")))


def is_present(text: str) -> bool:
    """Return whether a message only says that its sender is present."""
    return len(text) < 12 and _PRESENT.fullmatch(text) is not None


def count_unmarked_lines(text: str, kept: int) -> int:
    """Return how many lines of a message are not stored in the minutes. `kept`: how many are."""
    return sum(1 for line in text.split("\n") if line.strip(" *_-•·")) - kept - _alone(text)


def _alone(text: str) -> int:
    """Count the markers that mark the line below them."""
    found = (_MARKED.fullmatch(line) for line in text.split("\n"))
    return sum(1 for one in found if one and not one["words"].strip(" *_"))
