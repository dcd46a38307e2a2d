"""A room, its people and what they may do to its powers, for walks at random (`test_walk.py`).

The rules are kept here a second time, in the plainest words, so that what the bot does can be held
against them: whatever changed must have its reason among what people said, voted and supported.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.testing.talk import Talk, user_id
from bot.types import Membership, RoomId

PEOPLE = ("ana", "bea", "carla", "dani", "eva")
POWERS, NAME = "m.room.power_levels", "m.room.name"
MEMBERS = {"how": "room", "quorum": 20, "majority": "", "kind": "majority"}
ALONE = {"how": "alone", "count": 1}

State = dict[str, Any]


@dataclass(slots=True)
class Ballot:
    """A decision as people see it: who may vote, and how they did."""

    roll: frozenset[str]
    rules: list[Mapping[str, Any]]
    """By one of these it is counted."""
    votes: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class Walk:
    """One room's story. `told` is for whoever has to read why a walk failed."""

    talk: Talk
    room: RoomId
    told: list[str] = field(default_factory=list)
    ballots: dict[int, Ballot] = field(default_factory=dict)
    yes: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    urgent: dict[str, Any] = field(default_factory=dict)
    """What was done urgently and is not confirmed: the value before, by what it is of."""

    # --- doing ------------------------------------------------------------------------------------

    async def says(self, who: str, line: str) -> None:
        """A command, and a yes to whatever is asked back."""
        self.told.append(f"{who}: {line}")
        await self.talk.says(who, line, room=self.room)
        await self.talk.says(who, "sí", room=self.room)
        posts = await self.talk.sent()
        self.told += [f"    {p.kind}: {p.plain or dict(p.content)}" for p in posts]

    async def votes(self, who: str, poll: int, *, yes: bool) -> None:
        ballot = self.ballots[poll]
        if who in ballot.roll and await self.is_in(who):
            ballot.votes[who] = yes
        await self.says(who, f"!votar {poll} {'a favor' if yes else 'en contra'}")

    async def wait(self, length: timedelta) -> None:
        self.told.append(f"… {length}")
        await self.talk.wait(length)
        posts = await self.talk.sent()
        self.told += [f"    {p.kind}: {p.plain or dict(p.content)}" for p in posts]

    async def moves(self, who: str, now: Membership) -> None:
        self.told.append(f"{who} {now.value}")
        await self.talk.moves(who, now, self.room)
        await self.talk.sent()

    async def sets_power(self, who: str, level: int) -> None:
        """Somebody with more power than the bot does it in their own app."""
        self.told.append(f"{who} has power {level} now")
        levels = await self.talk.gateway.get_state(self.room, POWERS, "")
        assert levels is not None
        users = {**levels["users"], user_id(who): level}
        await self.talk.state(self.room, POWERS, {**levels, "users": users})

    # --- seeing -----------------------------------------------------------------------------------

    async def is_in(self, who: str) -> bool:
        return who in await self.present()

    async def present(self) -> list[str]:
        rows = await self._all(
            "SELECT person FROM member WHERE room = ? AND membership = 'join'", self.room
        )
        here = {row["person"] for row in rows}
        return [who for who in PEOPLE if user_id(who) in here]

    async def moderators(self) -> list[str]:
        levels = await self.talk.gateway.get_state(self.room, POWERS, "") or {"users": {}}
        given = await self.holders()
        here = await self.present()
        return [w for w in here if levels["users"].get(user_id(w), 0) >= 50 or w in given]

    async def holders(self) -> list[str]:
        """Who has a role that moderates."""
        rows = await self._all(
            "SELECT person FROM roles_holder JOIN roles_role ON item = role"
            " WHERE room = ? AND moderates",
            self.room,
        )
        return [row["person"][1:].split(":")[0] for row in rows]

    async def rules(self) -> dict[str, Mapping[str, Any]]:
        rows = await self._all("SELECT key, rule FROM governance_rule WHERE room = ?", self.room)
        return {row["key"]: json.loads(row["rule"]) for row in rows}

    async def state(self) -> State:
        """Everything that takes power, by what it is of."""
        levels = await self.talk.gateway.get_state(self.room, POWERS, "") or {"users": {}}
        name = await self.talk.gateway.get_state(self.room, NAME, "") or {"name": "Sala"}
        zone = await self._all(
            "SELECT value FROM setting WHERE room = ? AND name = 'timezone'", self.room
        )
        found: State = {f"power:{who}": levels["users"].get(user_id(who), 0) for who in PEOPLE}
        found |= {f"role:{who}": True for who in await self.holders()}
        found |= {f"rule:{key}": rule for key, rule in (await self.rules()).items()}
        return found | {"name": name["name"], "zone": zone[0]["value"] if zone else None}

    async def lines(self) -> int:
        rows = await self._all("SELECT count(*) AS n FROM log WHERE room = ?", self.room)
        return int(rows[0]["n"])

    async def confirmed(self) -> bool:
        """Did others agree to something that was done urgently?"""
        query = "SELECT 1 FROM log WHERE room = ? AND act = 'confirmed'"
        return bool(await self._all(query, self.room))

    async def wishes(self) -> dict[int, dict[str, Any]]:
        rows = await self._all(
            "SELECT mine.*, item.open, item.author FROM governance_wish mine"
            " JOIN item ON item.number = mine.item WHERE mine.room = ?",
            self.room,
        )
        return {row["item"]: dict(row) for row in rows}

    async def open_polls(self) -> list[int]:
        rows = await self._all(
            "SELECT number FROM item WHERE room = ? AND kind = 'poll' AND open", self.room
        )
        return [row["number"] for row in rows]

    async def note(self, rules: Mapping[str, Mapping[str, Any]], moderators: int) -> None:
        """New decisions, who may vote in them and by which rule; who asked for what waits."""
        for number, wish in (await self.wishes()).items():
            if wish["author"] and wish["poll"] is None:
                self.yes[number].add(wish["author"][1:].split(":")[0])
            if wish["poll"] is not None and wish["poll"] not in self.ballots:
                by = asked_by(wish, rules, moderators)
                self.ballots[wish["poll"]] = Ballot(frozenset(await self.present()), by)

    async def _all(self, query: str, *values: Any) -> list[Any]:
        async with self.talk.machine.db.reading() as tx:
            return await tx.all(query, *values)


# --- the rules, a second time ---------------------------------------------------------------------


def chosen(rules: Mapping[str, Mapping[str, Any]], key: str) -> Mapping[str, Any]:
    """The nearest rule to `set:timezone`: its own, that of `set`, that of everything."""
    like = ("promote",) if key == "empower" else ()
    for name in (key, key.partition(":")[0], *like, "*"):
        if name in rules:
            return rules[name]
    return ALONE


def holds(rule: Mapping[str, Any], moderators: int) -> Mapping[str, Any]:
    """With too few moderators the members decide."""
    return rule if rule["how"] == "room" or rule["count"] <= moderators else MEMBERS


def hardness(rule: Mapping[str, Any]) -> tuple[int, int]:
    return (1, 0) if rule["how"] == "room" else (0, rule["count"])


def rules_for(
    thing: str, before: Any, after: Any, rules: Mapping[str, Mapping[str, Any]], moderators: int
) -> list[Mapping[str, Any]]:
    """By which rule this may change: of two as hard ones either."""
    if thing.startswith("power:"):
        found = [chosen(rules, "promote" if after >= 50 > before else "demote")]
    elif thing.startswith("role:"):
        found = [chosen(rules, "empower")]
    elif thing.startswith("rule:"):
        found = hardest(rules, thing.removeprefix("rule:"))
    else:
        found = [chosen(rules, {"name": "rename", "zone": "set:timezone"}[thing])]
    return [holds(rule, moderators) for rule in found]


def hardest(rules: Mapping[str, Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    """Of the rule about rules and the rule that is to change."""
    both = [chosen(rules, "rule"), chosen(rules, key)]
    most = max(map(hardness, both))
    return [rule for rule in both if hardness(rule) == most]


def asked_by(
    wish: Mapping[str, Any], rules: Mapping[str, Mapping[str, Any]], moderators: int
) -> list[Mapping[str, Any]]:
    """By which rule a decision on this wish is taken, as it was opened."""
    act = f"{wish['act']}:{wish['of']}" if wish["of"] else wish["act"]
    if wish["challenge"]:
        return [MEMBERS]
    if wish["back"] is not None and act in ("promote", "demote"):
        act = {"promote": "demote", "demote": "promote"}[act]
    found = hardest(rules, wish["of"]) if wish["act"] == "rule" else [chosen(rules, act)]
    held = [holds(rule, moderators) for rule in found]
    if wish["round"] == 2:
        return [{**rule, "quorum": 0} for rule in (*held, MEMBERS) if rule["how"] == "room"]
    return [rule for rule in held if rule["how"] == "room"] or [MEMBERS]


def passed(ballot: Ballot) -> bool:
    """More for than against, by the share and with the turnout that a rule of it asks for."""
    pro, con = (sum(1 for vote in ballot.votes.values() if vote is way) for way in (True, False))
    return pro > 0 and any(
        100 * (pro + con) >= rule["quorum"] * len(ballot.roll)
        and (3 * pro >= 2 * (pro + con) if rule["majority"] == "2/3" else pro > con)
        for rule in ballot.rules
    )
