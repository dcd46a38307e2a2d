"""The format of ballots, names and weights in signed files, and fingerprints of those files.

A weight of 20 is 20 units of one, each with a code of its own. Whose they are nobody can tell as
long as several voters have the same weight (docs/decisions/0059).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field

from bot.api import SignedModel, hash_parts

_PAIR = "[1-9][0-9]{0,5}:[0-9]{1,6}"
BallotText = Annotated[str, Field(pattern=f"^({_PAIR}( {_PAIR})*)?$")]
"""Places and values, "2:1 3:5". The empty string is a blank vote."""
WeightText = Annotated[str, Field(pattern="^[1-9][0-9]{0,6}$")]
RuleName = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,40}$")]
MOST_UNITS = 10_000
"""So many units a roll can have together: each is one line of the board."""
_CLASS = re.compile(r"([1-9][0-9]{0,6})\*([1-9][0-9]{0,5})")


def fingerprint(found: SignedModel) -> str:
    """Return a hash to compare by eye or aloud: 80 bits in five groups."""
    return " ".join(found.hash[i : i + 4] for i in range(0, 20, 4)).upper()


def format_weights(weights: Iterable[int]) -> str:
    """Return how many voters have which weight: `1*350 20*9`; empty if each has the weight one."""
    found = Counter(weights)
    if set(found) <= {1}:
        return ""
    return " ".join(f"{weight}*{count}" for weight, count in sorted(found.items()))


def parse_weights(text: str) -> dict[int, int]:
    """Parse what `format_weights` wrote. Raises `ValueError`."""
    parts = [_CLASS.fullmatch(part) for part in text.split()]
    found = {int(part[1]): int(part[2]) for part in parts if part is not None}
    if len(found) != len(parts) or format_weights(Counter(found).elements()) != text:
        raise ValueError("not a list of weights")
    return found


def count_by_weight(weights: Iterable[int]) -> dict[str, int]:
    """Return how many of those who voted have which weight, as a result names it."""
    return {str(weight): count for weight, count in sorted(Counter(weights).items())}


def count_units(voted: Mapping[str, int]) -> int:
    """Return how many units those have who voted."""
    return sum(int(weight) * count for weight, count in voted.items())


def has_few(voted: Mapping[str, int], fewest: int) -> bool:
    """Return whether a few, but fewer than `fewest`, voted with one of the weights."""
    return any(0 < count < fewest for count in voted.values())


def unit_secret(secret: str, unit: int) -> str:
    """Return the secret behind the code of a unit. That of the first is the receipt's own."""
    return secret if unit == 0 else hash_parts("unit1", secret, unit)[:32]
