"""Walks at random through a room's powers: members, moderators and strangers try everything.

After each step: who gained a power has it by a way that the rules give; what changed has its line
in a log that checks; what was done urgently stands only as long as it may. And in the end those
who are left can still change the rules together. MINGA_FULL=1 walks thousands of times.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.run.app import features
from bot.testing.talk import Talk, user_id
from bot.types import Membership, RoomId
from storage import log
from tests.walking import PEOPLE, State, Walk, passed, rules_for

FULL = bool(os.environ.get("MINGA_FULL"))
WALKS = 2_500 if FULL else 20
PHASES = (Phase.generate, Phase.shrink) if FULL else (Phase.generate,)
"""A walk that fails is made shorter where there is time for it."""
DAY = timedelta(days=1)
NEEDED = {
    *("rooms", "governance", "roles"),
    *("polls", "poll_book", "ballot_secrecy", "decision_rules"),
}
RULES = (
    "moderador",
    "2 moderadores",
    "3 moderadores",
    "decisión",
    "decisión 2/3 quórum 40%",
    "decisión 1 día",
    "como siempre",
)
KEYS = (
    "gobierno",
    "dar-moderación",
    "quitar-moderación",
    "renombrar",
    "ajuste",
    "ajuste zona",
    "todo",
    "deshacer",
    "cargo-que-modera",
)
ACTS = {
    "empower": "role:",
    "promote": "power:",
    "demote": "power:",
    "rename": "name",
    "set": "zone",
    "rule": "rule:",
}
ROOMS = count(1)

people = st.sampled_from(PEOPLE)
moderating = st.sampled_from(("ana",) * 4 + ("bea",) * 3 + ("carla", "dani", "eva"))
keys = st.sampled_from(KEYS)
rules = st.sampled_from(RULES)
WISHES = {
    "gobierno {} {}": (keys, rules),
    "dar-moderación @{}:test": (people,),
    "quitar-moderación @{}:test": (people,),
    "renombrar {}": (st.sampled_from(("Norte", "Sur", "Este")),),
    "configurar zona {}": (st.sampled_from(("Lima", "Quito", "Madrid")),),
    "deshacer": (),
    "cargo nuevo mando modera por 5 días": (),
    "cargo dar mando @{}:test": (people,),
    "cargo quitar mando @{}:test": (people,),
}
LIKELY = (*WISHES, *WISHES, "gobierno {} {}", "gobierno {} {}", "deshacer")
commands = st.sampled_from(LIKELY).flatmap(
    lambda line: st.tuples(*WISHES[line]).map(lambda values: line.format(*values))
)
ruling = st.tuples(keys, rules).map(lambda pair: f"gobierno {pair[0]} {pair[1]}")
nothing = st.just("")
STEPS = {
    "says": (moderating, commands),
    "hurries": (moderating, commands),
    "everybody": (st.sampled_from((True, True, False)), nothing),
    "votes": (people, st.booleans()),
    "supports": (moderating, nothing),
    "doubts": (people, st.integers(0, 3)),
    "meddles": (
        moderating,
        st.sampled_from(
            ("cerrar {}", "cancelar {}", "extender {} hasta 30/12/2030", "presencial {} a favor:9")
        ),
    ),
    "goes": (people, nothing),
    "power": (people, st.sampled_from((0, 50))),
    "wait": (st.sampled_from((1, 2, 4, 8)), nothing),
    "restart": (nothing, nothing),
}
OFTEN = ("says",) * 12 + ("hurries",) * 4 + ("everybody",) * 3 + ("supports",) * 2 + ("wait",) * 2
steps = st.sampled_from(OFTEN + tuple(STEPS)).flatmap(
    lambda kind: st.tuples(st.just(kind), *STEPS[kind])
)


class Bots:
    """A bot for many walks, each in a room of its own; a new one now and then stays quick."""

    def __init__(self, loop: asyncio.Runner, folder: Path) -> None:
        self.loop, self.folder = loop, folder
        self.talk: Talk | None = None
        self.walks = 0

    def walk(self, plan: list[tuple[str, Any, Any]]) -> None:
        if self.talk is None or self.walks % 40 == 0:
            self.close()
            known = [one for one in features() if one.name in NEEDED]
            self.talk = self.loop.run(Talk.start(self.folder / f"{self.walks}.db", known))
        self.walks += 1
        self.loop.run(walked(self.talk, plan))

    def close(self) -> None:
        if self.talk is not None:
            self.loop.run(self.talk.close())


@pytest.fixture(scope="module")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bots]:
    with asyncio.Runner() as loop:
        found = Bots(loop, tmp_path_factory.mktemp("walk"))
        yield found
        found.close()


@settings(
    max_examples=WALKS,
    deadline=None,
    derandomize=not FULL,
    suppress_health_check=list(HealthCheck),
    phases=PHASES,
)
@given(
    st.lists(st.tuples(st.just("says"), st.just("ana"), ruling), min_size=1, max_size=3),
    st.lists(steps, min_size=15, max_size=35),
)
def test_no_walk_gives_power_past_the_rules_or_leaves_a_room_that_nobody_can_govern(
    bots: Bots, first: list[tuple[str, Any, Any]], plan: list[tuple[str, Any, Any]]
) -> None:
    bots.walk(first + plan)


async def walked(talk: Talk, plan: list[tuple[str, Any, Any]]) -> None:
    room = await talk.room(
        RoomId(f"!r{next(ROOMS)}:test"), "Sala", PEOPLE, {"ana": 50, "bea": 50}, bot_power=100
    )
    walk = Walk(talk, room)
    try:
        for kind, who, what in plan:
            await stepped(walk, kind, who, what)
        await governable(walk)
    except AssertionError as error:
        raise AssertionError("\n".join([*walk.told, str(error)])) from error


async def stepped(walk: Walk, kind: str, who: Any, what: Any) -> None:
    """One step, and what it may have changed."""
    before, lines = await walk.state(), await walk.lines()
    moderators, rules, wishes = await walk.moderators(), await walk.rules(), await walk.wishes()
    await taken(walk, kind, who, what)
    after = await walk.state()
    if kind == "power":
        walk.urgent.pop(f"power:{who}", None)
    else:
        changed = [key for key in {*before, *after} if before.get(key) != after.get(key)]
        assert not changed or await walk.lines() > lines, "no line in the log"
        for thing in changed:
            given_ = rules_for(
                thing, before.get(thing, 0), after.get(thing, 0), rules, len(moderators)
            )
            why = await reason(
                walk, kind, who, str(what), thing, given_, moderators, wishes, before
            )
            assert why, f"{thing}: {before.get(thing)} → {after.get(thing)} by nobody's right"
            walk.told.append(f"    = {thing}: {why}")
            if why != "urgently":
                walk.urgent.pop(thing, None)
    for thing in await decided(walk, wishes):
        walk.urgent.pop(thing, None)  # whatever it was before, the room has decided about it since
    await walk.note(rules, len(moderators))
    async with walk.talk.machine.db.reading() as tx:
        assert await log.is_whole(tx, walk.room)


async def taken(walk: Walk, kind: str, who: Any, what: Any) -> None:
    waiting = [n for n, one in (await walk.wishes()).items() if one["open"] and not one["poll"]]
    polls = await walk.open_polls()
    if kind in ("says", "hurries"):
        await walk.says(who, f"!urgente {what}" if kind == "hurries" else f"!{what}")
    elif kind == "everybody":
        for poll in polls[-1:]:
            for one in await walk.present():
                await walk.votes(one, poll, yes=who)
    elif kind == "votes" and polls:
        await walk.votes(who, polls[-1], yes=what)
    elif kind == "supports" and waiting:
        if who in await walk.moderators():
            walk.yes[waiting[-1]].add(who)
        await walk.says(who, f"!apoyar {waiting[-1]}")
    elif kind == "doubts":
        async with walk.talk.machine.db.reading() as tx:
            found = await log.newest_entries(tx, walk.room, 4)
        if len(found) > what:
            await walk.says(who, f"!cuestionar {found[what].id}")
    elif kind == "meddles" and polls:
        await walk.says(who, "!" + what.format(polls[-1]))
    elif kind == "goes":
        there = await walk.is_in(who)
        await walk.moves(who, Membership.LEAVE if there else Membership.JOIN)
    elif kind == "power":
        await walk.sets_power(who, what)
    elif kind == "wait":
        await walk.wait(who * DAY)
    elif kind == "restart":
        await walk.talk.restart()


async def reason(
    walk: Walk,
    kind: str,
    who: Any,
    what: str,
    thing: str,
    rules: list[Any],
    moderators: list[str],
    wishes: dict[int, dict[str, Any]],
    before: State,
) -> str:
    """By whose right it changed; nothing if by nobody's."""
    if before.get(thing) is True and thing.startswith("role:") and loses(kind, who, what, thing):
        return "it ended, they left, or gave it back"
    asks = kind in ("says", "hurries", "supports") and who in moderators
    if asks and any(rule["how"] == "alone" for rule in rules):
        return "a moderator alone"
    now = await walk.wishes()
    ended = [
        one for n, one in now.items() if wishes.get(n, {"open": True})["open"] and not one["open"]
    ]
    for one in ended:
        number = one["item"]
        about = thing.startswith(ACTS.get(one["act"], "undo")) or one["act"] == "undo"
        if one["keep"] and thing in walk.urgent:
            return "what was done urgently is taken back"
        agreed = len({*walk.yes[number], *([who] if asks else [])} & set(moderators))
        several = [rule for rule in rules if rule["how"] == "several"]
        if about and asks and any(agreed >= rule["count"] for rule in several):
            return f"{agreed} moderators"
        ballot = walk.ballots.get(one["poll"])
        if about and ballot and passed(ballot):
            return f"the room, in {one['poll']}"
    if asks and kind == "hurries" and not thing.startswith("rule:"):
        gains = thing.startswith("power:") and "dar-" in what
        walk.urgent.setdefault(thing, before.get(thing))
        return "" if gains else "urgently"
    return ""


async def decided(walk: Walk, wishes: dict[int, dict[str, Any]]) -> set[str]:
    """What stood urgently, and the room decided about for itself in this step."""
    now = await walk.wishes()
    passed_ = [
        one
        for n, one in now.items()
        if wishes.get(n, {"open": True})["open"]
        and not one["open"]
        and not one["keep"]
        and (ballot := walk.ballots.get(one["poll"]))
        and passed(ballot)
    ]
    return {thing for thing in walk.urgent if any(is_about(one, thing) for one in passed_)}


def is_about(wish: dict[str, Any], thing: str) -> bool:
    """Would it change that very thing?"""
    _kind, _colon, what = thing.partition(":")
    whom = what not in PEOPLE or user_id(what) in wish["payload"]
    return thing.startswith(ACTS.get(wish["act"], "undo")) and whom


def loses(kind: str, who: Any, what: str, thing: str) -> bool:
    """Whoever leaves the room or wants a role no more loses it, and with the time everybody."""
    person = thing.removeprefix("role:")
    own = who == person and "quitar" in what
    return kind in ("wait", "restart") or (kind == "goes" and who == person) or own


async def governable(walk: Walk) -> None:
    """Whoever is left can have the rule about rules changed, together."""
    for _again in range(3):  # others' yes, then the room's decision, and its second call
        await stepped(walk, "wait", 31, "")
    assert not [n for n, one in (await walk.wishes()).items() if one["open"]], "it waits for ever"
    state = await walk.state()
    if not await walk.confirmed():
        for thing, was in walk.urgent.items():
            assert state.get(thing) == was, f"{thing} was never confirmed, and stands"
    here, moderators = await walk.present(), await walk.moderators()
    if not here:
        return
    await walk.says((moderators or here)[0], "!gobierno gobierno moderador")
    for one in moderators:
        for number in [n for n, w in (await walk.wishes()).items() if w["open"] and not w["poll"]]:
            await walk.says(one, f"!apoyar {number}")
    await walk.note(await walk.rules(), len(moderators))
    for poll in await walk.open_polls():
        for one in here:
            await walk.votes(one, poll, yes=True)
    await walk.wait(31 * DAY)
    rule = (await walk.rules()).get("rule", (await walk.rules()).get("*", {"how": "alone"}))
    assert rule["how"] == "alone", f"nobody can change the rules: {rule}"
