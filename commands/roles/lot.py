"""A draw by lot that anybody can check: a promise, people's words, then the count. Pure.

The bot publishes the SHA-256 of a secret (FIPS 180-4). Then members put words into the draw. At the
end the secret is shown, and the smallest hash of all of it and a person's address is drawn. The bot
cannot choose once there are words, and nobody who adds one knows the secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from bot.api import UserId


def promise(secret: str) -> str:
    """Return the hash of a draw's secret, which is published at the start."""
    return _digest(secret)


def list_hash(people: Iterable[UserId]) -> str:
    """Return the hash of the list of those who can be drawn: sorted addresses, one a line."""
    return _digest("\n".join(sorted(people)))


def draw_seed(secret: str, words: Mapping[UserId, str]) -> str:
    """Return the hash of a draw's secret and of the words people added.

    One line each: address, blank and word, sorted by address.
    """
    return _digest("\n".join([secret, *(f"{who} {words[who]}" for who in sorted(words))]))


def draw_order(secret: str, words: Mapping[UserId, str], people: Iterable[UserId]) -> list[UserId]:
    """Return the people in the order in which a seed draws them."""
    base = draw_seed(secret, words)
    return sorted(people, key=lambda who: (rank_hash(base, who), who))


def rank_hash(base: str, who: UserId) -> str:
    """Return the hash by which a person is ranked in a draw by lot."""
    return _digest(f"{base} {who}")


def sheet_lines(secret: str, words: Mapping[UserId, str], order: Sequence[UserId]) -> list[str]:
    """Return everything needed to repeat a draw by lot, as lines of text."""
    base = draw_seed(secret, words)
    return [
        f"promise = sha256({secret}) = {promise(secret)}",
        "",
        *(f"{who} {words[who]}" for who in sorted(words)),
        f"seed = sha256(secret + words) = {base}",
        "",
        *(f"{rank_hash(base, who)} {who}" for who in order),
        "",
        f"printf '%s' '{secret}' | sha256sum",
        f"printf '%s' '{base} @…:…' | sha256sum",
    ]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
