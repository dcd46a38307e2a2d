"""Finds the capabilities. The only core module that imports them."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import commands
from bot.capability.feature import Feature


def features() -> list[Feature]:
    """Return the `feature` of every folder in `commands/`."""
    return [importlib.import_module(f"commands.{name}").feature for name in _names()]


@cache
def _names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
