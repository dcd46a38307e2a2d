"""Breaks one function of the bot, named in the environment, with words that no log may show."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any, NoReturn

from bot.api import Feature

BREAKS, WORDS = "BREAKS", "BREAKS_WITH"

feature = Feature("breaking", Path(__file__).parent)


def _break(place: str, words: str) -> None:
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    owner: Any = importlib.import_module(module)
    for one in owners:
        owner = getattr(owner, one)

    def broken(*_given: Any, **_more: Any) -> NoReturn:
        raise KeyError(words)

    setattr(owner, name, broken)


if os.environ.get(BREAKS):
    _break(os.environ[BREAKS], os.environ[WORDS])
