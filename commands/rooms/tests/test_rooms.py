"""Settings, their log, taking back; a person's language and clock; how the bot is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.gateway import TryLater
from bot.testing.fake_gateway import FakeGateway
from bot.testing.talk import ROOM, Talk, day_in_words, user_id
from bot.types import RoomId, Trust, UserId
from storage.database import Tx

OTHER = RoomId("!otra:test")


async def rows(talk: Talk, sql: str) -> list[str]:
    async with talk.machine.db.reading() as tx:
        return await _rows(tx, sql)


async def _rows(tx: Tx, sql: str) -> list[str]:
    return [str(row[0]) for row in await tx.all(sql)]


async def changes(talk: Talk, line: str, yes: str = "sí") -> str:
    await talk.answer("ana", line)
    return await talk.answer("ana", yes)


# --- the list ------------------------------------------------------------------------------------


async def test_anyone_reads_what_the_room_has_set(talk: Talk) -> None:
    heard = await talk.answer("bea", "!configurar todo")
    every = heard
    page = 2
    while f"página {page}" in heard:
        heard = await talk.answer("bea", f"!configurar página {page}")
        every += heard
        page += 1
    for value in ("`idioma`: español", "`zona`: Bogotá", "`prefijo`: !", "`moderación`: no"):
        assert value in every


async def test_first_comes_what_every_room_needs(talk: Talk) -> None:
    lines = (await talk.answer("bea", "!configurar")).splitlines()
    assert len(lines) <= 11
    first = (
        "idioma",
        "zona",
        "respuestas-breves",
        "resumen-diario",
        "avisos-de-eventos",
        "cuidado",
    )
    assert [line.split("`")[1] for line in lines[1:7]] == list(first)
    assert lines[-1] == "Todo lo demás, por tema: `!configurar todo`"


async def test_a_setting_is_explained_with_what_fits(talk: Talk) -> None:
    heard = await talk.answer("bea", "!config language")
    assert "`idioma`: español" in heard
    assert "`es` · `pt` · `en`" in heard
    assert "!configurar idioma" in heard


async def test_every_setting_of_every_capability_can_be_explained(talk: Talk) -> None:
    for setting in talk.machine.dispatcher.conversation._registry.settings:
        assert setting.name.es in await talk.answer("bea", f"!configurar {setting.name.es}")


# --- changing ------------------------------------------------------------------------------------


async def test_a_change_is_shown_confirmed_and_said(talk: Talk) -> None:
    shown = await talk.answer("ana", "!configurar prefijo +")
    assert "antes, ! → después, +" in shown
    assert "`sí` o `no`" in shown
    done = await talk.answer("ana", "sí")
    assert "`+historial`" in done
    assert "`+deshacer`" in done
    assert "prefijo" in await talk.answer("bea", "+historial")


async def test_a_setting_is_named_with_a_colon_or_by_its_number(talk: Talk) -> None:
    listed = await talk.answer("ana", "!configurar todo")
    n, name = next((a, b) for a, b in re.findall(r"^(\d+) `([^`]+)`", listed, re.MULTILINE))
    assert f"`{name}`" in await talk.answer("ana", f"!configurar {n}")
    assert "después, português" in await talk.answer("ana", "!configurar idioma: pt")
    assert "después, sí" in await talk.answer("ana", "!configurar dispositivos sin firma sí")


async def test_a_room_speaks_portuguese_after_the_yes(talk: Talk) -> None:
    assert "Mudei. Fica no `!histórico`" in await changes(talk, "!configurar idioma português")
    assert "antes, português → depois, español" in await talk.answer("ana", "!configurar idioma es")
    assert "Deixei como estava" in await talk.answer("ana", "não")


async def test_without_a_yes_nothing_changes(talk: Talk) -> None:
    await talk.answer("ana", "!configurar idioma en")
    assert "Lo dejé como estaba" in await talk.answer("ana", "no")
    assert await rows(talk, "SELECT value FROM setting") == []
    assert await rows(talk, "SELECT act FROM log") == []


async def test_members_do_not_change_settings(talk: Talk) -> None:
    heard = await talk.answer("bea", "!configurar idioma pt")
    assert "No puedes" in heard


async def test_the_same_value_again_is_said_to_be_so(talk: Talk) -> None:
    assert "Ya está así" in await talk.answer("ana", "!configurar idioma es")


async def test_a_wrong_name_gets_the_nearest_one(talk: Talk) -> None:
    heard = await talk.answer("ana", "!configurar idiona pt")
    assert "No entendí “idiona”" in heard
    assert "`!configurar idioma`" in heard
    heard = await talk.answer("ana", "!configurar cualquiera 3")
    assert "No existe el ajuste “cualquiera”" in heard


async def test_a_wrong_value_hears_what_fits_and_the_nearest(talk: Talk) -> None:
    assert "`es` · `pt` · `en`" in await talk.answer("ana", "!configurar idioma klingon")
    heard = await talk.answer("ana", "!configurar prefijo hola")
    assert "uno o dos signos" in heard
    assert "`!configurar prefijo !`" in heard


async def test_there_is_one_moderators_room_and_the_network_chooses_it(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["ana", "bea"], {"bea": 50, "ana": 50})
    await talk.says("bea", "!configurar moderacion sí", room=OTHER)
    await talk.hears("moderación de la red")
    await changes(talk, "!configurar moderacion sí")
    await talk.says("ana", "!configurar moderacion sí", room=OTHER)
    await talk.says("ana", "sí", room=OTHER)
    await talk.said()
    assert await rows(talk, "SELECT room FROM setting WHERE name = 'moderation'") == [OTHER]
    assert "moderación: sí → no" in await talk.answer("bea", "!historial")


async def test_in_private_a_setting_of_a_room_is_changed_too(talk: Talk) -> None:
    await talk.tells("ana", "configurar zona Recife")
    await talk.hears("antes, Bogotá → después, Recife")
    await talk.tells("ana", "sí")
    await talk.hears("Cambiado")
    assert await rows(talk, "SELECT room FROM setting WHERE name = 'timezone'") == [ROOM]
    assert await rows(talk, "SELECT room FROM log") == [ROOM]


async def test_unsigned_devices_are_heard_only_where_the_room_chose_so(talk: Talk) -> None:
    await talk.says("bea", "!historial", trust=Trust.UNSIGNED)
    (mark,) = await talk.sent()
    assert mark.kind == "m.reaction"
    await changes(talk, "!configurar dispositivos-sin-firma sí")
    await talk.says("bea", "!estado", trust=Trust.UNSIGNED)
    await talk.hears("nadie confirmó")


# --- the log and taking back ---------------------------------------------------------------------


async def test_the_log_tells_who_changed_what_newest_first(talk: Talk) -> None:
    assert "no hay cambios" in await talk.answer("bea", "!historial")
    await changes(talk, "!configurar doce-horas sí")
    await talk.wait(timedelta(minutes=5))
    await changes(talk, "!configurar zona Recife")
    first, second = (await talk.answer("bea", "!bitácora")).splitlines()
    assert "Ana: zona: Bogotá → Recife" in first
    assert "Ana: doce-horas: no → sí" in second


async def test_the_log_goes_on_on_a_second_page(talk: Talk) -> None:
    for n in range(11):
        await changes(talk, f"!configurar doce-horas {'no' if n % 2 else 'sí'}")
    assert "`!historial 2`" in await talk.answer("bea", "!historial")
    assert len((await talk.answer("bea", "!historial 2")).splitlines()) == 1


async def test_a_log_that_somebody_changed_says_so(talk: Talk) -> None:
    await changes(talk, "!configurar doce-horas sí")
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE log SET act = 'other'")
    assert "alterado" in await talk.answer("bea", "!historial")


async def test_a_change_is_taken_back_after_a_yes(talk: Talk) -> None:
    await changes(talk, "!configurar idioma pt")
    heard = await talk.answer("ana", "!desfazer")
    assert "Vou desfazer isto: idioma: español → português" in heard
    assert "Deshecho: idioma" in await talk.answer("ana", "sim")
    assert "Ana: deshizo: idioma" in await talk.answer("bea", "!historial")
    assert "nada que deshacer" in await talk.answer("ana", "!deshacer")
    assert "no existe" not in await talk.answer("bea", "!historial")


async def test_only_the_moderators_take_back(talk: Talk) -> None:
    await changes(talk, "!configurar doce-horas sí")
    assert "No puedes" in await talk.answer("bea", "!deshacer")


async def test_what_was_shown_is_taken_back_and_nothing_newer(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"ana": 50, "bea": 50})
    await changes(talk, "!configurar doce-horas sí")
    await talk.answer("ana", "!deshacer")
    await talk.answer("bea", "!configurar zona Recife")
    await talk.answer("bea", "sí")
    assert "Deshecho: doce-horas" in await talk.answer("ana", "sí")
    assert await rows(talk, "SELECT name FROM setting") == ["timezone"]


# --- a person's own ------------------------------------------------------------------------------


async def test_a_persons_language_holds_at_once_in_private(talk: Talk) -> None:
    await talk.tells("bea", "idioma pt")
    await talk.hears("De agora em diante escrevo para você em português em privado")
    await talk.tells("bea", "idioma")
    await talk.hears("Em privado escrevo para você em português")
    await talk.tells("bea", "language English")
    await talk.hears("From now on I write to you in English")


async def test_in_a_room_the_own_language_says_where_it_applies(talk: Talk) -> None:
    heard = await talk.answer("bea", "!idioma pt")
    assert "en privado en português" in heard
    assert "Esta sala sigue con su idioma" in heard


async def test_a_language_the_bot_does_not_speak_is_told(talk: Talk) -> None:
    heard = await talk.answer("bea", "!idioma quechua")
    assert "Todavía no hablo “quechua”" in heard
    assert "español" in heard


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_a_persons_clock_is_set_by_city_or_zone(talk: Talk) -> None:
    await talk.tells("bea", "zona recife")
    await talk.hears("12:00 (Recife)")
    await talk.tells("bea", "fuso America/Mexico_City")
    await talk.hears("09:00")
    await talk.tells("bea", "tz")
    await talk.hears(f"Tu hora: {day_in_words()}, 09:00")


async def test_a_city_of_that_name_in_several_places_is_asked_back(talk: Talk) -> None:
    await talk.tells("bea", "zona cordoba")
    await talk.hears("1) ")
    await talk.tells("bea", "1")
    await talk.hears("Tu hora desde ahora")


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_the_clock_of_ones_profile_is_offered_and_never_taken(talk: Talk) -> None:
    talk.gateway.zones[user_id("bea")] = "America/Mexico_City"
    private = await talk.private("bea")
    for _ in range(2):
        heard = await talk.answer("bea", "zona", room=private)
        assert "10:00 (Bogotá)" in heard
        assert "El perfil de tu aplicación dice" in heard
        assert "09:00 (Ciudad de México)" in heard and "`zona Ciudad de México`" in heard
    assert "Tu hora desde ahora" in await talk.answer("bea", "zona Ciudad de México", room=private)
    assert "perfil" not in await talk.answer("bea", "zona", room=private), "it is what they chose"
    assert talk.gateway.zones_read == [user_id("bea")] * 3, "to choose one asks no server"


async def test_the_clock_of_ones_profile_is_said_to_nobody_else(talk: Talk) -> None:
    talk.gateway.zones[user_id("bea")] = "America/Mexico_City"
    assert "perfil" not in await talk.answer("bea", "!zona")
    assert talk.gateway.zones_read == []


@pytest.mark.parametrize("named", ["Bogotá", "mars/olympus", "../../etc/passwd", "america", ""])
async def test_a_profile_with_no_zone_that_we_know_offers_nothing(talk: Talk, named: str) -> None:
    talk.gateway.zones[user_id("bea")] = named
    assert "perfil" not in await talk.answer("bea", "zona", room=await talk.private("bea"))


async def test_without_a_homeserver_the_clock_is_said_all_the_same(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_self: FakeGateway, _user: UserId) -> str | None:
        raise TryLater("away")

    monkeypatch.setattr(FakeGateway, "profile_zone", away)
    assert "Tu hora" in await talk.answer("bea", "zona", room=await talk.private("bea"))


async def test_an_unknown_city_is_told(talk: Talk) -> None:
    assert "No conozco un lugar llamado “Macondo”" in await talk.answer("bea", "!zona Macondo")


# --- how the bot is ------------------------------------------------------------------------------


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_the_status_tells_encryption_version_and_clock(talk: Talk) -> None:
    heard = await talk.answer("bea", "!estado")
    for words in ("Versión 0.", "está cifrada", f"{day_in_words()}, 10:00 (Bogotá)"):
        assert words in heard
    assert "está cifrada" in await talk.answer("bea", "!cómo estás")


async def test_the_status_tells_the_keys_that_apps_show_in_their_groups(talk: Talk) -> None:
    talk.gateway.masters[talk.gateway.me] = "abcdEFGHijk+/0"
    talk.gateway.signing_keys[talk.gateway.me] = {"FAKE": "0123456789"}
    heard = await talk.answer("bea", "!estado")
    assert "La clave de mi identidad: abcd EFGH ijk+ /0" in heard
    assert "Mi dispositivo FAKE tiene la clave: 0123 4567 89" in heard


async def test_privacy_is_told_in_at_most_eight_lines_in_every_language(talk: Talk) -> None:
    for language, words in (("es", "90 días"), ("pt", "90 dias"), ("en", "90 days")):
        await talk.set("language", language)
        for typed in ("!privacidad", "!o que voce ve", "!what you see"):
            heard = await talk.answer("bea", typed)
            assert words in heard
            assert len(heard.splitlines()) <= 8


async def test_what_the_bot_may_not_do_is_told_with_the_way_to_let_it(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["ana"], {"ana": 100}, bot_power=0)
    await talk.says("ana", "!permisos", room=OTHER)
    (post,) = await talk.hears("Aquí no puedo")
    assert "sacar personas (hace falta el nivel 50)" in post.plain
    assert "el nivel 50" in post.plain


async def test_with_enough_power_nothing_is_missing(talk: Talk) -> None:
    assert "todo lo que necesito" in await talk.answer("ana", "!permissoes")


async def test_each_lack_says_what_fails_who_can_mend_it_and_what_they_tap(talk: Talk) -> None:
    levels = {"ana": 100, "bea": 50}
    await talk.room(OTHER, "Otra", ["ana", "bea"], levels, bot_power=0)
    heard = await talk.answer("bea", "!permisos", room=OTHER)
    for words in (
        "quitar mensajes (hace falta el nivel 50): lo secreto",
        "Quién me lo puede permitir: Ana · Bea. Ahora tengo el nivel 0.",
        "En Element X: el nombre de la sala, Roles y permisos, Moderadores",
        "En Element: los ajustes de la sala, Roles y permisos",
    ):
        assert words in heard
    assert "invitar" not in heard, "the room lets everybody invite"
    await talk.room(OTHER, "Otra", ["ana", "bea"], {"bea": 20}, bot_power=0)
    assert "Aquí nadie me puede dar" in await talk.answer("bea", "!permisos", room=OTHER)
    await talk.room(OTHER, "Otra", ["ana"], {"ana": 50}, bot_power=50)
    assert "todo lo que necesito" in await talk.answer("ana", "!permisos", room=OTHER)
    async with talk.machine.db.transaction() as tx:
        await tx.run(
            "UPDATE room SET power = json_set(power, '$.redact', 100) WHERE room = ?", OTHER
        )
    heard = await talk.answer("ana", "!permisos", room=OTHER)
    assert "quitar mensajes (hace falta el nivel 100)" in heard
    assert "Aquí nadie me puede dar" in heard


async def test_of_an_area_its_moderators_hear_in_private(talk: Talk) -> None:
    more = [RoomId(f"!m{n}:test") for n in range(4)]
    await talk.room(OTHER, "Otra", ["ana", "carla"], {"ana": 50}, bot_power=0)
    await talk.room(more[0], "Mesa", ["ana"], {"ana": 100}, bot_power=0)
    await talk.room(more[1], "Fina", ["ana", "bea"], {"ana": 50, "bea": 50})
    await talk.room(more[2], "De Bea", ["ana", "bea"], {"ana": 50, "bea": 50}, bot_power=0)
    for room in (OTHER, *more[:3]):
        await talk.says("ana", "!área agregar barrio", room=room)
    await talk.room(more[2], "De Bea", ["ana", "bea"], {"bea": 50}, bot_power=0)
    await talk.private("ana")
    await talk.said()
    await talk.says("ana", "!permisos área barrio", room=more[1])
    heard = {post.room: post.plain for post in await talk.said()}
    assert heard.pop(more[1]) == "Te escribí en privado."
    (told,) = heard.values()
    assert "En 1 sala puedo hacer todo" in told
    lacks = (
        "sacar personas",
        "prohibir la entrada a alguien",
        "cambiar quién tiene qué nivel",
        "cambiar quién puede entrar",
        "cambiar el nombre de la sala",
        "quitar mensajes",
    )
    assert f"En Otra · Mesa no puedo: {' · '.join(lacks)}" in told
    assert "No digo nada de 1 sala" in told
    assert "No moderas ninguna" in await talk.answer("carla", "!permisos área barrio")
