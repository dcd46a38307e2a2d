"""Texts about search results: one line each, with the command that opens it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.api import (
    ORIGIN_NETWORK,
    Context,
    Day,
    FindableKind,
    Line,
    Person,
    RoomId,
    SearchHit,
    _,
    shorten_line,
    strip_hidden,
    verbatim,
)

MOST_THEMES = 3


async def result_lines(
    ctx: Context,
    found: Iterable[SearchHit],
    kinds: Mapping[str, FindableKind],
    places: Mapping[RoomId, str] | None = None,
) -> list[Line]:
    """Return a line for each search result, with its origin; with `places`, also its room."""
    return [
        _result_line(one, kinds.get(one.kind), places or {}, await _origin_lines(ctx, one))
        for one in found
    ]


async def _origin_lines(ctx: Context, one: SearchHit) -> list[Line]:
    """Return from which linked network it came."""
    if one.item is None:
        return []
    told = [await offer(ctx, one.item) for offer in ctx.registry.offers(ORIGIN_NETWORK)]
    return [line for line in told if line is not None]


def open_command(one: SearchHit, kinds: Mapping[str, FindableKind]) -> Line:
    """Return what to type to open a search result."""
    return _open_command(one, kinds.get(one.kind))


def _open_command(one: SearchHit, kind: FindableKind | None) -> Line:
    if kind is None:  # its feature is not loaded any more
        return verbatim(str(one.item or "–"))
    return replace(kind.opens, values={"name": strip_hidden(one.name), "number": one.item})


def _result_line(
    one: SearchHit, kind: FindableKind | None, places: Mapping[RoomId, str], origins: Sequence[Line]
) -> Line:
    facts: list[Any] = [kind.name] if kind is not None else []
    facts += [verbatim(f"#{theme}") for theme in one.themes[:MOST_THEMES]]
    facts.append(Day(one.at))
    if one.person:
        facts.append(Person(one.person))
    if places.get(one.room) and not one.network:
        facts.append(verbatim(places[one.room]))
    facts += origins
    if one.unreviewed:
        facts.append(_("unreviewed"))
    title = shorten_line(one.title)
    return _(
        "{opens} {title}: {facts}", opens=_open_command(one, kind), title=title, facts=tuple(facts)
    )
