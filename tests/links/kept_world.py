"""Networks that were linked once for each worker; each test begins with a copy of them.

To link two takes twenty times as long as to copy the files of both and start them again.
"""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from bot.testing.fake_machine import build_machine
from bot.testing.talk import START_TIME, Talk
from bot.types import UserId
from tests.links.between import Between

Build = Callable[[Path], Awaitable[Between]]
_KEPT: dict[tuple[Build, datetime], KeptWorld] = {}


@dataclass(frozen=True, slots=True)
class KeptWorld:
    """Networks that are stopped, and the content of their files."""

    stopped: Between
    files: dict[UserId, bytes]
    counters: Sequence[tuple[count[int], int]]
    """What numbers their events, and where it was."""

    @classmethod
    async def keep(cls, world: Between) -> KeptWorld:
        """Stop them, and keep them as they are."""
        await world.close(leaves_files=True)
        files = {bot: talk.path.read_bytes() for bot, talk in world.talks.items()}
        every = [c for t in world.talks.values() for c in (t._ids, t.gateway._count)]
        return cls(world, files, [(counter, next(counter)) for counter in (*every, world.ids)])

    async def start_copy(self, folder: Path) -> Between:
        """Start a copy of them, with files of its own."""
        same: dict[int, Any] = {id(counter): count(at) for counter, at in self.counters}
        for talk in self.stopped.talks.values():
            same |= {id(one): one for one in (talk.machine, talk.features)}
        made = copy.deepcopy(self.stopped, same)
        for bot, talk in made.talks.items():
            await _start(talk, folder / talk.path.parent.name, self.files[bot])
        return made


async def _start(talk: Talk, folder: Path, content: bytes) -> None:
    folder.mkdir()
    talk.path = folder / talk.path.name
    parts = (talk.gateway, talk.clock, talk.features, talk.defaults, talk.limits)
    talk.machine = await build_machine(talk.path, *parts, content=content)


async def linked(build: Build, folder: Path) -> Between:
    """Return what `build` makes, as it is at this beginning."""
    key = build, START_TIME.at
    if key not in _KEPT:
        (folder / "kept").mkdir()
        _KEPT[key] = await KeptWorld.keep(await build(folder / "kept"))
    return await _KEPT[key].start_copy(folder)
