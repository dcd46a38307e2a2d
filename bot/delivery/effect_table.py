"""The table of effects and entries: every kind by name, every writer by its effect.

The modules of `bot/delivery/kinds/` are found by looking, so a new effect is one file there.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from bot.delivery import kinds
from bot.delivery.effects import Effect
from bot.delivery.entry_kind import Kinds
from bot.delivery.entry_writer import WriteEffect
from bot.delivery.subject import Subject


def _subjects() -> Iterator[Subject]:
    for module in sorted(found.name for found in pkgutil.iter_modules(kinds.__path__)):
        yield importlib.import_module(f"{kinds.__name__}.{module}").SUBJECT


KINDS: Kinds = {kind.name: kind for subject in _subjects() for kind in subject.kinds}
WRITERS: dict[type[Effect], WriteEffect] = {
    one.effect: one.write for subject in _subjects() for one in subject.writers
}
