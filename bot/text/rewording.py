"""Words that stand for a command and what follows it."""

from __future__ import annotations

import re
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
    `takes`: what must follow, all of it, where people begin other sentences so too.
    `begins_calls`: people begin calls for help so too.
    """

    name: Words
    line: str
    is_kept: bool
    takes: re.Pattern[str] | None = None
    begins_calls: bool = False

    @property
    def needs_more(self) -> bool:
        """Return whether the words mean nothing by themselves."""
        return self.takes is not None and self.takes.fullmatch("") is None
