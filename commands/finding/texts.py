"""Texts about search results: one line each, with the command that opens it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.api import Context, Day, Found, Kind, Line, Person, RoomId, _, harmless, verbatim

LONGEST = 80
MOST_THEMES = 3


async def each(
    ctx: Context,
    found: Iterable[Found],
    kinds: Mapping[str, Kind],
    places: Mapping[RoomId, str] | None = None,
) -> list[Line]:
    """Return a line for each result, with its origin; with `places`, also its room."""
    return [_one(one, kinds.get(one.kind), places or {}, await _origins(ctx, one)) for one in found]


async def _origins(ctx: Context, one: Found) -> list[Line]:
    """Return from which linked network it came."""
    offers = ctx.registry.services("origin") if one.item is not None else []
    told = [await offer(ctx, one.item) for offer in offers]
    return [line for line in told if line is not None]


def opens(one: Found, kinds: Mapping[str, Kind]) -> Line:
    """Return what to type to open it."""
    return _opens(one, kinds.get(one.kind))


def _opens(one: Found, kind: Kind | None) -> Line:
    if kind is None:  # its feature is not loaded any more
        return verbatim(str(one.item or "–"))
    return replace(kind.opens, values={"name": harmless(one.name), "number": one.item})


def _one(
    one: Found, kind: Kind | None, places: Mapping[RoomId, str], origins: Sequence[Line]
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
    title = short(one.title)
    return _("{opens} {title}: {facts}", opens=_opens(one, kind), title=title, facts=tuple(facts))


def short(title: str) -> str:
    """Return the title on one line that fits on a phone."""
    words = " ".join(harmless(title).split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
