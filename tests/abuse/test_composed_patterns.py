"""Patterns that are put together of parts keep nobody busy either (tests/test_patterns.py)."""

from __future__ import annotations

import importlib
import re
import signal

import pytest

from tests.source_files import SOURCE, name
from tests.test_patterns import LINES, LONGEST, PATIENCE, PATTERNS

FOUND = ("a " * (LONGEST // 2) + '"x', "\n" * LONGEST + '"x')
"""Lines that kept one busy: hours for the answer to a question about times, seconds for a loan."""
TRIED = (*LINES, *FOUND)
WRITTEN_OUT = {pattern.pattern for _how, pattern in PATTERNS.values()}


def composed() -> dict[str, tuple[str, re.Pattern[str]]]:
    """Return the patterns of all modules that are not written out, and how each is used."""
    found: dict[str, tuple[str, re.Pattern[str]]] = {}
    for path in SOURCE:
        module = name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        if within_demo(module) or "re." not in (source := path.read_text("utf-8")):
            continue
        for named, value in vars(importlib.import_module(module)).items():
            if isinstance(value, re.Pattern) and value.pattern not in WRITTEN_OUT:
                used = set(re.findall(rf"\b{named}\.(\w+)\(", source))
                how = next(iter(used)) if len(used) == 1 and used <= {"match", "fullmatch"} else ""
                found.setdefault(value.pattern, (how or "search", value))
    return found


def within_demo(module: str) -> bool:
    """Return whether a module belongs to the demo, whose people write only scripted lines."""
    return module.startswith("bot.demo")


COMPOSED = composed()


def _too_slow(_signal: int, _frame: object) -> None:
    raise TimeoutError


def test_most_of_them_are_found() -> None:
    assert len(COMPOSED) > 40


@pytest.mark.parametrize("number", range(len(COMPOSED)))
def test_no_line_keeps_a_composed_pattern_busy(number: int) -> None:
    how, pattern = list(COMPOSED.values())[number]
    before = signal.signal(signal.SIGPROF, _too_slow)
    try:
        for line in TRIED:
            signal.setitimer(signal.ITIMER_PROF, PATIENCE)
            try:
                typed = line.encode() if isinstance(pattern.pattern, bytes) else line
                getattr(pattern, how)(typed)
            except TimeoutError:
                pytest.fail(f"{pattern.pattern[:80]!r}: {line[:12]!r}… {line[-4:]!r}")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
