"""A program that kills changes of the key at each step: `FOLDER FROM TO END SHARE [OPTIONS]`.

END is `kill` or `full`: what befalls the process at the step. Prints how many steps there were and
what went wrong, as JSON. A program of its own, since it forks, which threads would not survive.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.operate.change_key import scene
from tests.operate.change_key.scene import Installation, Steps, in_a_fork

ENDS = {"kill": scene.die, "full": scene.no_room}


def main(folder: Path, old: str, new: str, end: str, share: int, *more: str) -> dict[str, Any]:
    """Try each step, or every `share`-th, once followed by a start and once by another call."""
    bot = scene.begin(folder, old)
    code, whole = in_a_fork(lambda: scene.starts(bot))
    assert code == 0
    before = scene.key_of(bot)
    code, told = in_a_fork(lambda: scene.changes(bot, new, Steps(0, scene.die), *more))
    assert code == 0 and told[0] == 0, told
    assert in_a_fork(lambda: scene.starts(bot)) == (0, whole)
    wrong = []
    tried = range(1, told[2] + 1, share)
    for at in tried:
        wrong += [f"step {at}: {one}" for one in goes_on(bot, new, end, at, whole, before, *more)]
    return {"steps": told[2], "tried": len(tried), "wrong": wrong}


def goes_on(
    bot: Installation, new: str, end: str, at: int, whole: dict[str, Any], before: str, *more: str
) -> list[str]:
    """Return what went wrong after the process ended at this step."""
    wrong = []
    for call_first in (False, True):
        scene.renew(bot)
        code, told = in_a_fork(lambda: scene.changes(bot, new, Steps(at, ENDS[end]), *more))
        if end == "kill" and code != -9:
            wrong.append(f"it was not killed: {code}, {told}")
        if end == "full" and (code != 0 or "Traceback" in told[1]):
            wrong.append(f"a full disk is a bug to it: {told}")
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


if __name__ == "__main__":
    words = sys.argv[1:]
    found = main(Path(words[0]), words[1], words[2], words[3], int(words[4]), *words[5:])
    sys.stdout.write(json.dumps(found))
