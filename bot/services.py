"""What capabilities do for each other: the services one may offer and another may ask for.

A capability offers one with `@feature.service("name")`; whoever needs it asks `registry.services`
and does without, and says so, where nobody offers it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.context import Context
from bot.effects import Effect, Then
from bot.feature import Answer
from bot.finding import Found, Kind
from bot.types import Invited, Line, Number, RoomId, UserId


class Pending(Protocol):
    """`pending`: what is open in a room and until when, a line each."""

    async def __call__(self, ctx: Context, room: RoomId) -> list[Line]: ...


class Summary(Protocol):
    """`summary`: what whoever comes into these rooms now should know, for `ctx.who` in private.

    What was decided in the last 30 days, what comes, where things are: the newest or next few, a
    line each beneath one that says what they are, and how to see the rest. None at all is fine.
    """

    async def __call__(self, ctx: Context, rooms: Sequence[RoomId]) -> list[Line]: ...


class Cancel(Protocol):
    """`cancel:<kind>`: take back an item of that kind, after asking where it is needed."""

    async def __call__(self, ctx: Context, item: object) -> Line: ...


class Done(Protocol):
    """`done:<kind>`: an item of that kind is settled, for `!done` and its number."""

    async def __call__(self, ctx: Context, item: object) -> Answer: ...


class Kinds(Protocol):
    """`kinds`: which kinds of `finding.Findable` this capability puts into the index."""

    async def __call__(self, ctx: Context) -> Mapping[str, Kind]: ...


class Listed(Protocol):
    """`listed`: things that were found as the search shows them, a line each."""

    async def __call__(self, ctx: Context, found: Sequence[Found]) -> list[Line]: ...


class Snooze(Protocol):
    """`snooze:<kind>`: put off the reminder of an item of that kind; `rest` says for how long."""

    async def __call__(self, ctx: Context, item: object, rest: str) -> Line: ...


class Unheard(Protocol):
    """`unheard`: a line in private that answers nothing and is no command: what it may be about."""

    async def __call__(self, ctx: Context, text: str) -> list[Line]: ...


class Stopped(Protocol):
    """`stopped:<dialogue>`: all that is said when a person stops that dialogue.

    What came of it, what is kept, how to go on; with nothing, that nothing was changed.
    """

    async def __call__(self, ctx: Context) -> list[Line]: ...


class Chosen(Protocol):
    """`chosen`: a room's setting has another value now; what was planned by the old one changes."""

    async def __call__(self, ctx: Context, key: str, room: RoomId) -> None: ...


class Exported(Protocol):
    """`export:<kind>`: an item of that kind as files, for `!export` and its number."""

    async def __call__(self, ctx: Context, item: object) -> list[Line | Effect]: ...


class ExportTheme(Protocol):
    """`export_theme`: what has a theme (`#health`), or all there is (`library`), as files.

    None where the words behind `!export` mean none of it.
    """

    async def __call__(self, ctx: Context, text: str) -> Answer: ...


class Forget(Protocol):
    """`forget`: take out everything held about a person; totals stay without the name.

    `bot/forgetting.py` asks for it and takes out what the machine keeps: ask there.
    """

    async def __call__(self, ctx: Context, person: UserId) -> list[Line]: ...


class Kept(Protocol):
    """`kept`: what is kept here for how long, a line each, for `!privacy`."""

    async def __call__(self, ctx: Context) -> list[Line]: ...


class Export(Protocol):
    """`export`: everything held about a person, for that person to read, a line each."""

    async def __call__(self, ctx: Context, person: UserId) -> list[Line]: ...


class Language(Protocol):
    """`language`: the person chose their language; what waits for their answer is said in it."""

    async def __call__(self, ctx: Context) -> list[Line]: ...


class Awaits(Protocol):
    """`awaits`: may this person, who shares no room with the bot, write to it in private?

    Who says yes sees to it that the bot leaves `room` if nothing comes of it.
    """

    async def __call__(self, ctx: Context, person: UserId, room: RoomId) -> bool: ...


class Invitation(Protocol):
    """`invitation`: is this invitation for this capability? What is done, or None if it isn't."""

    async def __call__(self, ctx: Context, what: Invited) -> Answer: ...


class Schedule(Protocol):
    """`schedule`: make an event of something that was decided; what is said and done about it.

    A start at midnight of the room's zone is a day without an hour.
    """

    async def __call__(
        self, ctx: Context, title: str, start: datetime, room: RoomId, author: UserId
    ) -> list[Line | Effect]: ...


class Task(Protocol):
    """`task`: keep who does what by when, as a line of a meeting in this room says it; its number.

    What is doubtful is asked of who wrote it, in private. `cancel:task` takes it back.
    """

    async def __call__(self, ctx: Context, text: str, room: RoomId) -> Number: ...


class Tasks(Protocol):
    """`tasks`: these tasks, or without numbers what is open in the room, a line each."""

    async def __call__(
        self, ctx: Context, room: RoomId, numbers: Sequence[Number] | None
    ) -> list[Line]: ...


class Doers(Protocol):
    """`doers`: whoever is to do one of these tasks."""

    async def __call__(self, ctx: Context, numbers: Sequence[Number]) -> list[UserId]: ...


class Minutes(Protocol):
    """`minutes:<kind>`: an item of that kind in full, once it is over, to where it may be read."""

    async def __call__(self, ctx: Context, item: object) -> Answer: ...


class Ask(Protocol):
    """`ask`: have the room vote on a person's question until then; no options: for or against.

    What is to be said and done; it raises `UserError` and asks as a command does.
    """

    async def __call__(
        self, ctx: Context, question: str, options: Sequence[str], closes: datetime
    ) -> Answer: ...


class DecidedBetween(Protocol):
    """`decided`: what a room decided between two times, a line each, the oldest first."""

    async def __call__(
        self, ctx: Context, room: RoomId, since: datetime, until: datetime
    ) -> list[Line]: ...


class Area(Protocol):
    """`area`: the rooms of the area of this name; none if there is no such area."""

    async def __call__(self, ctx: Context, name: str) -> list[RoomId]: ...


class Agreed(Protocol):
    """`agreed`: which of the network's rules this person accepted, for them; None: none."""

    async def __call__(self, ctx: Context, person: UserId) -> Line | None: ...


class CareTeam(Protocol):
    """`care_team`: who is to hear of whoever needs help; the network's moderators at the least."""

    async def __call__(self, ctx: Context) -> list[UserId]: ...


class Decided(StrEnum):
    """What came out of a proposal, for whoever carries it out."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"  # nobody voted, or fewer than must: nothing was decided
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a capability has a room decide, and the job of its own that carries it out.

    `then` is written in the transaction in which it ends, once; its payload has `poll`, the
    number, and `result`, a `Decided`. `first` is said above the proposal and stands in no record:
    there a person may be named. `kind`, `majority` and `quorum` are written as people do
    (`consent`, `2/3` or `absolute`, `20%`). `remind`: who has not voted gets the room's reminder in
    private.
    `members`: it is the members' own: every person of the room votes, and no moderator takes it
    back, moves its end or adds to what was counted. With `options`, `kind` is one of polls
    (`choice`, `score`, `dots`), `most` how many each may choose, `points` what each may give.
    `fixed`: others vote on the same, so neither its end nor its options are changed here.
    """

    room: RoomId
    title: Line
    closes: datetime
    then: Then
    first: tuple[Line, ...] = ()
    kind: str = "majority"
    majority: str = ""
    quorum: str = ""
    remind: bool = True
    members: bool = False
    options: tuple[str, ...] = ()
    most: int = 1
    points: int = 0
    fixed: bool = False


class Propose(Protocol):
    """`propose`: open a decision of a room in the bot's name; its number, and what is to be done.

    Nobody ends it before its date while votes are missing. Raises `UserError` if nobody could vote.
    """

    async def __call__(self, ctx: Context, proposal: Proposal) -> tuple[Number, list[Effect]]: ...


class Votable(Protocol):
    """`votable`: could this be proposed? Raises `UserError` for words that nobody could vote on."""

    async def __call__(self, ctx: Context, proposal: Proposal) -> None: ...


class Withdraw(Protocol):
    """`withdraw`: end such a decision without a result and say why; its job does not run."""

    async def __call__(self, ctx: Context, number: Number, why: Line) -> list[Effect]: ...


class Moderators(Protocol):
    """`moderators`: who moderates a room by a role that it gave them, and not by power."""

    async def __call__(self, ctx: Context, room: RoomId) -> list[UserId]: ...


class IntoArea(Protocol):
    """`into_area`: put a room into the area of this name, which may be new; how it is called.

    Without a room only look. Raises `UserError` if `ctx.who` moderates no room of it, nor will
    those in `soon`, which the bot opened for them.
    """

    async def __call__(
        self, ctx: Context, name: str, room: RoomId | None, soon: frozenset[RoomId]
    ) -> str: ...


class Restored(Protocol):
    """`restored`: the database is a copy made at `made`; what was done after that is unknown.

    Called once, before anything is handled or falls due. What is said to a room stands beneath
    the sentence that tells it of the restore.
    """

    async def __call__(self, ctx: Context, made: datetime) -> list[Effect]: ...


class Move(Protocol):
    """`move`: a room goes on in another one, with all items and jobs; what else goes along?

    What is to be said names its room: a bare line would go to the old one.
    """

    async def __call__(self, ctx: Context, old: RoomId, new: RoomId) -> list[Effect]: ...


class Profile(Protocol):
    """`profile`: what a person says of themselves and lets `viewer` see, by part.

    The parts are `name`, `pronouns`, `organisation`, `place`, `languages` and `themes`. It is what
    they say: no right, no vote and no weight may hang on any of it.
    """

    async def __call__(
        self, ctx: Context, person: UserId, viewer: UserId
    ) -> Mapping[str, tuple[str, ...]]: ...


class WithProfile(Protocol):
    """`with_profile`: who has `words` in a part (`themes`, `place` …) and lets `viewer` see it.

    At most `most` people, never the viewer; whoever hides the part is not among them.
    """

    async def __call__(
        self, ctx: Context, part: str, words: str, viewer: UserId, most: int
    ) -> list[UserId]: ...


class Called(Protocol):
    """`called`: the name by which a person lets the bot greet them in private; None: by none."""

    async def __call__(self, ctx: Context, person: UserId) -> str | None: ...
