"""A homeserver that lets some of a room's events arrive twice, late, and in another order."""

from __future__ import annotations

import base64
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from tests.real.proxy import SYNC, Answer, Call, Proxy, changed

LINK = "org.minga.link"
FATES = ("as it is", "twice", "late")
"""What becomes of three messages, in any order."""
LATE = (1, 4)
"""So many later ones go first."""
REPEATED = 4
"""So many old events come again with each answer of a sync that brings a new one."""


@dataclass
class Disorder:
    """What one bot says and hears in its link room. `done` counts what was done to it.

    `listen` before the room is there, `begin` once it is; `let_go` before the end.
    """

    proxy: Proxy
    chance: random.Random
    room: str = ""
    done: Counter[str] = field(default_factory=Counter)
    _held: list[tuple[int, Call]] = field(default_factory=list)
    _known: list[dict[str, Any]] = field(default_factory=list)
    _fates: list[str] = field(default_factory=list)
    _ending: bool = False

    def listen(self) -> None:
        """Which room the bot opens for a link, it says itself."""
        self.proxy.on(r"^POST \S*/createRoom", self._opened)

    def begin(self, room: str) -> None:
        self.room = room
        send = rf"^PUT \S*/rooms/{re.escape(quote(room, safe=''))}/send/m\.room\.encrypted/"
        self.proxy.on(send, self._sent)
        self.proxy.on(SYNC, changed(self._heard))

    async def let_go(self) -> None:
        """What is held back arrives now, in any order; from here on nothing more is."""
        self._ending = True
        await self._let_go(all_of_it=True)

    async def _opened(self, call: Call) -> Answer:
        answer = await call.forward()
        if LINK.encode() in call.body:
            self.room = answer.json["room_id"]
        return answer

    # --- what the bot says ------------------------------------------------------------------------

    async def _sent(self, call: Call) -> Answer:
        """As it is; twice, which is the same ciphertext in two events; or after later ones."""
        if not self._fates:
            self._fates = self.chance.sample(FATES, len(FATES))
        fate = self._fates.pop()
        if fate == "late" and self._ending:
            fate = "as it is"
        self.done[fate] += 1
        if fate == "late":
            self._held.append((self.chance.randint(*LATE), call))
            return Answer.of(200, {"event_id": _made_up(call.path)})
        answer = await call.forward()
        if fate == "twice":
            await replace(call, path=f"{call.path}-again", _answer=None).forward()
        await self._let_go()
        return answer

    async def _let_go(self, *, all_of_it: bool = False) -> None:
        held = [(left - 1, call) for left, call in self._held]
        self._held = [] if all_of_it else [one for one in held if one[0] > 0]
        due = [call for left, call in held if all_of_it or left <= 0]
        self.chance.shuffle(due)
        for call in due:
            await call.forward()

    # --- what it hears ----------------------------------------------------------------------------

    def _heard(self, sync: Any) -> None:
        """In another order, some of it again, and some again as if it were another event."""
        there = sync.get("rooms", {}).get("join", {}).get(self.room, {}).get("timeline", {})
        said = [e for e in there.get("events", []) if e["type"] == "m.room.encrypted"]
        if not said:
            return
        self._known += said
        again = [self.chance.choice(self._known) for _ in range(REPEATED)]
        twins = [one | {"event_id": _made_up(one["event_id"])} for one in again[::2]]
        there["events"] += again + twins
        self.chance.shuffle(there["events"])
        # After a restart the bot asks the homeserver for the last one: that one must exist.
        there["events"].append(self.chance.choice(said))
        self.done["heard again"] += len(again + twins)


def _made_up(of: str) -> str:
    """An id as servers make them (room versions 4 and later)."""
    return "$" + base64.urlsafe_b64encode(sha256(of.encode()).digest()).decode().rstrip("=")
