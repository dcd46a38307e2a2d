"""Protocols of the services for what linked networks share and decide together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.capability.service import KindService, Service
from bot.delivery.effects import Callback, Effect
from bot.lines import Line
from bot.types import Number, RoomId, UserId


@dataclass(frozen=True, slots=True)
class JointBallot:
    """A vote that other networks hold too. Fields not given here are those of `Proposal`.

    `kind`: `majority` or `consent` (for or against), or with options `choice`, `score`, `dots` or
    `ranked`. `majority` and `quorum` are exact: `2/3` or `absolute`; a quorum may be a number of
    people too. `fewest`: of fewer people's votes no sums may leave a network, else 0.
    """

    title: str
    closes: datetime
    kind: str = "majority"
    majority: str = ""
    quorum: str = ""
    options: tuple[str, ...] = ()
    most: int = 1
    points: int = 0
    fewest: int = 0


@dataclass(frozen=True, slots=True)
class Tally:
    """The result of a vote. `weight` is that of the whole roll.

    `counts` has the keys `for`, `against` and `abstain` (by consent `aside` and `block` too), or an
    option's position (`1`), or where people put them in order each pair (`1>2`). `outcome` is a
    choice's key, or empty. `people`: how many different people cast the votes that count, which are
    fewer where somebody answers for several.
    """

    roll: int
    weight: int
    turnout: int
    counts: Mapping[str, int]
    outcome: str
    people: int


JOINT_VOTE = KindService[[Number, Callback], JointBallot]("together")
"""Open a vote to other networks and return its terms.

`then` is called back when it ends, and the vote can't be changed any more. Raises `UserError`
if it can't be shared.
"""


SEALED_AT = Service[[Number], datetime | None]("sealed at")
"""When the counts of a poll of ours are sealed for other networks (UTC), or None if they aren't.

Its result is told no earlier, so that nobody knows it who could still send in a vote cast in time.
"""
TALLY = KindService[[Number], Tally | None]("tally")
"""The result, or None while the vote is open or if it was cancelled."""


@dataclass(frozen=True, slots=True)
class SharedItem:
    """The part of an item that goes to other networks, and the lines that show it. It names nobody.

    `words` are all texts in it that people wrote. If a moderator accepted them and only other parts
    change (a date), the change is shown at once; other texts wait for a moderator. None: all of it.
    """

    title: str
    body: Mapping[str, str]
    lines: tuple[Line, ...]
    words: tuple[str, ...] | None = None


SHARE = KindService[[Number], SharedItem]("share")
"""The item as other networks get it. Raises `UserError` if it can't
be shared.
"""


SOLE_SHARER = KindService[[Number], UserId]("whose")
"""The person who alone may share an item of this kind."""


PARSE_SHARED = KindService[[Mapping[str, str]], SharedItem]("peek")
"""Parse what another network wants to share; `body` is untrusted.

Raises `UserError` if it can't be stored.
"""


STORE_SHARED = KindService[
    [Mapping[str, str], RoomId, str, Number | None, Callable[[Number], Awaitable[None]]],
    list[Line | Effect],
]("receive")
"""Store it as an item of `room`, or update the existing `copy`.

`origin` is the network's name. `mark` gets a new item's number before anything is said of it.
Raises `UserError` if it can't be stored.
"""


WITHDRAW_SHARED = KindService[[Number, str], list[Line | Effect]]("recede")
"""Handle our copy after the network that shared it withdrew it."""


REACH_AUTHOR = Service[[Number, tuple[Line, ...], str], list[Line | Effect] | None]("reach")
"""Ask an item's network to contact its author, who stays unnamed.

`ctx.who` is asked first, after `lead`; `note` goes along. Returns the answer, or None if they
said no. Raises `UserError` if it is not possible.
"""


CONTACT_FOR_ITEM = KindService[[Number, str], tuple[UserId, Line, Line]]("approach")
"""Whom somebody of another network wants to reach about our item.

Returns the person, what they are told, and how to block that network. Raises `UserError` if
they must not be asked.
"""


LINKED_NETWORKS = Service[[], list[str]]("linked")
"""The names of the networks linked with ours."""


ITEM_CHANGED = Service[[Number], None]("altered")
"""An item or the number of its participants changed."""


PARTICIPANT_TOTALS = KindService[[Number], Mapping[str, int]]("totals")
"""How many take part in an item, by a few fixed words."""


REFRESH_MESSAGES = KindService[[Number], None]("retell")
"""Refresh what is said about an item that did not change itself."""


SHARING_CHANGED = KindService[[Number], None]("reshared")
"""The networks with which an item is shared changed."""


REMOTE_COUNT_LINES = Service[[Number], list[Line]]("elsewhere")
"""What other networks reported about our item, a line for each."""


ORIGIN_NETWORK = Service[[Number], Line | None]("origin")
"""The network that our item came from, or None if it is our own."""


ITEM_DELETED = Service[[Number], None]("gone")
"""An item is about to be deleted, so networks that have it must delete it
too.
"""


ITEM_NAMED = Service[[str], Number | None]("item_named")
"""The item with this name (`#name`), or None."""
