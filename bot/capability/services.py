"""Protocols of the services that capabilities offer to each other.

A capability offers one with `@feature.offers(SERVICE)`. Others ask `registry.offers(SERVICE)`, and
if nobody offers it, do without and say so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.capability.data.search import FindableKind
from bot.capability.feature import Answer
from bot.capability.service import KindService, Service
from bot.delivery.effects import Callback, Effect
from bot.lines import Line
from bot.types import BotInvited, Number, RoomId, UserId
from storage.items import Item
from storage.log import LogEntry

PENDING = Service[[RoomId], list[Line]]("pending")
"""What is open in a room and until when, a line each."""

PENDING_OF_KIND = KindService[[RoomId], list[Line]]("pending")
"""The same where all of it is open items of one kind: not asked of a room that shows none."""

SUMMARY = Service[[Sequence[RoomId]], list[Line]]("summary")
"""What newcomers to these rooms should know, for `ctx.who` in private.

Decisions of the last 30 days, what comes next, where things are: a few lines below a heading,
with the command for the rest. May be empty.
"""

CANCEL = KindService[[Item], Answer]("cancel")
"""Cancel an item, after asking where that is needed."""

FINISH = KindService[[Item], str | None]("finish")
"""The command line that `done 57` stands for: `returned 57` for a loan.

None if this person can't finish the item or may not know of it.
"""

TAKE_ON = KindService[[Item], str | None]("take on")
"""The command line that `on it 57` stands for: `attend 57` for an incident.

None if it isn't this person's to take on or they may not know of it.
"""

WAITING_NUMBERS = Service[[], Sequence[Number]]("waiting numbers")
"""The items that wait for `ctx.who` to take them on."""

FINDABLE_KINDS = Service[[], Mapping[str, FindableKind]]("kinds")
"""The kinds of findable entries that this capability indexes."""

SNOOZE = KindService[[Item, str], Line]("snooze")
"""Delay the reminder of an item; `rest` says for how long."""

UNMATCHED_LINES = Service[[str], list[Line]]("unheard")
"""What a private line may be about that nothing else understood."""

DONE_LINES = Service[[str], list[Line]]("already answered")
"""What a `yes` or `no` in private that no question waits for has settled shortly before."""

STOP_LINES = KindService[[Mapping[str, Any]], list[Line]]("stopped")
"""What a person reads who stops that dialogue, given the data that it began with: what came of it,
what is kept, how to go on. If empty, the bot says that nothing was changed."""

LATE_LINES = KindService[[str], list[Line]]("late")
"""How a person can still say what came too late for that dialogue's question, given the answer."""

SETTING_CHANGED = Service[[str, RoomId], None]("chosen")
"""A room's setting changed, so that plans that depend on it must change."""

ITEM_RESULTS = KindService[[Item], Answer]("item results")
"""How an item stands or what came of it, for `!results` and its number."""

ITEM_CLOSE = KindService[[Item], Answer]("item close")
"""End an item now, for `!close` and its number."""

EXPORT_ITEM = KindService[[Item], Answer]("export")
"""An item as files, for `!export` and its number."""

EXPORT_THEME = Service[[str], Answer]("export_theme")
"""Everything with a theme (`#health`), or all (`library`), as files; None if it names none."""

FORGET = Service[[UserId], list[Line]]("forget")
"""Delete of a person what `feature.rows(…)` can't declare; totals stay without the name. It runs
before the declared rows are deleted. Call `bot/capability/data/erasure.py` for all."""

ITEM_READERS = Service[[Item], list[Line]]("item readers")
"""Who can see an item besides the people of its rooms, a line each, for `!visible`."""

NETWORK_WIDE = KindService[[Item], bool]("network wide")
"""Is the item shown to everybody who shares a room with the bot?"""

RETENTION_LINES = Service[[], list[Line]]("kept")
"""What is kept in this room and for how long, a line each, for `!privacy`."""

EXPORT_PERSON = Service[[UserId], list[Line]]("export")
"""Everything kept about a person, for that person, a line each."""

LANGUAGE_CHOSEN = Service[[], list[Line]]("language")
"""The person chose their language; repeat in it what awaits their answer."""

EXPECTS_PERSON = Service[[UserId, RoomId], bool]("awaits")
"""May this person, who shares no room with the bot, write to it in private?

A capability that says yes makes the bot leave `room` if nothing comes of it.
"""

PEOPLE_EXPECTED = Service[[Sequence[UserId]], set[UserId]]("expected")
"""These people are on a list of expected people now: let in who waits already.

Returns those whom the capability will let in.
"""

INVITATION = Service[[BotInvited], Answer]("invitation")
"""Handle an invitation, or return None if it is not for this capability."""

ROOM_ENTERED = Service[[RoomId, UserId], list[Line]]("entered")
"""The bot came into a room of the network, brought by this person; what it says of it there."""

WELCOMERS_NAMED = Service[[RoomId, Sequence[UserId]], list[Line]]("welcomers")
"""These people are to welcome who comes into a room. Returns what whoever named them reads."""

CREATE_EVENT = Service[[str, datetime, RoomId, UserId], list[Line | Effect]]("schedule")
"""Make an event of a decision and return the answer.

A start at midnight in the room's zone means a day without a time.
"""

CREATE_TASK = Service[[str, RoomId], Number]("task")
"""Create a task from a line of a meeting's minutes and return its number.

Unclear parts are asked of the line's author in private. `cancel:task` cancels it.
"""

TASK_LINES = Service[[RoomId, Sequence[Number] | None], list[Line]]("tasks")
"""These tasks, or without numbers the room's open ones, a line each."""

TASK_PEOPLE = Service[[Sequence[Number]], list[UserId]]("doers")
"""The people assigned to these tasks."""

MINUTES = KindService[[Item], Answer]("minutes")
"""An ended item in full, where it may be read."""

ASK_ROOM = Service[[str, Sequence[str], datetime], Answer]("ask")
"""Have the room vote on a person's question; without options, for or against.

Returns the answer. Raises `UserError` and `AnswerNeeded` as a command does.
"""

DECISION_LINES = Service[[RoomId, datetime, datetime], list[Line]]("decided")
"""What a room decided between two times, oldest first, a line each."""


AREA_ROOMS = Service[[str], list[RoomId]]("area")
"""The rooms of the area with this name; empty if there is none."""

ACCEPTED_RULES = Service[[UserId], Line | None]("agreed")
"""Which of the network's rules this person accepted, or None."""

CARE_TEAM = Service[[], list[UserId]]("care_team")
"""Who is told of people in need; at least the network's moderators."""


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
    vote on it too, so its end and options can't be changed. `fewest` must be on the roll.
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
    fewest: int = 0


PROPOSE = Service[[Proposal], tuple[Number, list[Effect]]]("propose")
"""Open a decision as the bot; returns its number and effects.

Nobody can end it early while votes are missing. Raises `UserError` if nobody could vote.
"""


@dataclass(frozen=True, slots=True)
class DecidableText:
    """A text that a room can decide on by its name, which `!proposal` opens for whoever types it.

    `title` becomes the question; the effects `before` and the lines `first` are posted above it.
    `then` is scheduled as that of a `Proposal` is.
    """

    title: Line
    then: Callback
    first: tuple[Line, ...] = ()
    before: tuple[Effect, ...] = ()


TEXT_TO_DECIDE = Service[[str], DecidableText | None]("text to decide")
"""The text that the words behind `!proposal` name in `ctx.place`, or None.

Raises `UserError` if the room can't decide on it now.
"""

CHECK_VOTABLE = Service[[Proposal], None]("votable")
"""Raises `UserError` if nobody, or fewer than `fewest`, could vote."""

WITHDRAW = Service[[Number, Line], list[Effect]]("withdraw")
"""End a decision without result and say why; its callback does not run."""

MODERATORS = Service[[RoomId], list[UserId]]("moderators")
"""Who moderates a room by a role and not by power."""

ADD_TO_AREA = Service[[str, RoomId | None, frozenset[RoomId]], str]("into_area")
"""Put a room into an area, which may be new; returns the area's name.

Without a room nothing is changed. Raises `UserError` unless `ctx.who` moderates a room of it or
will moderate one in `soon`, which the bot has just created for them.
"""

ROOM_REENTERED = Service[[RoomId, datetime], list[Effect]]("reentered")
"""The bot is back in a room of the network that somebody took it out of at this moment (UTC), and
has read nothing of what was written there meanwhile. Returns what to send."""

AFTER_RESTORE = Service[[datetime], list[Effect]]("restored")
"""The database is a copy from `made`; later changes are lost.

Called once, before anything is handled or due. Messages to a room are placed below the notice
of the restore.
"""

MOVE_ROOM = Service[[RoomId, RoomId], list[Effect]]("move")
"""Do more for the room that replaced another one than to move the rows of `feature.rows(…)`.

Those, items and jobs are moved already. Messages must name their room, because plain lines go to
the old one.
"""

PEOPLE_WITH_PROFILE = Service[[str, str, UserId, int], list[UserId]]("with_profile")
"""Who has `words` in a part (`themes`, `place` …) visible to `viewer`.

At most `most` people, never the viewer.
"""

GREETING_NAME = Service[[UserId], str | None]("called")
"""The name by which a person wants to be greeted in private, or None."""

ARRIVAL_LINES = Service[[UserId], list[Line]]("arrival")
"""What somebody who is new in the network reads before any help; nothing for everybody else."""

HELLO_LINES = Service[[], list[Line]]("hello")
"""What whoever greets the bot in private can do now, the likeliest first; at most three lines, or
the whole help of somebody who is new."""

DESCRIBE_LOG_ENTRY = Service[[LogEntry], Line | None]("describe")
"""An entry of the log as a sentence that `feature.log_line(…)` can't declare, or None."""

STOP_SHARING = KindService[[Number], None]("apart")
"""Stop sharing an item of this kind, so that it can be changed as any other."""

CHANGE_ITEM = KindService[[Item, str], Answer]("change")
"""Change the words of an item of this kind; `rest` is what stands behind its number."""

OPEN_CALL_LINES = Service[[], list[Line]]("calls")
"""How a call for help of theirs that is open stands, whatever they said no to; else none."""

ADD_TO_OPEN_CALL = Service[[str], Answer]("add to call")
"""Pass on a private line of somebody whose call for help is open; None if they have none."""

END_OPEN_CALL = Service[[str], Answer]("end call")
"""End the open call for help of somebody who says in a room that it is over; None if it is not."""

SOUNDS_UNWELL = Service[[str], bool]("sounds unwell")
"""Whether a private line of somebody who is waited for says that they are not well."""

ENDS_ALARM = Service[[str], bool]("ends alarm")
"""Whether a private line ends or moves an alarm of the person: `I am back`, `30 min more`."""

OUTING_LINES = Service[[], list[Line]]("outing")
"""What somebody who goes alone, or to meet whom they don't trust, can do beforehand."""

ADVICE_LINES = KindService[[], list[Line]]("advice")
"""What helps at once: `lost device`; `lost account`, who warns of one in foreign hands;
`forgetting`; `reported`, if nobody reads along; `confidence`, for few; `removal`, for moderators;
`secret vote`, how."""
