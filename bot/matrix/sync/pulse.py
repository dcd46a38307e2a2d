"""Whether the sync task moves: before each thing it does, it says how long that takes at most."""

from __future__ import annotations

import asyncio
import math


class Pulse:
    """A deadline that the sync task sets itself and moves on. Until the first one it is alive."""

    def __init__(self) -> None:
        self._until = math.inf

    def expect_within(self, seconds: float) -> None:
        """Note that the task will report again within `seconds`; `math.inf` where nobody can
        tell."""
        self._until = asyncio.get_running_loop().time() + seconds

    def is_alive(self) -> bool:
        """Return whether the task has reported within the time that it gave last."""
        return asyncio.get_running_loop().time() <= self._until
