"""What Python 3.11 refuses and the newer ones take: the tests run on one of them only."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from types import MappingProxyType

import bot
import commands
import storage


def data_classes() -> Iterator[type]:
    """Yield every dataclass of the program."""
    for package in (bot, storage, commands):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if found.name.split(".")[1:2] == ["demo"]:
                continue  # its libraries are not everywhere
            module = importlib.import_module(found.name)
            for value in vars(module).values():
                if isinstance(value, type) and dataclasses.is_dataclass(value):
                    yield value


def test_no_default_is_one_that_python_3_11_takes_for_mutable() -> None:
    looked, wrong = 0, set()
    for one in data_classes():
        for field in dataclasses.fields(one):
            looked += 1
            if isinstance(field.default, MappingProxyType):  # has a hash since 3.12
                wrong.add(f"{one.__module__}.{one.__name__}.{field.name}")
    assert looked > 1_000
    assert not wrong
