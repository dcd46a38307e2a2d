"""A thing whose room closed: who lent it is led out, and its loan is still told of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import Talk
from bot.types import RoomId
from commands.lending.tests.test_lending import heard

OTHER = RoomId("!huerta:test")
AGAIN = "Para prestarlo en otra sala: `presto taladro`"
CLOSED = "“taladro” ya no se presta: su sala está cerrada."


async def lent_in_a_closed_room(talk: Talk) -> None:
    """Carla has Bea's drill (thing 1, loan 2); their room closes, another one goes on."""
    await talk.room(OTHER, "Huerta", ["ana", "bea", "carla"], {"ana": 50})
    await talk.says("bea", "!presto taladro a @carla hasta en 20 días")
    await talk.tells("carla", "recibido 2")
    await talk.says("ana", "!cerrar-sala")
    await talk.says("ana", "sí")
    await talk.wait(timedelta(days=7))
    await talk.wait(timedelta(0))
    assert CLOSED in "\n".join(post.plain for post in await talk.said())


async def told(talk: Talk, who: str, line: str) -> str:
    await talk.tells(who, line)
    return await heard(talk, who)


async def test_while_somebody_has_it_both_see_the_loan_as_open(talk: Talk) -> None:
    await lent_in_a_closed_room(talk)
    for who in ("bea", "carla"):
        assert "“taladro” · Carla" in await told(talk, who, "pendientes")
    assert "“taladro” · Carla" not in await told(talk, "ana", "pendientes")


@pytest.mark.parametrize(
    "line", ["devuelto 1", "recibido 1", "presto 1 a carla hasta mañana", "presto 1", "préstamos 1"]
)
async def test_once_it_is_back_it_is_said_how_to_lend_it_again(talk: Talk, line: str) -> None:
    await lent_in_a_closed_room(talk)
    await told(talk, "bea", "devuelto 2")
    await told(talk, "carla", "devuelto 2")
    said = await told(talk, "bea", line)
    assert CLOSED in said and AGAIN in said, said
    assert "libre" not in said and "pido" not in said


async def test_and_so_it_can_be_lent_again(talk: Talk) -> None:
    await lent_in_a_closed_room(talk)
    await told(talk, "bea", "devuelto 2")
    await told(talk, "carla", "devuelto 2")
    await talk.tells("bea", "presto taladro")
    assert "“taladro” (Bea) se presta aquí" in await heard(talk, "bea")


async def test_what_its_lender_ended_is_lent_no_more_where_the_room_goes_on(talk: Talk) -> None:
    await talk.says("bea", "!presto taladro")
    await talk.says("bea", "!cancelar 1")
    said = await talk.answer("bea", "!presto 1 a @carla hasta en 3 días")
    assert "“taladro” ya no se presta." in said and "`!presto taladro`" in said


async def test_a_number_of_things_is_no_number_of_a_thing(talk: Talk) -> None:
    await talk.says("bea", "!presto taladro")
    await talk.says("bea", "!cancelar 1")
    assert "“1 bici”" in await talk.answer("bea", "!presto 1 bici a @carla hasta en 3 días")


BACK = [
    "ya me lo devolvieron",
    "me devolvieron el taladro",
    "ya volvió",
    "já devolveram a furadeira",
    "já voltou",
    "i got the drill back",
    "it's back",
    "she gave it back to me",
]


@pytest.mark.parametrize("line", BACK)
async def test_that_it_is_back_in_their_own_words(talk: Talk, line: str) -> None:
    await lent_in_a_closed_room(talk)
    said = await told(talk, "bea", line)
    assert "Si “taladro” ya volvió: `devuelto 2`" in said and "pánico" in said


@pytest.mark.parametrize("line", ["ya volvió", "me devolvieron a golpes a la casa"])
async def test_who_lends_nothing_is_not_asked_about_things(talk: Talk, line: str) -> None:
    said = await told(talk, "bea", line)
    assert "devuelto" not in said and "pánico" in said


async def test_no_more_time_is_offered_for_what_is_lent_no_more(talk: Talk) -> None:
    await lent_in_a_closed_room(talk)
    await talk.wait(timedelta(days=15))
    said = "\n".join(post.plain for post in await talk.said())
    assert said.count("`devuelto 2`") == 2, "who lent it and who has it"
    assert "por 5 días" not in said, said
