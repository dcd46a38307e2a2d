"""Finds the capabilities. The only core module that imports them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import commands
from bot.capability.feature import Feature


def features() -> list[Feature]:
    """Return the `feature` of every folder in `commands/`, each after those that it needs.

    They are in the order of their names; capabilities that were split off from one stand together.

    Raises `ImportError` if a folder that is needed is not there, `CycleError` if two need each
    other.
    """
    return list(_sorted_features(tuple(_names())))


@cache
def _sorted_features(names: tuple[str, ...]) -> tuple[Feature, ...]:
    found = {one.name: one for one in map(_feature, names)}
    order = TopologicalSorter({name: one.needs for name, one in found.items()})
    order.prepare()
    sorted_features: list[Feature] = []
    ready: list[str] = []
    while order.is_active():
        ready.extend(order.get_ready())
        ready.sort(key=lambda name: (found[name].cut_from or name, name))
        sorted_features.append(found[ready[0]])
        order.done(ready.pop(0))
    return tuple(sorted_features)


def migration_folders(features: Sequence[Feature]) -> dict[str, Path]:
    """Return, for each owner, the folders of SQL migrations that are numbered under the owner's
    name.

    Raises `ValueError` if two capabilities count theirs under one name.
    """
    found: dict[str, Path] = {}
    for feature in features:
        owner, folder = feature.schema_owner or feature.name, feature.folder / "migrations"
        if folder.is_dir():
            if owner in found:
                raise ValueError(f"two capabilities count their migrations as {owner!r}")
            found[owner] = folder
    return found


def _feature(name: str) -> Feature:
    feature: Feature = importlib.import_module(f"commands.{name}").feature
    return feature


@cache
def _names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__))
