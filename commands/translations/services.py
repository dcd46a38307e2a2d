"""The services by which other capabilities let people translate what they keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.api import Effect, Item, KindService, UserId


@dataclass(frozen=True, slots=True)
class TranslatableWords:
    """What of an item people may put into another language: its title, and options if it has any.

    The numbers are the most letters of each. `is_fixed`: somebody acted on these words, so that
    a translation which is there stays. `check` raises `UserError` for options, each with its
    translations, that can't be told apart. `is_moderated`: only moderators of its room can make it.
    """

    title: str
    options: tuple[str, ...]
    most_title: int
    most_option: int
    is_fixed: bool
    check: Callable[[tuple[str, ...]], None]
    is_moderated: bool = False


TRANSLATABLE = KindService[[Item], TranslatableWords]("translatable")
"""Return what of an item can be translated. Raises `UserError` if it can't be, or not any more."""


TRANSLATED = KindService[[Item, UserId, str], Sequence[Effect]]("translated")
"""Show an item that a person put into a language, or took out of it, to those who read it."""
