"""Who becomes somebody to call while a call for help is open already. Ana moderates from before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import Membership, RoomId
from commands.danger.tests.test_called_by_name import told

CALL = "está en peligro y pide ayuda"
LEFT_OUT = "No le aviso a quien nombras: Carla (@carla:test)."
MODS = RoomId("!mods:test")
ALL_DAY = timedelta(minutes=20)


async def rung(talk: Talk, after: timedelta = ALL_DAY) -> set[str]:
    """Return who of Ana, Carla and Dora is called within that time."""
    await talk.said()
    await talk.wait(after)
    homes = {await talk.private(who): who for who in ("ana", "carla", "dora")}
    return {homes[post.room] for post in await talk.said() if CALL in post.plain}


async def carla_is_asked(talk: Talk) -> None:
    """Carla reads that Bea would like to call her, and has not answered."""
    await told(talk, "panico avisar a @carla:test")
    await talk.wait(timedelta(0))
    await talk.said()


async def moderators_room(talk: Talk, *names: str) -> None:
    """These moderate: whoever comes into this room does, too."""
    await talk.room(MODS, "Mods", names)
    await talk.set("moderation", "yes", MODS)


async def become_moderators(talk: Talk, *names: str) -> None:
    for name in names:
        await talk.moves(name, Membership.JOIN, MODS)


NAMING_CARLA = [
    ["panico carla me esta pegando"],
    ["panico no le avisen a carla"],
    ["panico carlita volvio borracha"],
    ["panico me siguen", "es carla, me pega"],
    ["panico me siguen", "carla esta en la puerta con un cuchillo"],
]


@pytest.mark.parametrize("lines", NAMING_CARLA)
async def test_whom_the_words_name_is_not_called_once_she_agrees(
    talk: Talk, lines: list[str]
) -> None:
    await carla_is_asked(talk)
    for line in lines:
        assert (await told(talk, line))["carla"] == ""
    heard = await told(talk, "si", "carla")
    assert LEFT_OUT in heard["bea"] and "`pánico` y el nombre" in heard["bea"]
    assert await rung(talk) == {"ana"}
    assert (await told(talk, "estoy en la calle 5"))["carla"] == ""


async def test_whom_they_do_not_name_is_called_once_she_agrees(talk: Talk) -> None:
    await carla_is_asked(talk)
    await told(talk, "panico me siguen")
    assert LEFT_OUT not in (await told(talk, "si", "carla"))["bea"]
    assert await rung(talk) == {"ana", "carla"}


async def test_the_caller_reads_once_who_is_called_since(talk: Talk) -> None:
    """Nobody else could say that it may be whoever does harm, under another name."""
    await moderators_room(talk, "ana")
    await told(talk, "panico me siguen")
    await told(talk, "ana me pega")
    await become_moderators(talk, "dora")
    read = []
    home = await talk.private("bea")
    for _round in range(3):
        await talk.wait(timedelta(minutes=3))
        read += [post.plain for post in await talk.said() if post.room == home]
    assert [line for line in read if "Ahora aviso" in line] == [
        "Ahora aviso también a: Dora (@dora:test)."
    ]


async def test_whom_they_ask_for_afterwards_is_called_once_she_agrees(talk: Talk) -> None:
    await carla_is_asked(talk)
    await told(talk, "panico carla me esta pegando")
    await told(talk, "panico avisa a carla")
    assert LEFT_OUT not in (await told(talk, "si", "carla"))["bea"]
    assert await rung(talk) == {"ana", "carla"}


async def test_a_doubt_leaves_nobody_out_who_would_be_the_only_one(talk: Talk) -> None:
    await carla_is_asked(talk)
    await told(talk, "panico sin ana, carla estoy en la calle 5")
    await told(talk, "si", "carla")
    assert await rung(talk) == {"carla"}


@pytest.mark.parametrize("line", ["panico carla me esta pegando", "panico me siguen"])
async def test_a_new_moderator_is_not_called_while_somebody_from_before_is(
    talk: Talk, line: str
) -> None:
    """Lines that came later, and are kept nowhere, may have been about them."""
    await moderators_room(talk, "ana")
    await told(talk, line)
    await told(talk, "carla me pega")
    await become_moderators(talk, "carla")
    assert await rung(talk) == {"ana"}
    assert (await told(talk, "panico"))["carla"] == ""
    assert await rung(talk) == {"ana"}


async def test_a_new_moderator_is_called_if_nobody_from_before_is_left(talk: Talk) -> None:
    await moderators_room(talk, "ana")
    await told(talk, "panico me siguen, es carla la que me pega")
    await told(talk, "ana me pega tambien")
    await become_moderators(talk, "carla", "dora")
    assert await rung(talk) == {"dora"}


async def test_who_came_later_is_called_at_once_when_nobody_from_before_is_left(
    talk: Talk,
) -> None:
    await moderators_room(talk, "ana")
    await told(talk, "panico me siguen")
    await become_moderators(talk, "dora")
    heard = await told(talk, "ana me pega")
    await talk.wait(timedelta(0))
    said = "\n".join([heard["bea"], *(post.plain for post in await talk.said())])
    assert CALL in said and "Ahora aviso también a: Dora (@dora:test)." in said
    assert "Eso no se lo pasé a nadie" in said and "no puedo escribirle a nadie" not in said


async def test_who_is_named_by_the_answer_to_panic_is_not_named_once_more(talk: Talk) -> None:
    await moderators_room(talk, "ana")
    await told(talk, "panico ana me pega")
    await become_moderators(talk, "dora")
    heard = await told(talk, "panico")
    assert "Aviso una vez más, y sigo hasta que alguien responda: Dora" in heard["bea"]
    await talk.wait(timedelta(minutes=3))
    said = [post.plain for post in await talk.said()]
    assert any(CALL in line for line in said)
    assert not [line for line in said if "Ahora aviso" in line]


async def test_a_new_moderator_is_called_of_a_call_that_reached_nobody(talk: Talk) -> None:
    await moderators_room(talk, "ana")
    assert (await told(talk, "panico ana me esta pegando. carla me pega"))["ana"] == ""
    await become_moderators(talk, "carla")
    assert await rung(talk) == set()
    await become_moderators(talk, "carla", "dora")
    assert await rung(talk) == {"dora"}


async def test_a_new_moderator_whom_the_note_asks_for_is_called(talk: Talk) -> None:
    await moderators_room(talk, "ana")
    await told(talk, "panico me siguen, avisa a carla")
    await become_moderators(talk, "carla", "dora")
    assert await rung(talk) == {"ana", "carla"}


@pytest.mark.parametrize("line", ["panico ana", "avisa a ana"])
async def test_who_was_left_out_and_is_asked_for_is_from_before(talk: Talk, line: str) -> None:
    await moderators_room(talk, "ana", "dora")
    await told(talk, "panico ana me pego")
    await told(talk, line)
    assert await rung(talk) == {"ana", "dora"}


async def test_who_was_left_out_and_is_called_by_a_bare_panic_is_from_before(talk: Talk) -> None:
    await moderators_room(talk, "ana")
    await told(talk, "panico me siguen")
    await told(talk, "no avises a ana")
    await told(talk, "panico")
    await become_moderators(talk, "dora")
    assert await rung(talk) == {"ana"}


async def test_a_new_moderator_is_called_once_those_from_before_are_none_any_more(
    talk: Talk,
) -> None:
    await moderators_room(talk, "ana")
    await told(talk, "panico me siguen")
    await become_moderators(talk, "dora")
    await talk.moves("ana", Membership.LEAVE, MODS)
    assert await rung(talk) == {"dora"}
