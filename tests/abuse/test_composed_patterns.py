"""Patterns that are put together of parts keep nobody busy either (tests/test_patterns.py)."""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import Any

import pytest

from tests.source_files import SOURCE, name
from tests.test_patterns import GROUPS, LINES, LONGEST, find_busy, patterns

FOUND = ("a " * (LONGEST // 2) + '"x', "\n" * LONGEST + '"x')
"""Lines that kept one busy: hours for the answer to a question about times, seconds for a loan."""
TRIED = (*LINES, *FOUND)
SHARES = 8
"""In so many tests: how many patterns there are is known when all modules are imported."""


@cache
def written_out() -> set[str]:
    """Return all patterns that stand as text in our code."""
    return {pattern.pattern for group in GROUPS for _how, pattern in patterns(group).values()}


@cache
def composed() -> dict[str, tuple[str, re.Pattern[Any]]]:
    """Return the patterns of all modules that are not written out, and how each is used."""
    found: dict[str, tuple[str, re.Pattern[Any]]] = {}
    for path in SOURCE:
        module = name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if within_demo(module) or "re." not in (source := path.read_text("utf-8")):
            continue
        for named, value in vars(importlib.import_module(module)).items():
            if isinstance(value, re.Pattern) and value.pattern not in written_out():
                used = set(re.findall(rf"\b{named}\.(\w+)\(", source))
                how = next(iter(used)) if len(used) == 1 and used <= {"match", "fullmatch"} else ""
                found.setdefault(value.pattern, (how or "search", value))
    return found


def within_demo(module: str) -> bool:
    """Return whether a module belongs to the demo, whose people write only scripted lines."""
    return module.startswith("bot.demo")


def test_most_of_them_are_found() -> None:
    assert len(composed()) > 40


@pytest.mark.parametrize("share", range(SHARES))
def test_no_line_keeps_a_composed_pattern_busy(share: int) -> None:
    tried = list(composed().values())[share::SHARES]
    found = (find_busy(how, pattern, TRIED) for how, pattern in tried)
    assert not [busy for busy in found if busy]
