"""Who votes for whom, from who gave their vote to whom. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from bot.api import UserId
from commands.poll_book.proxy_store import Proxy


def find_proxies(given: Mapping[UserId, UserId], depth: int, most: int) -> list[Proxy]:
    """Return who votes for whom by delegation: the person chosen, and up to `depth` steps along the
    chain.

    Nobody votes for themselves, a circle ends the chain, and nobody holds more than `most` votes:
    those who are nearer go before those farther away, then by address.
    """
    held: Counter[UserId] = Counter()
    found: list[Proxy] = []
    for distance in range(1, depth + 1):
        for voter in sorted(given):
            holder = _holder_at(given, voter, distance)
            if holder is not None and held[holder] < most:
                held[holder] += 1
                found.append(Proxy(voter, holder, distance))
    return found


def _holder_at(given: Mapping[UserId, UserId], voter: UserId, distance: int) -> UserId | None:
    """Return who is `distance` steps from the voter, or None if the chain ends or closes before."""
    path = [voter]
    for _step in range(distance):
        following = given.get(path[-1])
        if following is None or following in path:
            return None
        path.append(following)
    return path[-1]


def closes_circle(edges: Collection[tuple[UserId, UserId]], giver: UserId, taker: UserId) -> bool:
    """Return whether a vote given from `giver` to `taker` would come back to `giver` by other
    delegations."""
    reached, border = {taker}, [taker]
    while border:
        here = border.pop()
        for one, following in edges:
            if one == here and following not in reached:
                reached.add(following)
                border.append(following)
    return giver in reached
