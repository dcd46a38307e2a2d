"""Words that stand for a command and what follows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.text.command_words import Words

NUMBER = re.compile(
    r"(?:(?:(?:la|el|o|a|the)\s{1,3})?[#\s]{0,3}\d{1,9})?[\s.?!]{0,5}", re.IGNORECASE
)
"""At most a number: `57`, `la 57`."""


@dataclass(frozen=True, slots=True)
class Rewording:
    """Words that stand for a command and what follows it: `plenary` for `meeting start`.

    `is_kept`: the words are said again behind it (`workshop on radio`: `event workshop on radio`).
    `takes`: what must follow, all of it, where people begin other sentences so too. `only_if`: what
    must hold of it besides. `begins_calls`: people begin calls for help so too.
    """

    name: Words
    line: str
    is_kept: bool
    takes: re.Pattern[str] | None = None
    begins_calls: bool = False
    only_if: Callable[[str], bool] | None = None

    @property
    def needs_more(self) -> bool:
        """Return whether the words mean nothing by themselves."""
        return not self.may_precede("")

    def may_precede(self, rest: str) -> bool:
        """Return whether the words stand for the command before these others."""
        if self.takes is not None and self.takes.fullmatch(rest) is None:
            return False
        return self.only_if is None or self.only_if(rest)
