"""Finds the capabilities. The only module of the machine that knows where they are."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import commands
from bot.feature import Feature


def features() -> list[Feature]:
    """Every folder in `commands/` that declares a `feature`."""
    return [importlib.import_module(f"commands.{name}").feature for name in _names()]


@cache
def _names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
