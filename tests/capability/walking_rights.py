"""Things of every kind in a room, and every command typed at them: for `test_rights_walk.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.capability.feature import Command
from bot.lines import Line
from bot.run.app import features
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId, Trust

OTHER = RoomId("!other:test")
"""Where everybody is, whatever becomes of them in the room: they go on writing in private."""
PEOPLE = ("ana", "eva", "bea", "carla", "dora", "zoe")
LATER = ("SAFEHOUSE", "Dora")
"""What stands in the room's things only since somebody was put out."""
MADE = {
    "event": "!event Workshop in 3 days 19h seats: 9 shifts: 2 kitchen",
    "poll": "!poll Where? North, South open-options until in 5 days",
    "task": "!task paint the house in 4 days",
    "action": '!action "Letter to the mayor" "Write" "Call"',
    "resource": "!save accord We meet on Mondays",
    "offer": "!offer a van on Saturdays #transport",
    "need": "!need a projector #transport",
    "thing": "!lend projector",
    "reminder": "!remind in 2 days; bring the banner",
    "draft": "!draft charter: We share the bread",
    "amendment": "!amend charter 1: We share the water",
    "meeting": "!meeting start",
    "cohort": "!teams Course\nNorth: @carla:test\nSouth: @dora:test",
    "election": "!election Committee seats:1 candidacies until in 3 days, vote until in 6 days",
    "wish": "!rename Press",
    "announcement": "!announce We meet on Mondays with read",
    "measure": "!mute @zoe:test 2h insults",
}
"""A thing of each kind that the author makes, as it is typed."""
FORMS = {
    "change": ("{event} title: SWINDLE", "{event} place: false street"),
    "move": ("{event} in 6 days 20h",),
    "shifts": ("{event} 3 door", "{event}"),
    "attendees": ("{event}",),
    "visible": ("{event}", "{poll}"),
    "time": ("{event}",),
    "events-file": ("file {event}",),
    "event": ("{event}",),
    "close": ("{poll}",),
    "extend": ("{poll} until in 9 days",),
    "option": ("{poll} SWINDLE",),
    "vote": ("{poll} other: SWINDLE",),
    "results": ("{poll}",),
    "voters": ("{poll}",),
    "minutes": ("{poll}",),
    "export": ("{poll}",),
    "pick": ("{poll} 1",),
    "in-person": ("{poll} North:3 South:2",),
    "task": ("{task} tomorrow", "{task}", "{task} @bea:test"),
    "action": ("{action}",),
    "done": ("{task}", "{action} 1"),
    "update": ("{resource} SWINDLE",),
    "versions": ("{resource}",),
    "still right": ("{resource}",),
    "solved": ("{offer}", "{need}"),
    "interested": ("{offer}",),
    "lend": ("{thing} to @dora:test until in 3 days",),
    "borrow": ("{thing} until in 3 days",),
    "loans": ("{thing}",),
    "snooze": ("{reminder} 1h", "{event} 1h"),
    "meeting": ("{meeting}",),
    "teams": ("{cohort}", "{cohort} open"),
    "support": ("{wish}",),
    "lift": ("{measure}",),
    "alerts": ("{event}",),
    "no alerts": ("{event}",),
    "I agree": ("{poll}", "{amendment}"),
    "turn-down": ("{amendment}",),
    "draft": ("{draft}", "{draft} versions", "{draft}: SWINDLE"),
    "amend": ("{amendment}", "{amendment}: SWINDLE", "{draft} 1: SWINDLE"),
    "candidates": ("{election}",),
    "run": ("{election} SWINDLE",),
    "nominate": ("{election} @dora:test",),
    "step-down": ("{election}",),
    "translate": ("{poll} pt: SWINDLE", "{event} pt: SWINDLE", "{poll} es: SWINDLE"),
    "read": ("{announcement}",),
    "announcements": ("{announcement}",),
    "network": ("share {event}", "share {poll}"),
    "publish": ("{event}", "{announcement}", "{resource}"),
    "withdraw": ("{event}",),
}
"""What is typed behind a command beside its example, by the kinds that it takes."""
ALL_KINDS = ("cancel",)
OWN = ("forget-me", "self-destruct", "panic")
"""What ends the walk; each is about the person alone."""
VOLATILE = frozenset(
    {
        "seen",
        "posted",
        "question",
        "dialogue",
        "sent",
        "letter",
        "parked",
        "held",
        "member",
        "parted",
        "sqlite_sequence",
        "edit",
    }
)
KEYS = frozenset(
    {"item", "number", "draft", "poll", "cohort", "thing", "event", "task", "team", "meeting"}
)


@dataclass(slots=True)
class Walk:
    """A room in which the author made a thing of every kind."""

    talk: Talk
    author: str = "bea"
    made: dict[str, int] = field(default_factory=dict)
    cells: int = 0
    wrong: list[str] = field(default_factory=list)

    @classmethod
    async def begin(cls, path: Path, author: str = "bea", room: RoomId = ROOM) -> Walk:
        talk = await Talk.start(path, features(), language="en")
        power = {"ana": 60, "eva": 50}
        await talk.room(room, "Hall", PEOPLE, power, bot_power=100)
        await talk.room(OTHER, "Other", PEOPLE, {"ana": 60}, bot_power=100)
        walk = cls(talk, author)
        await walk.make(room)
        return walk

    async def make(self, room: RoomId = ROOM) -> None:
        await self.talk.says("ana", "!governance rename 2 moderators", room=room)
        await self.talk.says("ana", "yes", room=room)
        for kind, line in MADE.items():
            who = "ana" if kind in ("wish", "measure", "cohort", "announcement") else self.author
            before = await self.newest()
            await self.talk.says(who, line, room=room)
            await self.talk.sent()
            for _again in range(2):
                if await self.newest() > before:
                    break
                await self.talk.says(who, "yes", room=room)
                await self.talk.tells(who, "yes")
                await self.talk.sent()
            await self._note(kind, before, room)

    async def _note(self, kind: str, before: int, room: RoomId) -> None:
        async with self.talk.machine.db.reading() as tx:
            rows = await tx.all(
                "SELECT number, kind FROM item WHERE number > ? AND room = ?", before, room
            )
        for row in rows:
            self.made.setdefault(row["kind"], row["number"])
        assert kind in self.made, f"no {kind} was made"

    async def newest(self) -> int:
        async with self.talk.machine.db.reading() as tx:
            row = await tx.one("SELECT coalesce(max(number), 0) AS n FROM item")
        assert row is not None
        return int(row["n"])

    async def goes_on(self) -> None:
        """Life in the room after it: what whoever is not there any more must not learn."""
        event, poll, resource = (self.made[kind] for kind in ("event", "poll", "resource"))
        for who, line in (
            ("ana", f"!change {event} place: SAFEHOUSE"),
            ("dora", f"going {event}"),
            ("dora", f"!vote {poll} 1"),
            ("dora", f"take {event} kitchen"),
            ("ana", f"!update {resource} SAFEHOUSE on Mondays"),
            ("ana", f"!task {self.made['task']} @dora:test"),
        ):
            await self.talk.says(who, line)
            await self.talk.sent()

    # --- standing -------------------------------------------------------------------------------

    async def stands(self, who: str, standing: str) -> None:
        """Joined again, and then what became of them."""
        if standing == "muted":
            await self.talk.state(ROOM, "m.room.power_levels", self._levels(who, -1))
            return
        await self.talk.state(ROOM, "m.room.power_levels", self._levels(who, None))
        await self.talk.moves(who, Membership.JOIN)
        if standing == "left":
            await self.talk.moves(who, Membership.LEAVE)
        elif standing == "removed":
            await self.talk.moves(who, Membership.LEAVE, by="ana")
        elif standing == "banned":
            await self.talk.moves(who, Membership.BAN, by="ana")
        await self.talk.sent()

    def _levels(self, who: str, level: int | None) -> dict[str, dict[str, int]]:
        users: dict[str, int] = {user_id("ana"): 60, user_id("eva"): 50, self.talk.gateway.me: 100}
        return {"users": users | ({user_id(who): level} if level is not None else {})}

    # --- what is typed --------------------------------------------------------------------------

    def lines(self, command: Command, kinds: Iterable[str] | None = None) -> list[str]:
        """Its example, with the number of each kind that it takes, and what else is typed."""
        name = command.name.en
        if name in OWN:
            return []
        if name in ALL_KINDS:
            return [f"{name} {number}" for number in self.made.values()]
        found = [f"{name} {form.format(**self.made)}" for form in FORMS.get(name, ())]
        of = command.item_kinds or tuple(
            self.talk.machine.registry.features[command.feature].reply_handlers
        )
        numbers = [self.made[kind] for kind in kinds or of or self.made if kind in self.made]
        example = example_of(command)
        if "{number}" not in example:
            return [*found, example]
        return [*found, *(example.replace("{number}", str(n)) for n in numbers)]

    async def types(
        self, who: str, line: str, room: RoomId | None = None, trust: Trust = Trust.SIGNED
    ) -> str:
        """The line, a yes to what it asks, and then no more of it; what was said to the person."""
        said = ""
        for text in (line, "yes", "cancel"):
            place = room or await self.talk.private(who)
            await self.talk.says(who, text, room=place, trust=trust)
            posts = await self.talk.sent()
            said += "\n".join(p.plain for p in posts if p.room == place and text != "cancel")
            self._check_elsewhere(who, line, [p.room for p in posts], place, trust)
            if text == line and "yes" not in said:
                break
        return said

    def _check_elsewhere(
        self, who: str, line: str, to: Sequence[RoomId], place: RoomId, trust: Trust
    ) -> None:
        if trust is Trust.UNSIGNED and any(room != place for room in to):
            self.wrong.append(f"{who}: {line!r} left the room")

    # --- what changed ---------------------------------------------------------------------------

    async def rows(self, *, inside: bool, room: RoomId = ROOM) -> set[str]:
        """Every row about the room and its things; or every row about anything else."""
        found: set[str] = set()
        async with self.talk.machine.db.reading() as tx:
            tables = await tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")
            mine = await tx.all("SELECT number FROM item WHERE room = ?", room)
            numbers = {row["number"] for row in mine}
            for table in (row["name"] for row in tables):
                if table in VOLATILE or table.startswith("findable_"):  # the index of words
                    continue
                for row in await tx.all(f"SELECT * FROM {table}"):  # noqa: S608
                    keys = row.keys()
                    about = any(row[key] == room for key in keys) or any(
                        row[key] in numbers for key in keys if key in KEYS
                    )
                    if about is inside:
                        found.add(f"{table}: {tuple(row)}")
        return found


def example_of(command: Command) -> str:
    """The first thing in an example that can be typed, in English, with `{number}` left open."""
    values = {key: _plain(value) for key, value in command.example.values.items()}
    text = command.example.msgid
    for key, value in values.items():
        if key != "number":
            text = text.replace(f"{{{key}}}", value)
    match = re.search(r"`!?([^`]+)`", text)
    return (match[1] if match else command.name.en).replace("@ana:server.org", "@ana:test")


def _plain(value: object) -> str:
    return value.msgid if isinstance(value, Line) else str(value)
