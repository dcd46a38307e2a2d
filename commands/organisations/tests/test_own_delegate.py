"""An organisation changes its own delegate: named, confirmed, in the log, questioned."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import Membership
from bot.capability.data.erasure import forget_in_capability
from bot.testing.talk import ROOM, Talk, user_id
from commands.organisations.tests.test_voters import SUR, forgetting, kept, polled

ANA, BEA, CARLA = map(user_id, ("ana", "bea", "carla"))


async def asked(talk: Talk, who: str = "carla") -> str:
    """Let the bot ask in private; return what it said there."""
    await talk.wait(timedelta(minutes=1))
    room = await talk.private(who)
    return "\n".join(post.plain for post in await talk.said() if post.room == room)


async def heard(talk: Talk) -> str:
    """All that was said in the room since."""
    return "\n".join(post.plain for post in await talk.said() if post.room == ROOM)


@pytest.mark.parametrize(
    "line",
    [
        "!mi-organización titular @ana",
        "!mi organización titular: @ana",
        '!mi-organización "Cooperativa Sur" titular @ana',
        "!mi org titular @ana Cooperativa Sur",
        "!mi-organización nueva titular @ana",
        "!nuestra organización delegada @ana",
        "!minha-organização titular @ana",
        "!minha organização nova titular: @ana",
        "!my-organisation delegate @ana",
        "!my organization delegate: @ana org: sur",
    ],
)
async def test_the_delegate_names_the_next_and_the_alternate_confirms(
    talk: Talk, line: str
) -> None:
    await talk.answer("ana", SUR)
    assert "próxima titular, Ana" in await talk.answer("bea", line)
    assert (await kept(talk))[0].delegate == BEA
    assert "¿Lo confirmas?" in await asked(talk)
    await talk.tells("carla", "sí")
    said = await heard(talk)
    assert "Bea nombró y Carla confirmó" in said
    assert "titular Ana · suplente Carla · peso 20" in said
    assert (await kept(talk))[0].delegate == ANA
    assert "cambió por sí misma quién la representa" in await talk.answer("ana", "!historial")


async def test_open_polls_follow_and_it_can_be_undone(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    number = await polled(talk)
    await talk.answer("bea", "!mi-organización titular @ana")
    await asked(talk)
    await talk.tells("carla", "sí")
    await talk.said()
    assert "titular Ana" in await talk.answer("bea", f"!votantes {number}")
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    assert "titular Bea" in await talk.answer("bea", f"!votantes {number}")


async def test_an_alternate_who_becomes_the_delegate_leaves_that_place(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    await talk.answer("bea", "!mi-organización titular @carla")
    await asked(talk)
    await talk.tells("carla", "sí")
    assert "“Cooperativa Sur”: titular Carla · peso 20" in await heard(talk)


async def test_without_a_yes_all_stays(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    await talk.answer("bea", "!mi-organización suplente @ana")
    await asked(talk)
    await talk.tells("carla", "no")
    assert "Carla no lo confirmó" in await asked(talk, "bea")
    assert (await kept(talk))[0].alternate == CARLA


async def test_only_the_last_name_can_be_confirmed(talk: Talk) -> None:
    await talk.moves("dani", Membership.JOIN)
    await talk.answer("ana", SUR)
    await talk.answer("bea", "!mi-organización titular @ana")
    assert "Ana" in await asked(talk)
    await talk.answer("bea", "!mi-organización titular @dani")
    await talk.tells("carla", "sí")
    assert "Eso se retiró" in (first := await asked(talk)), first
    assert "próxima titular, Dani" in first
    await talk.tells("carla", "sí")
    assert "titular Dani" in await heard(talk)


async def test_what_was_taken_back_or_overtaken_does_not_happen(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    await talk.answer("bea", "!mi-organización titular @ana")
    await asked(talk)
    assert "Retirado" in await talk.answer("bea", "!mi-organización cancelar")
    await talk.tells("carla", "sí")
    assert "Eso se retiró" in await asked(talk)
    await talk.answer("bea", "!mi-organización titular @ana")
    await asked(talk)
    await talk.answer("ana", '!votantes agregar "Cooperativa Sur" @carla suplente: @bea')
    await talk.tells("carla", "sí")
    assert "Mientras tanto cambió" in await asked(talk)
    assert (await kept(talk))[0].delegate == CARLA


async def test_what_is_typed_wrongly_is_answered(talk: Talk) -> None:
    assert "no representas" in await talk.answer("bea", "!mi-organización titular @ana")
    await talk.answer("ana", SUR)
    await talk.answer("ana", "!votantes agregar Norte @bea")
    for who, line, answer in [
        ("carla", "!mi-organización titular @ana Cooperativa Sur", "Solo titular"),
        ("bea", "!mi-organización titular @ana", "¿Para cuál es?"),
        ("bea", "!mi-organización titular @ana Norte", "no tiene suplente"),
        ("bea", "!mi-organización titular @bea Sur", "Ya está así"),
        ("bea", "!mi-organización suplente @bea Sur", "la misma persona"),
        ("bea", "!mi-organización titular @zoe:lejos.org Sur", "todavía no está en esa sala"),
        ("bea", "!mi-organización titular @nadie Sur", "No encuentro"),
        ("bea", "!mi-organización hola", "¿A quién nombras"),
        ("bea", "!mi-organización cancelar", "No hay nadie"),
    ]:
        assert answer in await talk.answer(who, line), line


async def test_the_room_can_question_who_speaks(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    said = await talk.answer("carla", "!votantes cuestionar cooperativa sur nadie la eligió")
    assert "Carla cuestiona quién representa a “Cooperativa Sur”" in said
    assert "El motivo: “nadie la eligió”" in said
    assert "alguien cuestionó" in await talk.answer("ana", "!historial")
    assert "no hay ninguna organización" in await talk.answer(
        "carla", '!votantes cuestionar "Oeste"'
    )


async def test_who_is_named_is_forgotten(talk: Talk) -> None:
    await talk.answer("ana", SUR)
    await talk.answer("bea", "!mi-organización titular @ana")
    await asked(talk)
    async with talk.machine.db.transaction() as tx:
        await forget_in_capability(forgetting(talk, tx), "organisations", ANA)
        assert not await tx.exists("SELECT 1 FROM organisations_nomination")
    await talk.tells("carla", "sí")
    assert "Eso se retiró" in await asked(talk)
