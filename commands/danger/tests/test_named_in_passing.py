"""Whom a call named in passing, and left out for that, is called once nobody else is left. Ana
moderates, Carla was chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import Membership
from commands.danger.tests.test_called_by_name import ALARM, carla_is_named, told
from commands.danger.tests.test_late_helpers import MODS, moderators_room, rung

NOBODY, NOW_TOO = "No queda nadie más", "Ahora aviso también a: Carla (@carla:test)."
IN_PASSING = [
    *("panico estoy en la casa de carla", "panico estoy con carla y nos siguen"),
    *("pânico estou na casa da carla", "panic im at carlas place", "panico carla no contesta"),
]
AGAINST_ANA = [
    *("ana me pega", "es ana, me está pegando", "no avises a ana", "a ana tá me batendo"),
    *("ana is hitting me", "panico ana me pega", "panico sin ana"),
]


async def heard_after(talk: Talk, *lines: str, wait: timedelta = timedelta(0)) -> dict[str, str]:
    """Return what each reads in private from the last of Bea's lines on."""
    for line in lines[:-1]:
        await told(talk, line)
    heard = await told(talk, lines[-1])
    await talk.wait(wait)
    homes = {await talk.private(who): who for who in heard if who}
    for post in await talk.said():
        heard[homes.get(post.room, "")] = heard.get(homes.get(post.room, ""), "") + post.plain
    return heard


@pytest.mark.parametrize("line", IN_PASSING)
async def test_she_is_called_once_the_others_are_accused(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    first = await told(talk, line)
    assert first["carla"] == "" and ALARM in first["ana"]
    heard = await heard_after(talk, "ana me pega")
    assert ALARM in heard["carla"] and heard["ana"] == "", heard
    assert NOW_TOO in heard["bea"] and NOBODY not in heard["bea"]


@pytest.mark.parametrize("line", AGAINST_ANA)
async def test_so_she_is_however_the_others_are_left_out(talk: Talk, line: str) -> None:
    await carla_is_named(talk)
    heard = await heard_after(talk, IN_PASSING[0], line)
    assert ALARM in heard["carla"] and heard["ana"] == "", heard
    assert NOBODY not in heard["bea"] and "Carla (@carla:test)" in heard["bea"]
    assert await rung(talk) == {"carla"}


async def test_so_she_is_if_the_others_are_not_there_any_more(talk: Talk) -> None:
    await moderators_room(talk, "ana", "carla")
    assert (await told(talk, IN_PASSING[0]))["carla"] == ""
    await talk.moves("ana", Membership.LEAVE, MODS)
    assert await rung(talk) == {"carla"}


async def test_so_she_is_if_who_was_on_the_way_is_accused(talk: Talk) -> None:
    await carla_is_named(talk)
    await told(talk, IN_PASSING[0])
    await told(talk, "voy", "ana")
    heard = await heard_after(talk, "ana me pega")
    assert ALARM in heard["carla"] and heard["ana"] == ""
    assert "Carla (@carla:test)" in (await told(talk, "voy", "carla"))["bea"]
    assert await rung(talk) == set()


@pytest.mark.parametrize("again", ["panico", "panico ayuda", "estoy en la calle 5"])
async def test_she_stays_called(talk: Talk, again: str) -> None:
    await carla_is_named(talk)
    await heard_after(talk, IN_PASSING[0], "ana me pega")
    heard = await heard_after(talk, again, wait=timedelta(minutes=3))
    assert ALARM in heard["carla"] and heard["ana"] == "" and NOBODY not in heard["bea"]


@pytest.mark.parametrize("line", ["sigo con carla", "carlita me pega", "carla me encontró"])
@pytest.mark.parametrize("wait", [True, False])
async def test_a_doubt_about_her_takes_her_out_no_more(
    talk: Talk, line: str, *, wait: bool
) -> None:
    """Be it before she is called or after."""
    await carla_is_named(talk)
    for said in (IN_PASSING[0], "ana me pega"):
        await told(talk, said)
    if wait:
        await talk.wait(timedelta(0))
    await told(talk, line)
    assert await rung(talk) == {"carla"}


async def test_somebody_asked_for_is_called_besides(talk: Talk) -> None:
    await carla_is_named(talk)
    await heard_after(talk, IN_PASSING[0], "ana me pega")
    heard = await heard_after(talk, "fue sin querer, avisa a ana")
    assert ALARM in heard["ana"] and await rung(talk) == {"ana", "carla"}


@pytest.mark.parametrize("last", ["carla me pega", "no avises a carla", "panico sin carla"])
async def test_words_against_her_still_take_her_out(talk: Talk, last: str) -> None:
    await carla_is_named(talk)
    heard = await heard_after(talk, IN_PASSING[0], "ana me pega", last)
    assert heard["carla"] == "" and NOBODY in heard["bea"]
    assert await rung(talk) == set()


@pytest.mark.parametrize(
    "lines",
    [
        *(["panico carla me pega"], ["panico no avises a carla"], ["panico carlita me pega"]),
        [IN_PASSING[0], "carla me pega"],
        [IN_PASSING[0], "sin carla"],
        [IN_PASSING[0], "carlita me pega"],
    ],
)
async def test_whom_it_speaks_against_is_not_called_though_nobody_is_left(
    talk: Talk, lines: list[str]
) -> None:
    await carla_is_named(talk)
    heard = await heard_after(talk, *lines, "ana me pega")
    assert heard["carla"] == "" and heard["ana"] == "" and NOBODY in heard["bea"]
    assert await rung(talk) == set()


async def test_she_is_not_called_while_anybody_else_is(talk: Talk) -> None:
    await moderators_room(talk, "ana", "carla", "dora")
    await told(talk, IN_PASSING[0])
    await told(talk, "ana me pega")
    assert await rung(talk) == {"dora"}
    await told(talk, "dora me pega tambien")
    assert await rung(talk) == {"carla"}
