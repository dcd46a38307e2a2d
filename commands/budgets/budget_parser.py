"""Parse `10000 "Radio" 4000, "Workshop" 2500` into money, projects and costs. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from commands.budgets.amounts import AMOUNT, TypedAmount, read_amount

_SEPARATOR = re.compile(r"\s*(?:[,;|/\n]|(?:y|e|and)(?=\s))\s*[-*•]?\s*", re.IGNORECASE)
_EDGES = " \t\n:=-–—,;|/→"
_LINKING = re.compile(r"(?:(?<!\s)\s+)?(?:cuesta|custa|costs|for|por)$", re.IGNORECASE)
_LEADING = re.compile(r"^(?:para|for)\s*:?\s+(?=\S)|^[-*•]\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedBudget:
    """What was typed. `money` is None if it is missing; `rest` is what has no cost."""

    title: str
    money: TypedAmount | None
    projects: tuple[tuple[str, TypedAmount], ...]
    rest: str = ""


def parse_budget(text: str) -> TypedBudget:
    """Return title, money and projects of a typed budget.

    The first amount is the money; a title may stand before it or, if it is a question or a quote
    without a cost, after it.
    """
    first = _first_amount(text)
    if first is None:
        return TypedBudget(_unquote(text), None, (), "")
    before, after = text[: first.start()], text[first.end() :]
    title = _unquote(before)
    if title and re.match(r"\s*[,;|]", after):
        return TypedBudget(title, None, ())  # `"Radio" 4000, …`: a project, and no money before it
    if not title:
        title, after = _split_title(after)
    projects, rest = _projects(after)
    return TypedBudget(title, read_amount(first), projects, rest)


def _first_amount(text: str) -> re.Match[str] | None:
    """Return the first amount outside quotes."""
    for found in AMOUNT.finditer(text):
        if text.count('"', 0, found.start()) % 2 == 0:
            return found
    return None


def _split_title(text: str) -> tuple[str, str]:
    """Split a question or a quote without a cost off the beginning of the projects."""
    text = text.lstrip(_EDGES)
    quoted = re.match(r'"([^"]*)"', text)
    if quoted:
        after = text[quoted.end() :].lstrip(_EDGES)
        if "?" in quoted[1] or not AMOUNT.match(after):
            return quoted[1], after
        return "", text
    asked = re.match(r'[^"\n,;|]*\?', text)
    return (asked[0], text[asked.end() :]) if asked else ("", text)


def _projects(text: str) -> tuple[tuple[tuple[str, TypedAmount], ...], str]:
    """Return each name with its cost, and what is left without one."""
    found: list[tuple[str, TypedAmount]] = []
    at = 0
    while text[at:].strip(_EDGES):
        one = _next_project(text, at)
        if one is None:
            return tuple(found), _unquote(text[at:])
        name, amount, at = one
        found.append((name, amount))
    return tuple(found), ""


def _next_project(text: str, at: int) -> tuple[str, TypedAmount, int] | None:
    """Return the next name, its cost, and where the one after begins. None if it has no cost.

    The cost is the first amount that ends a part: `Taller 3 de marzo 2500` costs 2500.
    """
    for cost in AMOUNT.finditer(text, at):
        if text.count('"', at, cost.start()) % 2:
            continue
        name = _unquote(text[at : cost.start()])
        after = _SEPARATOR.match(text, cost.end())
        ends = after is not None or not text[cost.end() :].strip(_EDGES)
        if name and (ends or text[cost.end() :].lstrip().startswith('"')):
            return name, read_amount(cost), after.end() if after else cost.end()
        if '"' in text[at : cost.start()]:
            return None
    return None


def _unquote(text: str) -> str:
    bare = _LINKING.sub("", text.strip(_EDGES))
    return _LEADING.sub("", bare.replace('"', " ").strip(_EDGES + " "))
