"""No pattern of ours takes long for what somebody writes to keep us busy."""

from __future__ import annotations

import ast
import re
import signal
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, partial
from itertools import groupby, product
from typing import Any

import pytest

from bot.testing.talk import START_TIME
from tests.abuse.fuzzing import FULL
from tests.source_files import SOURCE, name, tree

LONGEST = 10_000

GROUPS = {
    group: list(files)
    for group, files in groupby(SOURCE, lambda path: "/".join(name(path).split("/")[:2]))
}
"""The files of our code, by the capability or the part of the core: what is parsed is parsed when
a test runs, not by each worker that collects."""
USES = {"compile", "match", "fullmatch", "search", "findall", "finditer", "sub", "subn", "split"}
USED = re.compile(rf"\bre\.(?:{'|'.join(USES)})\(")
"""Where a file has one: it is formatted by the tool, without spaces in between."""
PATIENCE = 0.25
"""Seconds of this process for one search through the longest line, on a quick machine."""
YARDSTICK, YARDS = re.compile("a*b"), 5
"""A search that takes in step with the square of the line, which on a slow machine takes long too:
a pattern may take so many times as long as it, if that is more."""
TRIES = 3
RUNS = (
    "\n",
    " ",
    '"',
    "'",
    "1",
    "a",
    ":",
    "@",
    "-",
    ",",
    ".",
    "/",
    "`",
    "(",
    "*",
    "á",
    "1 ",
    "a ",
    "a:",
    '" ',
    "1,",
    "@a ",
)
STARTS = ("", "org:", '"', "@a:", "1 ", "por ", "a: ")
ENDS = ("", '"x', "\x00")


def hostile(tried: Collection[int]) -> Iterator[str]:
    """Long runs of what patterns repeat, and an end that makes them begin again.

    `tried` is which of six shares: each has every run after every second start, before one of the
    ends.
    """
    numbered = (enumerate(RUNS), enumerate(STARTS), enumerate(ENDS))
    for (r, run), (s, start), (e, end) in product(*numbered):
        if (r + s + e) % 3 + 3 * (s % 2) in tried:
            yield start + run * (LONGEST // len(run)) + end


@cache
@cache
def patterns(group: str) -> dict[str, tuple[str, re.Pattern[str]]]:
    """Every pattern that stands as text in this part of our code, by where it stands."""
    found: dict[str, tuple[str, re.Pattern[str]]] = {}
    for file in GROUPS[group]:
        source = file.read_text(encoding="utf-8")
        nodes = ast.walk(tree(file)) if USED.search(source) else ()
        for node in nodes:
            if (pattern := _pattern(node, source)) is not None:
                found[f"{name(file)}:{getattr(node, 'lineno', 0)}"] = pattern
    return found


def _pattern(node: ast.AST, source: str) -> tuple[str, re.Pattern[str]] | None:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
        return None
    of, text = node.func.value, node.args[0]
    if not (isinstance(of, ast.Name) and of.id == "re" and node.func.attr in USES):
        return None
    if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
        return None
    flags = [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and n.attr.isupper()]
    value = re.RegexFlag(0)
    for flag in flags:
        value |= getattr(re, flag)
    how = _how(node, source)
    return how, re.compile(text.value, value)


def _how(node: ast.Call, source: str) -> str:
    """By what it is used: one that begins at the beginning has less to try."""
    assert isinstance(node.func, ast.Attribute)
    used = {node.func.attr}
    if used == {"compile"}:
        before = source.splitlines()[node.lineno - 1][: node.col_offset]
        if before.strip() == "takes=":  # `Rewording.takes`: all that follows
            return "fullmatch"
        name = re.match(r"\s*(\w+)(?:: [^=]+)? = ", before)
        used = set(re.findall(rf"\b{name[1]}\.(\w+)\(", source)) if name else {"search"}
    return next(iter(used)) if len(used) == 1 and used <= {"match", "fullmatch"} else "search"


LINES = list(hostile(range(6) if FULL else (START_TIME.at.toordinal() % 6,)))
"""All of them in `make storm` and `make fuzz`; else a sixth, another one on most days."""


def _too_slow(_signal: int, _frame: object) -> None:
    raise TimeoutError


def find_busy(how: str, pattern: re.Pattern[Any], lines: Iterable[str]) -> str | None:
    """Return the pattern and the beginning and end of a line that keeps it busy; None: there is
    none."""
    before = signal.signal(signal.SIGPROF, _too_slow)
    try:
        for line in lines:
            typed = line.encode() if isinstance(pattern.pattern, bytes) else line
            search = partial(getattr(pattern, how), typed)
            if not _ends(search, PATIENCE) and not any(
                _ends(search, _slow_patience()) for _try in range(TRIES)
            ):
                return f"{pattern.pattern[:80]!r}: {line[:12]!r}… {line[-4:]!r}"
    finally:
        signal.signal(signal.SIGPROF, before)
    return None


def _ends(search: Callable[[], object], seconds: float) -> bool:
    """Return whether the search ends within so many seconds of this process."""
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        search()
        signal.setitimer(signal.ITIMER_PROF, 0)
    except TimeoutError:
        return False
    return True


def _slow_patience() -> float:
    """Return the seconds that a search may take on this machine, as busy as it is now."""
    began = time.process_time()
    YARDSTICK.search("a" * LONGEST)
    return max(PATIENCE, YARDS * (time.process_time() - began))


@pytest.mark.parametrize("group", GROUPS)
def test_no_line_keeps_a_pattern_busy(group: str) -> None:
    found = {place: find_busy(*pattern, LINES) for place, pattern in patterns(group).items()}
    assert not {place: busy for place, busy in found.items() if busy}


def test_most_patterns_are_found() -> None:
    assert sum(len(patterns(group)) for group in GROUPS) > 600


def test_a_pattern_that_begins_again_and_again_is_found() -> None:
    slow = find_busy("search", re.compile(r"(?:a+)+$"), ["a" * 40 + "x"])
    assert slow == "'(?:a+)+$': 'aaaaaaaaaaaa'… 'aaax'"
    assert find_busy("search", re.compile(r"a+$"), ["a" * 40 + "x"]) is None
