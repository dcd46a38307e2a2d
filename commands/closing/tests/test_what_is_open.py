"""What a room waits for, what ends with it, what goes on elsewhere; and a copy restored."""

from __future__ import annotations

from datetime import timedelta

from bot.api import items
from bot.testing.talk import ROOM, Talk
from bot.types import Number, RoomId
from commands.closing.tests.test_closing import DAY, NORTH, announced, has_left, north, told
from commands.exchange.tests.exchange_talk import publishes
from commands.teams.tests.test_teams import opened

SOUTH = RoomId("!sur:test")


async def two(talk: Talk) -> None:
    """Elsa is in Norte only; Dora is in Sur only, and moderates it."""
    await talk.wait(timedelta(minutes=1))
    await talk.room(NORTH, "Norte", ["ana", "bea", "elsa"], {"ana": 100})
    await talk.room(SOUTH, "Sur", ["ana", "bea", "dora"], {"ana": 100, "dora": 50})


async def made(talk: Talk, line: str, room: RoomId) -> None:
    await talk.answer("ana", line, room=room)
    await talk.answer("ana", "sí", room=room)
    await talk.wait(timedelta(minutes=2))
    await talk.sent()


async def is_open(talk: Talk, number: int) -> bool:
    async with talk.machine.db.reading() as tx:
        item = await items.get(tx, Number(number))
    return item is not None and item.open


async def test_a_poll_of_another_room_that_stands_here_too_is_waited_for(talk: Talk) -> None:
    await two(talk)
    await made(talk, "!encuesta ¿Seguimos? sí, no en: Norte hasta en 12 días", SOUTH)
    shown = await talk.answer("ana", "!cerrar sala", room=NORTH)
    assert "Espera a que termine lo que se está decidiendo: 1 ¿Seguimos?" in shown
    await talk.says("ana", "sí", room=NORTH)
    await talk.wait(8 * DAY)
    assert "sigue hasta que se decida “¿Seguimos?”" in await told(talk, NORTH)
    await talk.tells("elsa", "!votar 1 1")
    assert "Anotado" in await told(talk, RoomId("!dm-elsa:test"))
    await talk.wait(6 * DAY)
    assert "cerrada" in await told(talk, NORTH)
    assert has_left(talk, NORTH)


async def test_what_stands_in_another_room_goes_on_there(talk: Talk) -> None:
    await two(talk)
    await made(talk, "!evento Asamblea en 20 días 18h en: Sur", NORTH)
    await made(talk, "!anuncio Lean esto en: Sur leído", NORTH)
    shown = await talk.answer("ana", "!cerrar sala", room=NORTH)
    assert "termina" not in shown, shown
    await talk.says("ana", "sí", room=NORTH)
    await talk.wait(8 * DAY)
    assert "cerrada" in await told(talk, NORTH)
    assert has_left(talk, NORTH)
    assert "Anotado" in await talk.answer("dora", "leído 2", room=SOUTH)
    assert "Anotado" in await talk.answer("dora", "voy 1", room=SOUTH)
    await talk.wait(timedelta(minutes=2))
    now = [post for post in await talk.sent() if "Van hasta ahora" in post.plain]
    assert {post.room for post in now} <= {SOUTH}
    await talk.tells("elsa", "!evento 1")
    assert "Asamblea" not in await told(talk, RoomId("!dm-elsa:test"))
    await talk.wait(10 * DAY)
    rung = []
    for _hours in range(16):  # a few at a time, for at night nothing rings
        await talk.wait(timedelta(hours=3))
        rung += [post for post in await talk.said() if "Asamblea" in post.plain]
    assert rung and NORTH not in {post.room for post in rung}
    assert await talk.answer("ana", "!pendientes", room=SOUTH)


async def test_moderators_of_the_room_in_which_it_goes_on_cancel_it(talk: Talk) -> None:
    await two(talk)
    await made(talk, "!evento Asamblea en 20 días 18h en: Sur", NORTH)
    await announced(talk, "!cerrar sala")
    await talk.wait(8 * DAY)
    await talk.sent()
    await talk.answer("dora", "!cancelar 1", room=SOUTH)
    await talk.says("dora", "sí", room=SOUTH)
    posts = [post for post in await talk.said() if post.room == SOUTH]
    assert any("Dora canceló el evento 1" in post.plain for post in posts)
    assert any(post.plain.startswith("* ") for post in posts), "its message there is edited"
    assert not await is_open(talk, 1)


async def test_what_is_only_here_ends_as_its_capability_ends_it(talk: Talk) -> None:
    await two(talk)
    await made(talk, "!evento Feria en 20 días 18h", NORTH)
    await talk.answer("bea", "voy 1", room=NORTH)
    await talk.answer("ana", "!recordar regar en 10 días", room=NORTH)
    await talk.answer("ana", "!tarea @bea:test traer sillas", room=NORTH)
    shown = await talk.answer("ana", "!cerrar sala", room=NORTH)
    assert "Con ella terminan 3 cosas: 1 Feria" in shown, shown
    await talk.says("ana", "sí", room=NORTH)
    assert "Con ella terminan 3 cosas: 1 Feria" in await told(talk, NORTH)
    await talk.wait(8 * DAY)
    off = [post.plain for post in await talk.said() if "Se canceló el evento 1" in post.plain]
    assert len(off) == 2, off  # in the room, and to Bea, who goes
    assert not any([await is_open(talk, number) for number in (1, 2, 3)])
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM job WHERE item IN (2, 3)") == []


async def test_needs_and_offers_end_with_their_room_and_who_wrote_them_is_told(talk: Talk) -> None:
    await two(talk)
    for line in ("!necesito un proyector para el cine", "!ofrezco clases de radio"):
        await publishes(talk, "bea", line, room=NORTH)
    assert await is_open(talk, 1) and await is_open(talk, 2)
    await announced(talk, "!cerrar sala")
    await talk.wait(8 * DAY)
    own = await talk.private("bea")
    said = "\n".join(post.plain for post in await talk.said() if post.room == own)
    assert "Se cierra su sala, así que esto se retira" in said and "pedido 1" in said
    assert not await is_open(talk, 1) and not await is_open(talk, 2)


async def test_the_cohort_that_was_begun_here_goes_on_with_its_teams(talk: Talk) -> None:
    await opened(talk)
    await talk.answer("ana", "!cerrar sala")
    await talk.answer("ana", "sí")
    await talk.wait(8 * DAY)
    assert "cerrada" in await told(talk, ROOM)
    assert has_left(talk, ROOM)
    assert await is_open(talk, 1)


async def test_after_a_restore_the_room_stays_and_hears_how_to_close_it(talk: Talk) -> None:
    await north(talk)
    await announced(talk)
    await talk.sent()
    await talk.restore_backup()
    await talk.restart()
    said = await told(talk, NORTH)
    assert "Esta sala sigue: no se cierra." in said
    assert "dilo otra vez: `!cerrar-sala guardar: Sala`" in said
    await talk.wait(9 * DAY)
    assert "Esta sala se cierra" not in await told(talk, NORTH)
    assert not has_left(talk, NORTH)
    await announced(talk)
    await talk.wait(8 * DAY)
    assert "cerrada" in await told(talk, NORTH)
    assert has_left(talk, NORTH)


async def test_a_lent_thing_is_lent_no_more_and_comes_back_in_private(talk: Talk) -> None:
    await north(talk)
    await talk.answer("ana", "!presto taladro a @bea por 20 días", room=NORTH)
    await talk.answer("bea", "!presto carpa", room=NORTH)
    shown = await talk.answer("ana", "!cerrar sala", room=NORTH)
    assert "terminan" in shown and "taladro" in shown and "carpa" in shown, shown
    await talk.says("ana", "sí", room=NORTH)
    await talk.wait(8 * DAY)
    said = "\n".join(post.plain for post in await talk.said())
    assert has_left(talk, NORTH)
    assert said.count("“taladro” ya no se presta: su sala está cerrada.") == 2, said
    assert "Está con Bea (préstamo 2)" in said and "`devuelto 2`" in said
    assert "“carpa” ya no se presta" in said and "Se puede prestar de nuevo en otra sala." in said
    await talk.tells("bea", "devuelto 2")
    await talk.tells("ana", "devuelto 2")
    said = "\n".join(post.plain for post in await talk.said())
    assert "“taladro” volvió" in said and "No pude publicar" not in said, said
    assert [await is_open(talk, number) for number in (1, 2, 3)] == [False, False, False]
    assert "taladro" not in await talk.answer("ana", "!préstamos")


async def test_a_draft_ends_with_its_amendments(talk: Talk) -> None:
    await north(talk)
    await talk.answer("ana", "!borrador carta\nNos vemos cada mes\nSin jefes", room=NORTH)
    await talk.answer("bea", "!enmienda carta 1: Nos vemos cada semana", room=NORTH)
    shown = await talk.answer("ana", "!cerrar sala", room=NORTH)
    assert "Con ella termina 1 cosa: 1 carta" in shown, shown
    await talk.says("ana", "sí", room=NORTH)
    await talk.wait(8 * DAY)
    assert "Borrador 1, “carta”, queda en la versión 1: esta sala está cerrada." in await told(
        talk, NORTH
    )
    assert [await is_open(talk, number) for number in (1, 2)] == [False, False]
    assert await talk.answer("ana", "!pendientes") == "No hay nada abierto."
