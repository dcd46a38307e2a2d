"""Whole sentences in people's own words that stand for a command. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that stands for a command: `log out my old phone` for `sign out`.

    `pattern`: all of it, folded. `line`: the command; `{}` in it is what group 1 holds, as typed.
    `only_if`: what must hold of the text besides. `is_told`: people say it in a story, too, so it
    answers whoever asks them for a text; and a line that names a command is that command, unless
    it is one of `instead_of` (English names) or may begin a call, and without a number.
    """

    pattern: re.Pattern[str]
    line: str
    is_told: bool = False
    only_if: Callable[[str], bool] | None = None
    instead_of: frozenset[str] = frozenset()

    def read(self, text: str, folded: str) -> str | None:
        """Return the command line that this text stands for, or None if it is not this sentence.
        `folded`: the text as `fold_in_place` returns it, each letter at the same position as in
        `text`."""
        found = self.pattern.fullmatch(folded)
        if found is None or (self.only_if is not None and not self.only_if(text)):
            return None
        return (
            self.line.format(text[found.start(1) : found.end(1)])
            if "{}" in self.line
            else self.line
        )
