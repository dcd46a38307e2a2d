"""Who is vouched for, from the networks that we compared a code with ourselves. Pure."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Set

Introductions = Mapping[str, Set[str]]
"""Whom each network introduces. Networks are their keys."""


def introductions_by(pairs: Iterable[tuple[str, str]]) -> Introductions:
    """Return which networks each network introduces, from pairs of an introducer and the introduced
    one."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for introducer, introduced in pairs:
        found[introducer].add(introduced)
    return found


def find_vouched(
    compared: Iterable[str], introductions: Introductions, without: str | None = None
) -> Set[str]:
    """Return all networks to which introductions lead from those whose codes were compared.

    Networks that only introduce each other are not among them. `without`: a network that does not
    count. The compared ones are included.
    """
    found = {key for key in compared if key != without}
    ahead = deque(found)
    while ahead:
        fresh = introductions.get(ahead.popleft(), frozenset()) - found - {without}
        found |= fresh
        ahead.extend(fresh)
    return found


def find_vouched_twice(compared: Iterable[str], introductions: Introductions) -> Set[str]:
    """Return the networks that stay vouched for whichever other network is left out.

    By Menger's theorem (1927) these are the ones with two ways that share no network, so that no
    single network can deceive us about them. The compared ones are included.
    """
    roots = frozenset(compared)
    found = set(find_vouched(roots, introductions))
    for key in [one for one in found if introductions.get(one)]:
        found &= find_vouched(roots, introductions, without=key) | roots | {key}
    return found
