"""Who comes in: the room's welcome for a wave of them, and what has been going on, in private."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.api import SUMMARY, Context, Feature, Line, verbatim
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import EventId, Membership, RoomId, RoomUpgraded
from commands.welcome import greeting, summary_delivery

DESK, SECRET = RoomId("!mesa:test"), RoomId("!secreta:test")
DORA = "@dora:lejos.org"
MINUTE = timedelta(minutes=1)


async def written(talk: Talk, text: str, *, room: RoomId = ROOM) -> str:
    said = await talk.answer("ana", f"!bienvenida cambiar {text}", room=room)
    assert "¿Sigo?" in said, said
    return said + await talk.answer("ana", "sí", room=room)


async def comes(talk: Talk, *who: str, room: RoomId = ROOM) -> None:
    for name in who:
        await talk.moves(name, Membership.JOIN, room)


async def heard(talk: Talk, how_long: timedelta, room: RoomId | None = None) -> list[str]:
    await talk.wait(how_long)
    return [post.plain for post in await talk.said(room)]


async def in_private(talk: Talk, who: str, how_long: timedelta = 30 * MINUTE) -> list[str]:
    """What a person reads in private, while time passes; the pauses between are waited for."""
    found: list[str] = []
    for _ in range(6):
        await talk.wait(how_long / 6)
        every = await talk.said()
        place = await talk.private(who)
        found += [post.plain for post in every if post.room == place]
    return found


async def private(talk: Talk, who: str, what: str) -> str:
    return await talk.answer(who, what, room=await talk.private(who))


# --- the room's welcome -------------------------------------------------------------------------


async def test_one_welcome_is_for_all_who_came_in_meanwhile(talk: Talk) -> None:
    await written(talk, "Nos reunimos los lunes.")
    await comes(talk, "dora")
    assert await heard(talk, 6 * MINUTE, ROOM) == []
    await comes(talk, "eva", "fe")
    await talk.moves("fe", Membership.LEAVE)
    await talk.restart()
    await talk.wait(5 * MINUTE)
    (post,) = await talk.said(ROOM)
    assert post.plain == "Gente nueva aquí: Dora · Eva\nNos reunimos los lunes."
    assert post.content["m.mentions"] == {"user_ids": [user_id("dora"), user_id("eva")]}
    assert post.content["msgtype"] == "m.notice", "it wakes no phone of those who are here long"
    assert await heard(talk, 60 * MINUTE, ROOM) == []


async def test_who_comes_by_a_bridge_is_no_newcomer(talk: Talk) -> None:
    await written(talk, "Hola.")
    await talk.says("bea", "mañana es la marcha")
    sure, likely = "@irc_rosa:test", "@whatsapp_573001234567:otra.org"
    await talk.state(ROOM, "m.bridge", {"protocol": {"id": "irc"}}, user_id("@ircbot:test"))
    await comes(talk, sure, likely)
    assert await heard(talk, 60 * MINUTE) == []
    await comes(talk, "dora", "@irc_luz:test")
    await talk.wait(11 * MINUTE)
    (post,) = await talk.said(ROOM)
    assert post.plain == "Gente nueva aquí: Dora\nHola."


async def test_a_room_may_want_them_greeted(talk: Talk) -> None:
    await written(talk, "Hola.")
    await talk.set("bridged_people", "yes")
    await comes(talk, "@whatsapp_573001234567:otra.org")
    await talk.wait(11 * MINUTE)
    (post,) = await talk.said(ROOM)
    assert "Hola." in post.plain


async def test_300_newcomers_flood_nobody(talk: Talk) -> None:
    await written(talk, "Hola.")
    await comes(talk, *(f"n{n:03}" for n in range(300)))
    await talk.wait(11 * MINUTE)
    (post,) = await talk.said(ROOM)
    assert post.plain.startswith("Gente nueva aquí: N000 · N001")
    assert "y 290 personas más" in post.plain
    assert len(post.content["m.mentions"]["user_ids"]) == greeting.MOST_NAMED


async def test_no_welcome_is_said_where_none_is_written(talk: Talk) -> None:
    await comes(talk, "dora")
    assert await heard(talk, 60 * MINUTE, ROOM) == []
    assert "no hay un saludo escrito" in await talk.answer("bea", "!bienvenida texto")


async def test_each_reads_it_in_their_language_where_it_is_written(talk: Talk) -> None:
    await written(talk, "Qué bueno.")
    assert "portugués" in await written(talk, "pt: Que bom.")
    await talk.tells("eva", "idioma pt")
    await talk.tells("fe", "idioma en")
    await talk.sent()
    await comes(talk, "dora", "eva", "fe")
    (said,) = await heard(talk, 11 * MINUTE, ROOM)
    assert said.splitlines() == [
        "Gente nueva aquí: Dora · Fe",
        "Qué bueno.",
        "Gente nueva aquí: Eva",
        "Que bom.",
    ]


async def test_its_wait_is_the_rooms(talk: Talk) -> None:
    await written(talk, "Hola.")
    await talk.answer("ana", "!configurar espera-bienvenida 2 horas")
    assert "Cambiado" in await talk.answer("ana", "sí")
    await comes(talk, "dora")
    assert await heard(talk, 100 * MINUTE, ROOM) == []
    assert len(await heard(talk, 21 * MINUTE, ROOM)) == 1


async def test_who_goes_and_comes_back_is_welcomed_once(talk: Talk) -> None:
    await written(talk, "Hola.")
    for _ in range(3):
        await comes(talk, "dora")
        await talk.wait(11 * MINUTE)
        await talk.moves("dora", Membership.LEAVE)
    assert len(await talk.said(ROOM)) == 1


async def test_late_says_how_late(talk: Talk) -> None:
    await written(talk, "Hola.")
    await comes(talk, "dora")
    (said,) = await heard(talk, 130 * MINUTE, ROOM)
    assert "con retraso de 2 h" in said


async def test_moderators_write_it_and_take_it_back(talk: Talk) -> None:
    assert "No puedes" in await talk.answer("bea", "!bienvenida cambiar Hola")
    assert "Falta" in await talk.answer("ana", "!bienvenida cambiar  ¡!")
    assert "hasta 1000 letras" in await talk.answer("ana", "!bienvenida cambiar " + "a" * 1001)
    said = await written(talk, "“Es un gusto: los lunes.”")
    assert "\nEs un gusto: los lunes.\n" in said and "en 10 min" in said
    assert "Ya dice eso" in await talk.answer("ana", "!bienvenida cambiar Es un gusto: los lunes.")
    assert "Hasta ahora: “Es un gusto" in await written(talk, "Otra")
    assert "escribió el saludo de llegada (español)" in await talk.answer("carla", "!historial")
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    assert "Es un gusto" in await talk.answer("bea", "!bienvenida texto")
    assert "Es un gusto" in await talk.answer("ana", "!bienvenida quitar")
    assert "Cambiado" in await talk.answer("ana", "sí")
    await comes(talk, "dora")
    assert await heard(talk, 60 * MINUTE, ROOM) == []


# --- what has been going on ---------------------------------------------------------------------


async def decided(talk: Talk, question: str, room: RoomId = ROOM) -> int:
    await talk.says("ana", f"!encuesta ¿{question}? Norte, Sur", room=room)
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT max(number) AS n FROM item")
    number = int(row["n"]) if row else 0
    await talk.says("ana", f"!votar {number} 1", room=room)
    await talk.says("ana", f"!cerrar {number}", room=room)
    await talk.sent()
    return number


async def test_a_newcomer_reads_once_what_has_been_decided_and_what_comes(talk: Talk) -> None:
    first = await decided(talk, "Antigua")
    await talk.wait(timedelta(days=31))
    number = await decided(talk, "Dónde")
    await talk.answer("ana", "!encuesta ¿Abierta? Uno, Dos hasta en 56 horas")
    await talk.answer("ana", "!recordar mañana 17h; pan")
    await comes(talk, DORA)
    await talk.restart()
    (said,) = await in_private(talk, DORA)
    assert "Red de prueba: estás en Sala." in said
    assert "“¿Dónde?”: gana Norte." in said and f"`acta {number}`" in said
    assert "¿Abierta?" in said and "pan" in said and "`ayuda`" in said
    assert "Antigua" not in said and f"acta {first}`" not in said
    await talk.moves(DORA, Membership.LEAVE)
    await comes(talk, DORA)
    assert await in_private(talk, DORA) == []


async def test_members_who_come_into_one_more_room_are_not_new(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana"], {"ana": 50})
    await comes(talk, "bea", room=DESK)
    assert await in_private(talk, "bea") == []


async def test_it_tells_only_of_rooms_in_which_one_is_now(talk: Talk) -> None:
    await talk.room(SECRET, "Secreta", ["ana", "bea"], {"ana": 50})
    await decided(talk, "Plan", SECRET)
    await talk.answer("ana", "!recordar mañana 17h; clave", room=SECRET)
    await talk.tells("ana", "recordar mañana 17h; lo mío")
    await talk.sent()
    assert "Plan" in await private(talk, "bea", "bienvenida")
    said = await private(talk, "carla", "bienvenida")
    assert "Sala" in said and "Plan" not in said and "clave" not in said and "Secreta" not in said
    await talk.moves("bea", Membership.LEAVE, SECRET)
    said = await private(talk, "bea", "resumen")
    assert "Plan" not in said and "lo mío" not in said
    assert "no compartimos ninguna sala" in await private(talk, DORA, "welcome")


@pytest.mark.parametrize("typed", ["bienvenida", "boas-vindas", "welcome", "resumen por favor"])
async def test_typed_in_a_room_it_is_answered_in_private(talk: Talk, typed: str) -> None:
    await talk.says("bea", f"!{typed}")
    aloud, alone = await talk.hears("Te escribí en privado", "estás en Sala")
    assert (aloud.room, alone.room) == (ROOM, await talk.private("bea"))


async def test_something_else_behind_it_is_explained(talk: Talk) -> None:
    said = await talk.answer("ana", "!bienvenida Hola a todas")
    assert "No entendí “Hola a todas”" in said and "`!bienvenida cambiar`" in said


async def test_it_is_in_the_persons_language(talk: Talk) -> None:
    await decided(talk, "Dónde")
    await talk.tells("bea", "idioma pt")
    await talk.sent()
    said = await private(talk, "bea", "resumo")
    assert "Decidido nos últimos 30 dias:" in said and "Aqui você pode escrever" in said


async def test_who_is_invited_to_several_rooms_reads_it_when_in_all(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana"], {"ana": 50})
    for room in (ROOM, DESK):
        await talk.answer("ana", "!area agregar prensa", room=room)
    await talk.answer("ana", f"!invitar {DORA} prensa")
    await comes(talk, DORA)
    assert await in_private(talk, DORA, 5 * MINUTE) == []
    await comes(talk, DORA, room=DESK)
    (said,) = await in_private(talk, DORA, MINUTE)
    assert "estás en" in said and "Sala" in said and "Mesa" in said


async def test_an_invitation_that_is_not_taken_delays_it_for_ten_minutes(talk: Talk) -> None:
    await talk.room(DESK, "Mesa", ["ana"], {"ana": 50})
    for room in (ROOM, DESK):
        await talk.answer("ana", "!area agregar prensa", room=room)
    await talk.answer("ana", f"!invitar {DORA} prensa")
    await comes(talk, DORA)
    (said,) = await in_private(talk, DORA, 12 * MINUTE)
    assert "estás en Sala." in said


async def test_many_newcomers_are_told_a_few_at_a_time(talk: Talk) -> None:
    await comes(talk, *(f"n{n:03}" for n in range(25)))
    await talk.wait(11 * MINUTE)
    assert len(await talk.said()) == summary_delivery.WAVE
    await talk.wait(summary_delivery.PAUSE)
    assert len(await talk.said()) == summary_delivery.WAVE
    await talk.restart()
    await talk.wait(summary_delivery.PAUSE)
    assert len(await talk.said()) == 5
    await talk.wait(summary_delivery.PAUSE)
    await comes(talk, "tarde")
    assert len(await in_private(talk, "tarde")) == 1, "the next newcomer is told again"


async def test_where_one_summary_fails_the_others_are_told(talk: Talk, tmp_path: Path) -> None:
    broken = Feature("broken", tmp_path)

    @broken.offers(SUMMARY)
    async def summary(ctx: Context, places: Sequence[RoomId]) -> list[Line]:
        if ctx.who == user_id("n1"):
            raise RuntimeError("nothing can be said")
        return [verbatim(f"{len(places)} sala para {ctx.who}")]

    talk = await Talk.start(tmp_path / "other.db", [*talk.features, broken])
    await comes(talk, "n0", "n1", "n2")
    said = "\n".join(await heard(talk, 11 * MINUTE))
    assert "1 sala para @n0:test" in said and "1 sala para @n2:test" in said
    assert said.count("estás en") == 2
    await talk.close()


async def test_who_left_before_is_told_nothing_and_is_new_when_they_come_back(talk: Talk) -> None:
    await comes(talk, DORA)
    await talk.moves(DORA, Membership.LEAVE)
    assert await in_private(talk, DORA) == []
    await comes(talk, DORA)
    assert len(await in_private(talk, DORA)) == 1


async def test_the_network_can_leave_it_to_those_who_ask(talk: Talk) -> None:
    await talk.answer("ana", "!configurar resumen-al-llegar no")
    assert "Cambiado" in await talk.answer("ana", "sí")
    await comes(talk, DORA)
    assert await in_private(talk, DORA) == []
    assert "estás en Sala" in await private(talk, DORA, "bienvenida")


async def test_a_room_that_is_replaced_keeps_its_welcome_and_greets_nobody_again(
    talk: Talk,
) -> None:
    new = RoomId("!nueva:test")
    await written(talk, "Hola.")
    await comes(talk, "dora")
    await talk.room(new, "Sala", ["ana"], {"ana": 50})
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE room SET successor = ? WHERE room = ?", new, ROOM)
        await tx.run("UPDATE room SET predecessor = ? WHERE room = ?", ROOM, new)
    stone = EventId("$stone")
    await talk.happens(RoomUpgraded(ROOM, stone, user_id("ana"), talk.clock.at, new, True, True))
    await comes(talk, "bea", "carla", "dora", room=new)
    (said,) = [one for one in await heard(talk, 12 * MINUTE, new) if "Gente nueva" in one]
    assert said.startswith("Gente nueva aquí: Dora\nHola.")
    assert await in_private(talk, "bea") == []
    await comes(talk, "eva", room=new)
    assert "Gente nueva aquí: Eva\nHola." in await heard(talk, 12 * MINUTE, new)
