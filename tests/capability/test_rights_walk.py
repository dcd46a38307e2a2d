"""Every command × who somebody is × how they stand in the room: who was put out has no way in.

`make test` types half of the commands, once for each of their kinds; `make storm` all at all.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bot.capability.authority.access import ItemAccess, Reach
from bot.capability.authority.typed_forms import CommandPlace
from bot.run.app import features
from bot.testing.talk import ROOM, START_TIME
from bot.types import Trust
from tests.capability.walking_rights import FORMS, LATER, MADE, OWN, Walk, example_of

FULL = bool(os.environ.get("MINGA_FULL"))
SHARE = slice(None) if FULL else slice(START_TIME.at.toordinal() % 2, None, 2)
"""Which of the commands are typed: each second one, the others on the next day."""
STANDINGS = ("muted", "left", "removed", "banned")
ROLES = {"author": "bea", "member": "carla", "moderator": "eva"}
ALLOWED = {
    "muted": {ItemAccess.READS, ItemAccess.COUNTS, ItemAccess.VOTES},
    "left": set[ItemAccess](),
    "removed": set[ItemAccess](),
    "banned": set[ItemAccess](),
}
"""What somebody may still do with a thing of the room."""
NOTHING_HERE = ("There is no number", "There is no offer or need")


@pytest.mark.parametrize("role", ROLES)
async def test_who_was_put_out_or_silenced_has_no_way_in(role: str, tmp_path: Path) -> None:
    walk = await Walk.begin(tmp_path / "minga.db")
    who = ROLES[role]
    for standing in STANDINGS:
        await walk.stands(who, standing)
        if standing != "muted":
            await walk.goes_on()
        before = await walk.rows(inside=True)
        await _every_command(walk, who, standing)
        after = await walk.rows(inside=True)
        walk.wrong += [f"{standing} {role}: {row}" for row in sorted(before ^ after)]
    sys.stdout.write(f"\n{role}: {walk.cells} cells, {len(walk.wrong)} wrong\n")
    await walk.talk.close()
    assert walk.cells > (3_500 if FULL else 200)
    assert not walk.wrong, "\n".join(walk.wrong[:100])


async def _every_command(walk: Walk, who: str, standing: str) -> None:
    for command in walk.talk.machine.registry.commands[SHARE]:
        if command.does in ALLOWED[standing]:
            continue
        if standing == "left" and command.does is ItemAccess.TAKES_BACK and who == walk.author:
            continue  # see `test_who_left_by_their_own_will_takes_back_what_is_theirs`
        for line in walk.lines(command, MADE if FULL else None):
            walk.cells += 1
            for typed in (
                (line, f"{line} in Hall") if command.where is CommandPlace.ROOM else (line,)
            ):
                said = await walk.types(who, typed)
                if standing != "muted" and (told := [word for word in LATER if word in said]):
                    walk.wrong.append(f"{standing} {who}: {typed!r} told {told}")


async def test_who_is_there_finds_every_thing(tmp_path: Path) -> None:
    """Else the walk would show nothing: what is typed there does meet the thing."""
    walk = await Walk.begin(tmp_path / "minga.db")
    await walk.goes_on()
    found, lost = 0, []
    for command in walk.talk.machine.registry.commands:
        if command.name.en not in FORMS or command.does is not ItemAccess.READS:
            continue
        for line in walk.lines(command, ()):
            said = await walk.types("carla", line)
            found += any(word in said for word in LATER)
            lost += [line] if any(words in said for words in NOTHING_HERE) else []
    await walk.talk.close()
    assert lost == []
    assert found >= 4


async def test_who_left_by_their_own_will_takes_back_what_is_theirs(tmp_path: Path) -> None:
    walk = await Walk.begin(tmp_path / "minga.db")
    await walk.stands("bea", "left")
    await walk.goes_on()
    event = walk.made["event"]
    assert "There is no number" in await walk.types("bea", f"change {event} place: mine")
    said = await walk.types("bea", f"cancel {event}")
    assert "SAFEHOUSE" not in said
    assert "cancelled" in said
    await walk.talk.close()


async def test_what_a_loosened_room_lets_count_reaches_nothing_outside_it(tmp_path: Path) -> None:
    """An unsigned device of a network moderator, who moderates there too."""
    walk = await Walk.begin(tmp_path / "minga.db")
    await walk.talk.set("unsigned", "yes")
    before = await walk.rows(inside=False)
    cells = 0
    for command in walk.talk.machine.registry.commands[SHARE]:
        for line in walk.lines(command, MADE if FULL else None) or [example_of(command)]:
            cells += 1
            await walk.types("ana", f"!{line}", ROOM, trust=Trust.UNSIGNED)
    after = await walk.rows(inside=False)
    walk.wrong += sorted(before ^ after)
    sys.stdout.write(f"\nunsigned: {cells} cells, {len(walk.wrong)} wrong\n")
    await walk.talk.close()
    assert cells > (1_000 if FULL else 75)
    assert not walk.wrong, "\n".join(walk.wrong[:100])


def test_nobody_forgot_how_far_a_command_goes() -> None:
    """What is private, of the network or of a link goes beyond its room; what ends things waits."""
    for feature in features():
        for command in feature.commands:
            if command.where is CommandPlace.PRIVATE or feature.name in (
                "networks",
                "care",
                "danger",
            ):
                assert command.reach is Reach.BEYOND, command.name.en
            if command.name.en in OWN:
                assert command.where is CommandPlace.PRIVATE


def test_every_command_with_a_number_is_walked() -> None:
    """A new one says here what is typed behind it, or that its number is a person's own."""
    own = {
        "attend",
        "settle",
        "appeal",
        "answering",
        "write",
        "block",
        "hide",
        "received",
        "returned",
        "admit",
        "reject",
        "ask",
        "print",
        "requests",
        "vouch",
        "on-it",
        "going",
        "not going",
        "maybe",
        "take shift",
        "drop shift",
        "door",
        "arrived",
        "step",
        "cancel",
        "take on",
        "incident",
    }
    takes = {
        command.name.en
        for feature in features()
        for command in feature.commands
        if "number" in command.example.values or command.item_kinds
    }
    assert takes - own - set(FORMS) == set()
