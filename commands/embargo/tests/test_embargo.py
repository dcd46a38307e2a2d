"""What waits for its time: seen by its author alone, out on time, and told if it is late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.testing.talk import ROOM, Talk
from bot.types import Membership, RoomId
from commands.library.tests.filing import PDF, media
from commands.rights.tests.test_rights import file

PRESS = RoomId("!prensa:test")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
REPORT = "avisar Ya salió el informe publicar: en 3 horas"
KEPT = "guardar informe Datos del río #agua publicar: en 3 horas"

pytestmark = pytest.mark.begins("wednesday 10:00", "it names hours of the day")


async def private(talk: Talk, who: str, what: str, **more: Any) -> str:
    """What the bot says to it, everywhere."""
    await talk.tells(who, what, **more)
    await talk.wait(timedelta(0))
    return "\n".join(p.plain for p in await talk.said())


async def heard(talk: Talk, how_long: timedelta) -> dict[str, str]:
    """What each room reads when so much time has passed, on time."""
    await talk.wait(how_long)
    found: dict[str, str] = {}
    for post in await talk.said():
        found[post.room] = "\n".join(filter(None, (found.get(post.room), post.plain)))
    return found


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("avisar Ya salió el informe publicar: mañana 06:00", "sale el jueves"),
        ("avisar ya salio el informe publicar:mañana a las 6 am", "06:00"),
        ("!avisar “Ya salió el informe” sale: mañana 06:00", "06:00"),
        ("aviso Ya salió el informe embargo: mañana 06:00 leído", "06:00"),
        ("avisar Ya salió el informe publicar: mañana", ", 09:00 (Bogotá)"),
        ("anunciar Saiu o relatório publicar: amanhã 06:00", "06:00"),
        ("recado Saiu o relatório sai: amanhã às 6h da manhã", "06:00"),
        ("announce The report is out publish: tomorrow 06:00", "06:00"),
        ("announce The report is out embargo until: tomorrow 6 am", "06:00"),
        ("guardar informe Datos del río #agua publicar: mañana 06:00", "06:00"),
        ("salvar relatorio Dados do rio publicar: amanhã 06:00", "06:00"),
        ("save report Facts #water publish: tomorrow 06:00", "06:00"),
    ],
)
async def test_lines_of_people_in_a_hurry(talk: Talk, line: str, said: str) -> None:
    answer = await private(talk, "ana", line)
    assert "Embargo 1:" in answer and said in answer, answer
    assert "Hasta entonces solo tú lo ves" in answer and "“Sala”" in answer


async def test_an_announcement_comes_out_at_its_time_and_not_before(talk: Talk) -> None:
    await private(talk, "ana", REPORT + " leído")
    assert await heard(talk, 3 * HOUR - timedelta(seconds=1)) == {}
    await talk.restart()
    out = await heard(talk, timedelta(seconds=1))
    assert "Aviso 2: Ya salió el informe" in out[ROOM] and "retraso" not in out[ROOM]
    assert "leído 2" in out[ROOM]
    assert "El embargo 1 ya salió, con el número 2." in out["!dm-ana:test"]
    assert await heard(talk, 40 * DAY) == {}
    assert "Nada tuyo" in await private(talk, "ana", "embargos")


async def test_until_then_nobody_else_finds_it_anywhere(talk: Talk) -> None:
    await private(talk, "ana", "avisar Bajó el caudal publicar: en 3 horas")
    await private(talk, "ana", KEPT)
    for line in (
        "embargos",
        "pendientes",
        "buscar río",
        "buscar informe",
        "recursos",
        "recursos #agua",
        "#informe",
        "avisos",
        "bienvenida",
        "historial",
        "cancelar 1",
        "publicar 1",
        "avisos 1",
        "resultados 1",
        "recurso 2",
    ):
        for said in (await private(talk, "bea", line), await talk.answer("bea", f"!{line}")):
            assert "Datos" not in said and "caudal" not in said, (line, said)
            assert "#agua (1)" not in said and "#informe (" not in said, (line, said)
    for line in ("cancelar 1", "publicar 1"):
        assert "No existe" in await private(talk, "bea", line)
    assert await talk.answer("ana", "!pendientes") == await talk.answer("bea", "!pendientes")
    own = await private(talk, "ana", "pendientes")
    assert "Embargo 1: miércoles" in own


async def test_something_for_the_library_is_found_once_it_is_out(talk: Talk) -> None:
    await private(talk, "ana", KEPT)
    await talk.restart()
    out = await heard(talk, 3 * HOUR)
    assert "Guardado como #informe (2): Datos del río" in out[ROOM]
    assert "Datos del río" in await talk.answer("bea", "!recursos #agua")
    assert "lo guardó Ana" in await talk.answer("bea", "#informe")


async def test_a_file_waits_too(talk: Talk) -> None:
    await talk.tells(
        "ana", "guardar mapa publicar: en 3 horas", media=await media(talk, PDF, "m.pdf")
    )
    await talk.wait(timedelta(0))
    assert "Embargo 1: “#mapa”" in "\n".join(p.plain for p in await talk.said())
    await heard(talk, 3 * HOUR)
    assert "#mapa" in await talk.answer("bea", "!recurso 2")
    assert "m.pdf" in [p.content.get("filename") for p in talk.gateway.posted.values()]


async def test_what_comes_late_says_so(talk: Talk) -> None:
    await private(talk, "ana", REPORT)
    await private(talk, "ana", KEPT)
    talk.gateway.broken = True
    await talk.wait(5 * HOUR)
    talk.gateway.broken = False
    out = await heard(talk, timedelta(minutes=1))
    assert out[ROOM].count("Con retraso de 2 h") == 2
    assert "13:00 (Bogotá)" in out[ROOM]


async def test_typed_in_the_room_it_is_taken_out_and_said_that_it_could_be_read(talk: Talk) -> None:
    typed = await talk.says("ana", "!" + REPORT)
    posts = await talk.sent()
    assert typed in [p.content["redacts"] for p in posts if p.kind == "redact"]
    assert all(p.room != ROOM for p in posts if "informe" in p.plain)
    (said,) = [p.plain for p in posts if "Embargo 1" in p.plain]
    assert "Borré tu mensaje de la sala" in said and "solo tú" not in said


async def test_in_many_rooms_it_is_shown_first_and_comes_out_in_all(talk: Talk) -> None:
    await talk.room(PRESS, "Prensa", ["ana", "bea"], {"ana": 50})
    shown = await private(
        talk, "ana", "avisar Ya salió el informe en: Sala, Prensa publicar: en 3 horas"
    )
    assert "Estará en 2 salas: Sala · Prensa" in shown and "Embargo" not in shown
    assert "Embargo 1: “Ya salió el informe”" in await private(talk, "ana", "sí")
    await talk.restart()
    out = await heard(talk, 3 * HOUR)
    await talk.restart()
    out |= await heard(talk, timedelta(seconds=10))
    assert "Aviso 2: Ya salió el informe" in out[ROOM]
    assert "Aviso 2: Ya salió el informe" in out[PRESS]
    assert "retraso" not in out[ROOM] + out[PRESS]
    await private(talk, "ana", "avisar Otra cosa en: Sala, Prensa publicar: en 3 horas")
    await private(talk, "ana", "sí")
    talk.gateway.broken = True
    await talk.wait(5 * HOUR)
    talk.gateway.broken = False
    out = await heard(talk, timedelta(minutes=1))
    out |= await heard(talk, timedelta(seconds=10))
    assert "Con retraso de 2 h" in out[ROOM] and "Con retraso de 2 h" in out[PRESS]


async def test_another_time_out_at_once_and_not_at_all(talk: Talk) -> None:
    await private(talk, "ana", REPORT)
    assert "sale el jueves" in await private(talk, "ana", "publicar 1 mañana 06:00")
    assert await heard(talk, 4 * HOUR) == {}
    out = await heard(talk, 16 * HOUR)
    assert "Ya salió el informe" in out[ROOM]
    await private(talk, "ana", KEPT)
    assert "#informe" in await private(talk, "ana", "publicar 3 ya")
    await private(talk, "ana", "guardar otro Texto publicar: en 3 horas")
    assert "Nadie lo vio" in await private(talk, "ana", "cancelar 5")
    assert await heard(talk, 4 * HOUR) == {}
    assert "No existe" in await private(talk, "ana", "publicar 5")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("ayer", "ya pasó"),
        ("luna", "No puedo leer “luna”"),
        ("", "Falta hasta cuándo"),
        ("en 3 años", "dentro de un año"),
        ("x" * 180, "No puedo leer"),
    ],
)
async def test_a_time_that_does_not_fit_is_asked_again(talk: Talk, when: str, said: str) -> None:
    for line in ("avisar Hola", "guardar hola Hola"):
        assert said in await private(talk, "ana", f"{line} publicar: {when}"), line
    assert "Nada tuyo" in await private(talk, "ana", "embargos")


async def test_who_may_not_announce_holds_nothing(talk: Talk) -> None:
    assert "No puedes" in await private(talk, "bea", REPORT)
    said = await private(talk, "bea", KEPT + " visible:red")
    assert "No puedes" in said


async def test_the_right_has_to_hold_when_it_comes_out(talk: Talk) -> None:
    await private(talk, "ana", REPORT)
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"bea": 50})
    out = await heard(talk, 3 * HOUR)
    assert ROOM not in out and "No puedes" in out["!dm-ana:test"]
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"ana": 50})
    assert "Ya salió el informe" in await private(talk, "ana", "publicar 1")


async def test_a_room_that_is_gone_is_told_to_the_author(talk: Talk) -> None:
    await private(talk, "ana", REPORT)
    await talk.moves("ana", Membership.LEAVE, ROOM)
    out = await heard(talk, 3 * HOUR)
    assert "no pudo salir" in out["!dm-ana:test"] and ROOM not in out


async def test_who_may_not_write_in_the_room_says_nothing_there(talk: Talk) -> None:
    await private(talk, "bea", KEPT)
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"ana": 50, "bea": -1})
    out = await heard(talk, 3 * HOUR)
    assert ROOM not in out
    assert (
        "El embargo 1 no pudo salir: por ahora no puedes escribir en “Sala”" in out["!dm-bea:test"]
    )
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"ana": 50})
    assert "#informe" in await private(talk, "bea", "publicar 1")


async def test_who_has_kept_all_they_may_publishes_no_more(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commands.library.revisions.MOST_PER_KEEPER", 1)
    await private(talk, "bea", KEPT)
    await talk.answer("bea", "!guardar otro Texto")
    out = await heard(talk, 3 * HOUR)
    assert ROOM not in out and "1 cosas aquí" in out["!dm-bea:test"]
    assert "Embargo 1" in await private(talk, "bea", "embargos")


async def test_a_name_that_was_taken_meanwhile_gets_a_number(talk: Talk) -> None:
    await private(talk, "ana", KEPT)
    await talk.answer("bea", "!guardar informe Otra cosa")
    out = await heard(talk, 3 * HOUR)
    assert "#informe-2" in out[ROOM]
    assert "Ya hay algo llamado #informe" in await private(talk, "ana", KEPT)


async def test_after_a_restore_nothing_is_published_twice(talk: Talk) -> None:
    await private(talk, "ana", REPORT)
    await private(talk, "ana", KEPT.replace("3 horas", "9 horas"))
    talk.clock.at += 5 * HOUR
    await talk.restore_backup()
    await talk.restart()
    out = await heard(talk, timedelta(0))
    assert ROOM not in out or "informe" not in out[ROOM]
    assert "No sé si esto ya salió" in out["!dm-ana:test"]
    assert "todavía espera su hora" in out["!dm-ana:test"]
    assert "Aviso" in await private(talk, "ana", "publicar 1")
    assert "#informe" in (await heard(talk, 4 * HOUR))[ROOM]


async def test_its_author_reads_it_in_their_data_and_it_is_forgotten_with_them(talk: Talk) -> None:
    await private(talk, "ana", REPORT)
    await private(talk, "ana", "borrarme")
    await private(talk, "ana", "sí")
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT 1 FROM embargo_held") == []
    assert ROOM not in await heard(talk, 4 * HOUR)


async def bea_is_forgotten(talk: Talk) -> str:
    """What the bot says when Bea asks for it and confirms."""
    return await private(talk, "bea", "borrarme") + await private(talk, "bea", "sí")


async def test_a_message_that_others_hold_goes_with_its_author(talk: Talk) -> None:
    said = await talk.says("bea", "Nos vemos en la casa roja")
    await talk.answer("ana", "!guardar lugar publicar: en 3 horas", reply=said)
    await private(talk, "ana", "guardar otra Lo escribí yo publicar: en 3 horas")
    await talk.tells("bea", "mis datos")
    own = file(talk, await talk.sent(), ".txt")
    assert "Alguien guarda tu mensaje, para publicarlo más tarde: Nos vemos en la casa roja" in own
    assert "Lo escribí yo" not in own
    gone = await bea_is_forgotten(talk)
    assert "1 mensaje tuyo que alguien iba a publicar más tarde" in gone
    assert "El embargo 1 quedó borrado" in gone  # told to Ana, without a name
    async with talk.machine.db.reading() as tx:
        assert "casa roja" not in str([tuple(row) for row in await tx.all("SELECT * FROM job")])
        rows = await tx.all("SELECT content FROM embargo_held")
        assert len(rows) == 1 and "casa roja" not in rows[0]["content"]
    out = await heard(talk, 3 * HOUR)
    assert "#otra" in out[ROOM] and "casa roja" not in str(out)
    assert "casa roja" not in await talk.answer("ana", "#lugar")


async def test_the_address_of_who_is_forgotten_goes_out_of_what_waits(talk: Talk) -> None:
    await private(talk, "ana", "guardar quien Lo sabe @bea:test publicar: en 3 horas")
    await bea_is_forgotten(talk)
    assert "@bea:test" not in await private(talk, "ana", "embargos")
    out = await heard(talk, 3 * HOUR)
    assert "Lo sabe @" in out[ROOM]
    assert "@bea:test" not in str(out)
