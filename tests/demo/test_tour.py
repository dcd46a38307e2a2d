"""The tour of `make demo`, played without a homeserver on each day of the week and at odd hours."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.capability.room_policy import PublicFolder
from bot.delivery.event_content import POLL_TYPE
from bot.demo.tour import fill_names
from bot.demo.tour_script import TOUR
from bot.demo.tour_step import (
    DOOR_LINE,
    FOLDER,
    JOIN_PREFIX,
    KNOCK_LINE,
    PRIVATE,
    PUBLIC,
    ROOM,
    VOTE_PREFIX,
    TourStep,
)
from bot.run.app import features
from bot.testing.talk import ROOM as HALL
from bot.testing.talk import START_TIME, PostedEvent, Talk
from bot.types import Membership, RoomId
from storage.membership import room_state
from tests.beginnings import ENDS, WEEKDAYS, Instant

FULL = os.environ.get("MINGA_FULL") == "1"
WHEN = [*WEEKDAYS[1::4], WEEKDAYS[16], WEEKDAYS[19], ENDS[5], ENDS[12]]
"""Each weekday at ten, a Friday around both midnights, the last of a year and 29 February."""
TRIED = WHEN if FULL else WHEN[START_TIME.at.toordinal() % 2 :: 2]
"""All of them in `make storm`; else half, the other one on the next day."""
PATIENCE = 30
"""Turns of ten seconds."""
WITH_OTHERS = ("networks", "joint_publication")


class Stage:
    """The room of the tour, and all that was heard in it."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.heard: list[PostedEvent] = []

    async def looks(self, step: TourStep, known: dict[str, str]) -> None:
        """What stands in a file of the public folder, once it is written."""
        await self.talk.wait(timedelta(0))
        folder = self.talk.defaults.public.folder
        assert folder is not None
        written = (folder / fill_names(step.line, known)).read_text("utf-8")
        assert re.search(step.expected, written), step

    async def play(self, step: TourStep, known: dict[str, str]) -> dict[str, str]:
        """One step; what its answer names. Raises AssertionError if it is another answer."""
        rooms_of = {ROOM: HALL, PUBLIC: RoomId("!noticias:test")}
        room = await self.talk.private(step.who) if step.place == PRIVATE else rooms_of[step.place]
        line, since = fill_names(step.line, known), len(self.heard)
        await self._does(step.who, room, line)
        if not step.expected:
            self.heard += await self.talk.sent()
            return {}
        pattern = re.compile(fill_names(step.expected, known), re.IGNORECASE)  # here it is “Bea”
        told: list[str] = []
        for _turn in range(PATIENCE):
            self.heard += await self.talk.sent()
            told = [post.plain for post in self.heard[since if line else 0 :] if post.room == room]
            if found := [match for text in told if (match := pattern.search(text))]:
                return found[-1].groupdict()
            await self.talk.wait(timedelta(seconds=10))  # what the bot says by itself
        raise AssertionError(f"{pattern.pattern} after {line}: {told[-3:]}")

    async def _does(self, who: str, room: RoomId, line: str) -> None:
        if line.startswith(JOIN_PREFIX + "#"):
            return  # whoever is in it hears nothing that its posts don't say
        if line.startswith(VOTE_PREFIX):
            await self._taps(who, line.removeprefix(VOTE_PREFIX))
        elif line.startswith(JOIN_PREFIX):
            name = line.removeprefix(JOIN_PREFIX)
            opened = self.talk.gateway.opened.items()
            await self.talk.moves(who, Membership.JOIN, next(r for r, n in opened if name in n))
        elif line == DOOR_LINE:
            async with self.talk.machine.db.transaction() as tx:
                rule = {"type": "m.room.join_rules", "state_key": ""}
                states = [rule | {"content": {"join_rule": "knock"}}]
                await room_state.apply_state(tx, room, states, whole=False)
        elif line == KNOCK_LINE:
            await self.talk.moves(who, Membership.KNOCK, room)
        elif line:
            await self.talk.says(who, line, room=room)

    async def _taps(self, who: str, option: str) -> None:
        for poll in reversed([post for post in self.heard if post.is_poll]):
            for answer in poll.content[f"{POLL_TYPE}.start"]["answers"]:
                if option in str(answer):
                    await self.talk.votes(who, poll.event, (answer["id"],))
                    return
        raise AssertionError(f"no poll with {option}")


@pytest.mark.parametrize("instant", TRIED, ids=str)
async def test_the_tour_goes_as_it_is_written(tmp_path: Path, instant: Instant) -> None:
    """But for what is done with another network, whose lines stand in `test_any_day.py`."""
    START_TIME.at = instant.at
    public = tmp_path / "public"
    public.mkdir()
    talk = await Talk.start(tmp_path / "minga.db", features(), public=PublicFolder(public))
    people = ["ana", "bea", "celia"]
    await talk.room(HALL, "Sala", people, {"ana": 100}, bot_power=100, creator=None)
    stage, known = Stage(talk), {"near": "@minga:near"}
    try:
        for step in TOUR:
            if step.place == FOLDER and step.needs not in WITH_OTHERS:
                await stage.looks(step, known)
            elif step.needs not in WITH_OTHERS:
                known |= await stage.play(step, known)
    finally:
        await talk.close()
