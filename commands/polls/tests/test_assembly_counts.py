"""Several counts of assemblies in one poll: each is confirmed and dropped by itself."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk
from bot.types import Number
from commands.polls.tests.test_decisions import heard, proposed
from storage import items

PEOPLE = ["ana", "bea", "carla", "dora", "eva"]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 50, "bea": 50})
    return talk


async def two_counts(talk: Talk) -> tuple[int, PostedEvent, PostedEvent]:
    """Let both moderators write down an assembly. Return the poll and the two messages."""
    _opening, _native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur", who="ana")
    await talk.says("ana", f"!presencial {number} Norte:14 Sur:9")
    first = await heard(talk, "Norte: 14")
    await talk.says("bea", f"!presencial {number} Norte:2 Sur:30")
    return number, first, await heard(talk, "Sur: 30")


async def counts(talk: Talk, number: int) -> str:
    """Return how the poll stands, with the assemblies that count so far."""
    return await talk.answer("ana", f"!resultados {number}")


@pytest.mark.parametrize("yes", ["sí", "confirmo"])
async def test_a_yes_in_reply_confirms_the_count_that_it_replies_to(talk: Talk, yes: str) -> None:
    number, first, second = await two_counts(talk)
    await talk.says("carla", yes, reply=first)
    noted = await heard(talk, "falta 1")
    await talk.says("dora", yes, reply=noted)
    await heard(talk, "cuentan 23 votos")
    assert "Norte: 14\nSur: 9\n" in await counts(talk, number)
    await talk.says("eva", yes, reply=first)
    await heard(talk, "ya tiene sus dos")
    await talk.says("carla", yes, reply=second)
    await talk.says("dora", yes, reply=second)
    await heard(talk, "cuentan 32 votos")
    assert "Norte: 16\nSur: 39\n" in await counts(talk, number)


async def test_a_yes_to_a_count_is_no_vote_also_when_another_count_was_written_later(
    talk: Talk,
) -> None:
    _opening, _native, number = await proposed(talk, "!propuesta Cerramos", who="ana")
    await talk.says("ana", f"!presencial {number} a favor:14 en contra:9")
    first = await heard(talk, "a favor: 14")
    await talk.says("bea", f"!presencial {number} a favor:2 en contra:9")
    await talk.said()
    for who in ("carla", "dora"):
        await talk.says(who, "sí", reply=first)
    said = await heard(talk, "cuentan 23 votos")
    await talk.says("eva", "no", reply=said)
    await heard(talk, "no cuadra")
    assert "Votaron 0 de 5" in await counts(talk, number)


async def test_typed_it_is_asked_which_count_is_meant(talk: Talk) -> None:
    number, _first, second = await two_counts(talk)
    for word in ("confirmar", "no"):
        told = await talk.answer("carla", f"!presencial {number} {word}")
        assert "hay varios conteos" in told
        assert "Norte: 14" in told
        assert "Sur: 30" in told
    await talk.says("carla", "sí", reply=second)
    await talk.says("dora", "sí", reply=second)
    await heard(talk, "cuentan 32 votos")
    assert "falta 1" in await talk.answer("carla", f"!presencial {number} confirmar")
    assert "23 votos" in await talk.answer("dora", f"!presencial {number} confirmar")


async def test_typed_by_who_wrote_one_down_it_is_the_other(talk: Talk) -> None:
    number, _first, _second = await two_counts(talk)
    for who, word in (("bea", "confirmar"), ("carla", "confirmar"), ("bea", "no")):
        said = await talk.answer(who, f"!presencial {number} {word}")
        assert ("hay varios" in said) is (who == "carla")
    assert "Espera un conteo de 23 personas; falta 1" in await counts(talk, number)


async def test_who_drops_a_count_drops_their_own_or_the_one_replied_to(talk: Talk) -> None:
    number, first, second = await two_counts(talk)
    assert "Norte: 14" in await talk.answer("ana", f"!presencial {number} no")
    await talk.says("carla", "sí", reply=first)
    await heard(talk, "se quitó antes")
    await talk.says("ana", f"!presencial {number} Norte:1 Sur:1")
    third = await heard(talk, "Norte: 1 ")
    await talk.says("ana", "no", reply=second)
    await heard(talk, "Quité", "Sur: 30")
    await talk.says("ana", "no", reply=third)
    await heard(talk, "Quité", "Norte: 1 ")


async def test_a_count_written_after_one_was_dropped_is_not_confirmed_in_its_place(
    talk: Talk,
) -> None:
    """The database gives the number of the last count out again."""
    number, _first, second = await two_counts(talk)
    await talk.says("bea", f"!presencial {number} no")
    await talk.says("bea", f"!presencial {number} Norte:20 Sur:20")
    await heard(talk, "Norte: 20")
    await talk.says("carla", "sí", reply=second)
    await heard(talk, "se quitó antes")


@pytest.mark.parametrize("slot", ["assembly", "assembly-noted", "assembly !moved:test"])
async def test_a_message_stored_before_counts_had_keys_still_takes_a_yes(
    talk: Talk, slot: str
) -> None:
    _opening, _native, number = await proposed(talk, "!encuesta ¿Dónde? Norte, Sur", who="ana")
    await talk.says("ana", f"!presencial {number} Norte:14 Sur:9")
    first = await heard(talk, "Norte: 14")
    async with talk.machine.db.transaction() as tx:
        await items.mark_posted(tx, first.event, ROOM, Number(number), slot, first.content)
    await talk.says("carla", "sí", reply=first)
    await heard(talk, "falta 1")
    await talk.says("bea", f"!presencial {number} Norte:2 Sur:30")
    await talk.said()
    await talk.says("dora", "sí", reply=first)
    await heard(talk, "hay varios conteos")
