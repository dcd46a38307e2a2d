"""A process whose forks end changes of the key early: ordered `FOLDER FROM TO END SHARE [OPTIONS]`.

END is what befalls the process: `kill` or `full` (the disk) at each step, `small` (a size that no
file outgrows), or `clock` (killed after a while, in the midst of encrypting). Prints what came of
it as JSON. A process of its own, since it forks, which threads would not survive; one for all, for
its start costs more than many a change (tests/real/nursery.py).
"""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from storage.encryption.key_header import SCRYPT
from tests.operate.change_key import scene
from tests.operate.change_key.scene import Installation, Steps, in_a_fork
from tests.real.nursery import serve

KILLS_BY_CLOCK, FILLED = 20, 4 * 2**20
SIZES = (0, 100, 1000, 5000, 20_000, 50_000, 100_000, 150_000, 200_000, 300_000)
"""Bytes that no file may outgrow."""

Early = Callable[[], tuple[int, Any]]
"""A change of the key that ends early."""


def main(folder: Path, old: str, new: str, end: str, share: int, *more: str) -> dict[str, Any]:
    """Try all ends, or every `share`-th, once followed by a start and once by another call."""
    SCRYPT["n"] = 2**10  # what a passphrase costs is not tried here
    bot = scene.begin(folder, old, FILLED if end == "clock" else 0)
    code, whole = in_a_fork(lambda: scene.starts(bot))
    assert code == 0
    before, began = scene.key_of(bot), time.monotonic()
    code, told = in_a_fork(lambda: scene.changes(bot, new, Steps(0, scene.die), *more))
    assert code == 0 and told[0] == 0, told
    took = time.monotonic() - began
    assert in_a_fork(lambda: scene.starts(bot)) == (0, whole)
    wrong, half, tried = [], 0, 0
    for name, early in list(ends(bot, new, end, told[2], took, *more))[::share]:
        tried += 1
        for call_first in (False, True):
            scene.renew(bot)
            code, told = early()
            half += code != 0 or told[0] != 0
            found = [] if end != "kill" or code == -9 else [f"not killed: {code} {told}"]
            if code == 0 and "Traceback" in told[1]:
                found.append(f"it is a bug to it: {told}")
            found += goes_on(bot, new, whole, before, *more, call_first=call_first)
            wrong += [f"{name}: {one}" for one in found]
    return {"tried": tried, "half": half, "wrong": wrong}


def ends(
    bot: Installation, new: str, end: str, steps: int, took: float, *more: str
) -> Iterator[tuple[str, Early]]:
    """Yield each end with its name."""

    def at_step(at: int, then: Callable[[], None]) -> Early:
        return lambda: in_a_fork(lambda: scene.changes(bot, new, Steps(at, then), *more))

    def after(seconds: float) -> Early:
        return lambda: in_a_fork(
            lambda: scene.changes(bot, new, Steps(0, scene.die), *more), kill_after=seconds
        )

    def with_limit(size: int) -> Early:
        def limited() -> Any:
            scene.small_files(size)
            return scene.changes(bot, new, Steps(0, scene.die), *more)

        return lambda: in_a_fork(limited)

    match end:
        case "kill":
            yield from ((f"step {at}", at_step(at, scene.die)) for at in range(1, steps + 1))
        case "full":
            yield from ((f"step {at}", at_step(at, scene.no_room)) for at in range(1, steps + 1))
        case "small":
            yield from ((f"{size} bytes", with_limit(size)) for size in SIZES)
        case "clock":
            for n in range(KILLS_BY_CLOCK):
                seconds = took * (n + 0.5) / KILLS_BY_CLOCK
                yield f"{seconds:.2f} s", after(seconds)


def goes_on(
    bot: Installation, new: str, whole: dict[str, Any], before: str, *more: str, call_first: bool
) -> list[str]:
    """Return what went wrong when the bot was started or the command called after an end."""
    strange = [
        str(file)
        for file in bot.data.iterdir()
        if file.stat().st_uid != bot.data.stat().st_uid and not file.name.startswith(".")
    ]
    wrong = [f"the bot's user can't read {strange}"] * bool(strange)
    if not call_first:
        code, found = in_a_fork(lambda: scene.starts(bot))
        if code != 0 or found != whole:
            wrong.append("the next start does not find everything")
    bot.think_of(scene.PHRASES[2])
    code, told = in_a_fork(lambda: scene.changes(bot, new, Steps(0, scene.die), *more))
    if code != 0 or told[0] != 0:
        wrong.append(f"the next call does not go on: {told}")
    elif scene.key_of(bot) == before:
        wrong.append("the next call changed nothing")
    code, found = in_a_fork(lambda: scene.starts(bot))
    if code != 0 or found != whole:
        wrong.append("the start after the next call does not find everything")
    if scene.place_of(bot).kind != new:
        wrong.append(f"the key is in {scene.place_of(bot)}")
    left = [str(path) for path in bot.folder.rglob(".*")]
    if left:
        wrong.append(f"left behind: {left}")
    return wrong


def _end_changes(_files: list[int], words: list[str]) -> None:
    outcome = main(Path(words[0]), words[1], words[2], words[3], int(words[4]), *words[5:])
    sys.stdout.write(f"\n{json.dumps(outcome)}\n")


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), _end_changes)
