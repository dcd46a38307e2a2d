"""Protocols of the services that capabilities offer to each other.

A capability offers one with `@feature.service("name")`. Others ask `registry.services`, and if
nobody offers it, do without and say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.capability.context import Context
from bot.capability.feature import Answer
from bot.capability.search import FindableKind, SearchHit
from bot.delivery.effects import Callback, Effect
from bot.types import BotInvited, Line, Number, RoomId, UserId


class PendingService(Protocol):
    """Service `pending`: what is open in a room and until when, a line each."""

    async def __call__(self, ctx: Context, room: RoomId) -> list[Line]: ...


class SummaryService(Protocol):
    """Service `summary`: what newcomers to these rooms should know, for `ctx.who` in private.

    Decisions of the last 30 days, what comes next, where things are: a few lines below a heading,
    with the command for the rest. May be empty.
    """

    async def __call__(self, ctx: Context, rooms: Sequence[RoomId]) -> list[Line]: ...


class CancelService(Protocol):
    """Service `cancel:<kind>`: cancel an item, after asking where that is needed."""

    async def __call__(self, ctx: Context, item: object) -> Line: ...


class DoneService(Protocol):
    """Service `done:<kind>`: mark an item as done, for `!done` and its number."""

    async def __call__(self, ctx: Context, item: object) -> Answer: ...


class KindsService(Protocol):
    """Service `kinds`: the kinds of findable entries that this capability indexes."""

    async def __call__(self, ctx: Context) -> Mapping[str, FindableKind]: ...


class ListedService(Protocol):
    """Service `listed`: search results, a line each."""

    async def __call__(self, ctx: Context, found: Sequence[SearchHit]) -> list[Line]: ...


class SnoozeService(Protocol):
    """Service `snooze:<kind>`: delay the reminder of an item; `rest` says for how long."""

    async def __call__(self, ctx: Context, item: object, rest: str) -> Line: ...


class UnheardService(Protocol):
    """Service `unheard`: what a private line may be about that nothing else understood."""

    async def __call__(self, ctx: Context, text: str) -> list[Line]: ...


class StoppedService(Protocol):
    """Service `stopped:<dialogue>`: everything to say when a person stops that dialogue.

    What came of it, what is kept, how to go on. If empty, the bot says that nothing was changed.
    """

    async def __call__(self, ctx: Context) -> list[Line]: ...


class ChosenService(Protocol):
    """Service `chosen`: a room's setting changed, so that plans that depend on it must change."""

    async def __call__(self, ctx: Context, key: str, room: RoomId) -> None: ...


class ExportItemService(Protocol):
    """Service `export:<kind>`: an item as files, for `!export` and its number."""

    async def __call__(self, ctx: Context, item: object) -> list[Line | Effect]: ...


class ExportThemeService(Protocol):
    """Service `export_theme`: everything with a theme (`#health`), or all (`library`), as files.

    Returns None if the text names none of it.
    """

    async def __call__(self, ctx: Context, text: str) -> Answer: ...


class ForgetService(Protocol):
    """Service `forget`: delete everything about a person; totals stay without the name.

    Call `bot/capability/erasure.py`, which also deletes the core's data.
    """

    async def __call__(self, ctx: Context, person: UserId) -> list[Line]: ...


class KeptService(Protocol):
    """Service `kept`: what is kept in this room and for how long, a line each, for `!privacy`."""

    async def __call__(self, ctx: Context) -> list[Line]: ...


class ExportPersonService(Protocol):
    """Service `export`: everything kept about a person, for that person, a line each."""

    async def __call__(self, ctx: Context, person: UserId) -> list[Line]: ...


class LanguageService(Protocol):
    """Service `language`: the person chose their language; repeat in it what awaits their
    answer.
    """

    async def __call__(self, ctx: Context) -> list[Line]: ...


class AwaitsService(Protocol):
    """Service `awaits`: may this person, who shares no room with the bot, write to it in private?

    A capability that says yes makes the bot leave `room` if nothing comes of it.
    """

    async def __call__(self, ctx: Context, person: UserId, room: RoomId) -> bool: ...


class InvitationService(Protocol):
    """Service `invitation`: handle an invitation, or return None if it is not for this
    capability.
    """

    async def __call__(self, ctx: Context, what: BotInvited) -> Answer: ...


class ScheduleService(Protocol):
    """Service `schedule`: make an event of a decision and return the answer.

    A start at midnight in the room's zone means a day without a time.
    """

    async def __call__(
        self, ctx: Context, title: str, start: datetime, room: RoomId, author: UserId
    ) -> list[Line | Effect]: ...


class TaskService(Protocol):
    """Service `task`: create a task from a line of a meeting's minutes and return its number.

    Unclear parts are asked of the line's author in private. `cancel:task` cancels it.
    """

    async def __call__(self, ctx: Context, text: str, room: RoomId) -> Number: ...


class TasksService(Protocol):
    """Service `tasks`: these tasks, or without numbers the room's open ones, a line each."""

    async def __call__(
        self, ctx: Context, room: RoomId, numbers: Sequence[Number] | None
    ) -> list[Line]: ...


class DoersService(Protocol):
    """Service `doers`: the people assigned to these tasks."""

    async def __call__(self, ctx: Context, numbers: Sequence[Number]) -> list[UserId]: ...


class MinutesService(Protocol):
    """Service `minutes:<kind>`: an ended item in full, where it may be read."""

    async def __call__(self, ctx: Context, item: object) -> Answer: ...


class AskService(Protocol):
    """Service `ask`: have the room vote on a person's question; without options, for or against.

    Returns the answer. Raises `UserError` and `AnswerNeeded` as a command does.
    """

    async def __call__(
        self, ctx: Context, question: str, options: Sequence[str], closes: datetime
    ) -> Answer: ...


class DecidedService(Protocol):
    """Service `decided`: what a room decided between two times, oldest first, a line each."""

    async def __call__(
        self, ctx: Context, room: RoomId, since: datetime, until: datetime
    ) -> list[Line]: ...


class AreaService(Protocol):
    """Service `area`: the rooms of the area with this name; empty if there is none."""

    async def __call__(self, ctx: Context, name: str) -> list[RoomId]: ...


class AgreedService(Protocol):
    """Service `agreed`: which of the network's rules this person accepted, or None."""

    async def __call__(self, ctx: Context, person: UserId) -> Line | None: ...


class CareTeamService(Protocol):
    """Service `care_team`: who is told of people in need; at least the network's moderators."""

    async def __call__(self, ctx: Context) -> list[UserId]: ...


class DecisionResult(StrEnum):
    """The result of a proposal, for the capability that carries it out."""

    PASSED = "passed"
    FAILED = "failed"
    OPEN = "open"  # no votes, or no quorum: nothing was decided
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that a capability asks a room for, and the callback that carries it out.

    `then` is scheduled once, in the transaction in which the decision ends; its payload has `poll`
    (the number) and `result` (a `DecisionResult`). `first` is said above the proposal and is not
    recorded, so it may name people. `kind`, `majority` and `quorum` are written as people write
    them (`consent`, `2/3` or `absolute`, `20%`). `remind`: people who have not voted are reminded
    in private. `members`: everybody in the room votes, and no moderator can cancel it, change its
    end or add to the count. With `options`, `kind` is one of a poll (`choice`, `score`, `dots`),
    `most` is how many each may choose and `points` how many each may give. `fixed`: other networks
    vote on it too, so its end and options can't be changed.
    """

    room: RoomId
    title: Line
    closes: datetime
    then: Callback
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


class ProposeService(Protocol):
    """Service `propose`: open a decision as the bot; returns its number and effects.

    Nobody can end it early while votes are missing. Raises `UserError` if nobody could vote.
    """

    async def __call__(self, ctx: Context, proposal: Proposal) -> tuple[Number, list[Effect]]: ...


class VotableService(Protocol):
    """Service `votable`: raises `UserError` if nobody could vote on this proposal."""

    async def __call__(self, ctx: Context, proposal: Proposal) -> None: ...


class WithdrawService(Protocol):
    """Service `withdraw`: end a decision without result and say why; its callback does not run."""

    async def __call__(self, ctx: Context, number: Number, why: Line) -> list[Effect]: ...


class ModeratorsService(Protocol):
    """Service `moderators`: who moderates a room by a role and not by power."""

    async def __call__(self, ctx: Context, room: RoomId) -> list[UserId]: ...


class IntoAreaService(Protocol):
    """Service `into_area`: put a room into an area, which may be new; returns the area's name.

    Without a room nothing is changed. Raises `UserError` unless `ctx.who` moderates a room of it or
    will moderate one in `soon`, which the bot has just created for them.
    """

    async def __call__(
        self, ctx: Context, name: str, room: RoomId | None, soon: frozenset[RoomId]
    ) -> str: ...


class RestoredService(Protocol):
    """Service `restored`: the database is a copy from `made`; later changes are lost.

    Called once, before anything is handled or due. Messages to a room are placed below the notice
    of the restore.
    """

    async def __call__(self, ctx: Context, made: datetime) -> list[Effect]: ...


class MoveService(Protocol):
    """Service `move`: move this capability's data to the room that replaced another one.

    Items and jobs are moved already. Messages must name their room, because plain lines go to the
    old one.
    """

    async def __call__(self, ctx: Context, old: RoomId, new: RoomId) -> list[Effect]: ...


class ProfileService(Protocol):
    """Service `profile`: what a person says of themselves and lets `viewer` see, by part.

    The parts are `name`, `pronouns`, `organisation`, `place`, `languages` and `themes`. They are
    self-declared: no right, vote or weight may depend on them.
    """

    async def __call__(
        self, ctx: Context, person: UserId, viewer: UserId
    ) -> Mapping[str, tuple[str, ...]]: ...


class WithProfileService(Protocol):
    """Service `with_profile`: who has `words` in a part (`themes`, `place` …) visible to `viewer`.

    At most `most` people, never the viewer.
    """

    async def __call__(
        self, ctx: Context, part: str, words: str, viewer: UserId, most: int
    ) -> list[UserId]: ...


class CalledService(Protocol):
    """Service `called`: the name by which a person wants to be greeted in private, or None."""

    async def __call__(self, ctx: Context, person: UserId) -> str | None: ...
