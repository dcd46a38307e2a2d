"""The difference of two texts in words, and the merge of two changes of one text. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 3
"""How many words before a change say where it is."""


@dataclass(frozen=True, slots=True)
class WordChange:
    """`old` becomes `new` behind the words `after`; each may be empty."""

    after: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Edit:
    """The words from `start` to `end` of the old text become `words`."""

    start: int
    end: int
    words: tuple[str, ...]


def _edits(old: list[str], new: list[str]) -> list[_Edit]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        _Edit(i1, i2, tuple(new[j1:j2]))
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    ]


def find_changes(old: str, new: str) -> list[WordChange]:
    """Return the changes from one text to the other, in whole words, in order.

    Where little is left of the old text it is one change of all of it, which reads better.
    """
    before, after = old.split(), new.split()
    edits = _edits(before, after)
    kept = len(before) - sum(one.end - one.start for one in edits)
    if edits and 3 * kept < max(len(before), len(after)):
        return [WordChange("", " ".join(before), " ".join(after))]
    return [
        WordChange(
            " ".join(before[max(0, one.start - CONTEXT) : one.start]),
            " ".join(before[one.start : one.end]),
            " ".join(one.words),
        )
        for one in edits
    ]


def merge_texts(base: str, ours: str, theirs: str) -> str | None:
    """Return the text with two changes of the text `base` applied, or None where they touch the
    same words."""
    words = base.split()
    mine, others = _edits(words, ours.split()), _edits(words, theirs.split())
    if any(a.start <= b.end and b.start <= a.end for a in mine for b in others):
        return None
    for one in sorted((*mine, *others), key=lambda edit: edit.start, reverse=True):
        words[one.start : one.end] = one.words
    return " ".join(words)
