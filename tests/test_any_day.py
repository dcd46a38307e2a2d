"""What the project itself types or shows is understood on every day, at every hour."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random

import pytest

from bot.i18n import Catalogue
from bot.lines import Line
from bot.run.app import features
from bot.testing.talk import ROOM, START_TIME, Talk, find_number
from tests.beginnings import BOGOTA, INSTANTS, Instant
from tests.dated_lines import Typed, really_typed, shown, toured, written
from tests.source_files import folders

ASKED_BACK = (
    "Which do you mean? {options}",
    "{moment} has passed.",
    "I can't read “{words}” as a date.",
    "Which date is meant in “{words}”? I found none that I can be sure of.",
    "That has passed. Write a date to come, for example `tomorrow 18:00`.",
    "That date has passed, so I made no event of it.",
    '"{title}" ({number}) is not on that day.',
)
"""What the bot says to a date that it did not understand, or that is over."""
A_DATE = re.compile(r"(?i)(?!\d+ (?:meses|months|d[ií]as|days))[\w:/º ]+")
SERIES = re.compile(
    r"(?:until|hasta|até|every|cada|toda?|lasts|dura|remind|avisa):|(?:except|menos) "
)
CODE = re.compile(r"(?:until|hasta|até) ")


WEEKLY = re.compile(r"!?(?:subscribe|suscribir|assinar) |(?:Monday|lunes|segunda) 9:00$")
"""A day and an hour of every week, which is no date."""


def asked_back(said: str, language: str) -> bool:
    catalogue = Catalogue.load(folders())
    for sentence in ASKED_BACK:
        words = re.split(r"\{\w+\}", catalogue.template(Line(sentence, {}), language))
        if re.search(".{1,80}?".join(map(re.escape, filter(None, words))), said, re.DOTALL):
            return True
    return False


class Replay:
    """A room with one of each kind, in which lines are typed at one instant."""

    def __init__(self, talk: Talk, numbers: dict[str, int]) -> None:
        self.talk = talk
        self.numbers = numbers

    @classmethod
    async def start(cls, path: Path, instant: Instant, language: str) -> Replay:
        START_TIME.at = instant.at
        talk = await Talk.start(path, features(), language=language, zone=instant.zone)
        people = ["ana", "bea", "carla"]
        await talk.room(ROOM, "Sala", people, {"ana": 100}, bot_power=100)
        made = {}
        for name, line in {
            "polls": "!encuesta ¿Dónde? Norte, Sur",
            "events": '!evento "Asamblea" hoy 23:59 cada:día',
            "lending": "!presto mesa",
        }.items():
            made[name] = find_number(await talk.answer("ana", line))
        made["networks"] = made["polls"]
        return cls(talk, made)

    def whole(self, line: str) -> str:
        """The line as somebody here would type it; a fragment in a command that it is for."""
        holes = {"title": "Feria", "name": "llaves", "network": "Red Sur", "announce": "anunciar"}
        line = re.sub(r"@(\w+)(?::[\w.]+)?", r"@\1:test", line)
        if self.talk.machine.registry.find_command(line.lstrip("!")) is None:
            line = self._around(line)
        found = self.talk.machine.registry.find_command(line.lstrip("!"))
        if found is not None:
            of = self.talk.machine.registry.features[found[0].feature]
            number = self.numbers.get(of.cut_from or of.name, 1)
            line = re.sub(r"\{number\}|(?<![\d/])(?:57|12)(?![\d/])", str(number), line)
        return re.sub(r"\{(\w+)\}", lambda hole: holes.get(hole[1], "3"), line)

    def _around(self, line: str) -> str:
        if SERIES.match(line):
            return f"!evento Asamblea 1 mañana 18h cada:semana {line}"
        if CODE.match(line):
            return f"!encuesta ¿Dónde? Norte, Sur {line}"
        if A_DATE.fullmatch(line):
            return f"!recordar {line}; pan"
        return line

    async def type(self, line: str) -> str:
        """What the bot answers, in the room or to a line of a private room there."""
        line = self.whole(line)
        who = "bea" if "@ana" in line else "ana"
        aloud = line.startswith("!") or self.talk.machine.registry.find_command(line) is None
        room = ROOM if aloud else await self.talk.private(who)
        said = await self.talk.answer(who, line, room=room)
        await self.talk.answer(who, "cancelar", room=room)
        return said


EVERY = os.environ.get("MINGA_FULL") == "1"
AT_ONCE = 4
"""So many of the sixty instants are tried on each run, other ones each time."""


def instants() -> list[Instant]:
    """The same in all workers: they follow from when this run began."""
    chance = Random(START_TIME.at.isoformat())  # noqa: S311 (no secret)
    return INSTANTS if EVERY else sorted(chance.sample(INSTANTS, AT_ONCE), key=lambda one: one.at)


def lines(language: str) -> list[Typed]:
    every = (*written(), *toured(), *really_typed(), *shown())
    return [one for one in every if one.language == language and not WEEKLY.match(one.line)]


@pytest.mark.parametrize("language", ["es", "pt", "en"])
@pytest.mark.parametrize("instant", instants(), ids=str)
async def test_each_dated_line_is_understood_at_once(
    tmp_path: Path, instant: Instant, language: str
) -> None:
    replay = await Replay.start(tmp_path / "minga.db", instant, language)
    asked = [one for one in lines(language) if asked_back(await replay.type(one.line), language)]
    await replay.talk.close()
    assert asked == []


@pytest.mark.begins("friday 10:00", "a Friday is needed, on which `viernes` means two days")
async def test_a_line_that_does_not_hold_on_a_friday_would_be_found(tmp_path: Path) -> None:
    replay = await Replay.start(tmp_path / "minga.db", Instant(START_TIME.at), "es")
    said = await replay.type("!presto proyector a @ana hasta el viernes")
    over = await replay.type("voy 57 01/01/2020")
    await replay.talk.close()
    assert asked_back(said, "es")
    assert asked_back(over, "es")


def test_there_are_sixty_instants_on_all_days_and_at_all_borders() -> None:
    walls = [one.at.astimezone(BOGOTA) for one in INSTANTS]
    assert len(set(INSTANTS)) == 60
    assert {wall.weekday() for wall in walls} == set(range(7))
    assert {(12, 31), (1, 1), (2, 29), (3, 1)} <= {(wall.month, wall.day) for wall in walls}
    changing = [one for one in INSTANTS if one.zone != "America/Bogota"]
    assert len({one.zone for one in changing}) == 3


def test_the_lines_come_from_everywhere() -> None:
    found = [one.where for source in (written, toured, really_typed, shown) for one in source()]
    assert {"README", "tour", "test_rooms.py", "polls", "events", "lending"} <= set(found)
    assert len(found) > 200
