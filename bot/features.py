"""Finds the capabilities. The only module of the machine that knows where they are."""

from __future__ import annotations

import importlib
import pkgutil

import commands
from bot.feature import Feature


def features() -> list[Feature]:
    """Every folder in `commands/` that declares a `feature`."""
    names = sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
    return [importlib.import_module(f"commands.{name}").feature for name in names]
