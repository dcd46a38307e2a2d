"""The format of ballots and names in signed files, and fingerprints of those files."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.api import SignedModel

_PAIR = "[1-9][0-9]{0,5}:[0-9]{1,6}"
BallotText = Annotated[str, Field(pattern=f"^({_PAIR}( {_PAIR})*)?$")]
"""Places and values, "2:1 3:5". The empty string is a blank vote."""
WeightText = Annotated[str, Field(pattern="^[1-9][0-9]{0,6}$")]
RuleName = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,40}$")]


def fingerprint(found: SignedModel) -> str:
    """Return a hash to compare by eye or aloud: 80 bits in five groups."""
    return " ".join(found.hash[i : i + 4] for i in range(0, 20, 4)).upper()
