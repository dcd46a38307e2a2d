"""Roles in conversation: given, for a time, by lot, called by their name; and what they may."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, dated, user_id
from bot.types import Membership

DAY = timedelta(days=1)
PEOPLE = ["ana", "bea", "carla", "dani"]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 50}, bot_power=100)
    return talk


def mentioned(post: PostedEvent) -> list[str]:
    return list(post.content["m.mentions"].get("user_ids", ()))


async def test_a_role_is_made_given_shown_and_left(talk: Talk) -> None:
    assert "aún no tiene cargos" in await talk.answer("bea", "!cargo")
    assert "No puedes" in await talk.answer("bea", "!cargo nuevo cuidado")
    assert "desde ahora hay un cargo “cuidado”" in await talk.answer("ana", "!cargo nuevo cuidado")
    assert "ya hay un cargo" in await talk.answer("ana", "!role new Cuidado")
    assert "una palabra de 2 a 30" in await talk.answer("ana", "!cargo nuevo @ana:test")
    assert "una palabra de 2 a 30" in await talk.answer("ana", "!cargo nuevo sortear")
    assert "¿A quién?" in await talk.answer("ana", "!cargo dar cuidado")
    assert "no está en esta sala" in await talk.answer("ana", "!cargo dar cuidado @eva:test")
    assert "@bea:test) tiene el cargo" in await talk.answer("ana", "!cargo dar cuidado @bea:test")
    assert "ya tiene ese cargo" in await talk.answer("ana", "!cargo dar cuidado @bea:test")
    assert "cuidado: Bea" in await talk.answer("dani", "!cargo")
    assert "No existe el cargo “prensa”" in await talk.answer("dani", "!cargo prensa")
    assert "Falta el cargo" in await talk.answer("dani", "!cargo dar")
    assert "No tienes ese cargo" in await talk.answer("dani", "!cargo dejar cuidado")
    assert "ya no tiene el cargo" in await talk.answer("bea", "!cargo dejar cuidado")
    assert "cuidado: nadie" in await talk.answer("dani", "!cargo cuidado")
    log = await talk.answer("dani", "!historial")
    assert "Ana: Bea tiene el cargo “cuidado”" in log
    assert "Bea: Bea no tiene el cargo “cuidado”" in log
    await talk.answer("ana", "!deshacer")
    await talk.answer("ana", "sí")
    assert "cuidado: Bea" in await talk.answer("dani", "!cargo cuidado")
    await talk.answer("ana", "!cargo borrar cuidado")
    assert "ya no existe" in await talk.answer("ana", "sí")


async def test_a_role_that_moderates_is_power_and_ruled_as_power_is(talk: Talk) -> None:
    await talk.answer("ana", "!cargo nuevo custodia modera")
    await talk.answer("ana", "!cargo dar custodia @bea:test")
    assert "¿Sigo?" in await talk.answer("bea", "!renombrar Casa")
    assert "se llama ahora “Casa”" in await talk.answer("bea", "sí")
    assert "da permisos" in await _urgently(talk)
    await talk.moves("bea", Membership.LEAVE)
    await talk.moves("bea", Membership.JOIN)
    assert "No puedes" in await talk.answer("bea", "!renombrar Otra")
    assert "Bea salió y dejó el cargo" in await talk.answer("dani", "!historial")
    await talk.answer("ana", "!gobierno dar-moderacion decisión")
    await talk.answer("ana", "sí")
    assert "Propuesta" in await talk.answer("dani", "!cargo dar custodia @dani:test")
    assert "Propuesta" in await talk.answer("dani", "!cargo nuevo otra modera")
    assert "desde ahora hay un cargo" in await talk.answer("ana", "!cargo nuevo tercera")


async def _urgently(talk: Talk) -> str:
    """A moderator gives power by a role where the room decides on it."""
    await talk.answer("ana", "!gobierno cargo-que-modera decisión")
    await talk.answer("ana", "sí")
    return await talk.answer("ana", "!urgente cargo dar custodia @carla:test")


async def test_the_last_who_moderates_keeps_the_role_until_somebody_else_does(talk: Talk) -> None:
    await talk.answer("ana", "!cargo nuevo custodia modera")
    await talk.answer("ana", "!cargo dar custodia @bea:test")
    levels = {"users": {user_id("ana"): 0, talk.gateway.me: 100}}
    await talk.state(ROOM, "m.room.power_levels", levels)
    assert "Nadie más modera" in await talk.answer("bea", "!cargo dejar custodia")
    await talk.answer("bea", "!cargo borrar custodia")
    assert "Nadie más modera" in await talk.answer("bea", "sí")
    assert "tiene el cargo" in await talk.answer("bea", "!cargo dar custodia @carla:test")
    assert "ya no tiene" in await talk.answer("bea", "!cargo dejar custodia")


async def test_a_term_ends_by_itself_with_a_word_before_and_says_how_late(talk: Talk) -> None:
    await talk.answer("ana", "!cargo nuevo facilitación por 1 mes")
    heard = await talk.answer("ana", "!cargo dar facilitacion @bea:test")
    assert dated("hasta el {+30 day}") in heard
    await talk.wait(23 * DAY + timedelta(minutes=1))
    (soon,) = await talk.said()
    assert "termina" in soon.plain
    assert mentioned(soon) == [user_id("bea")]
    await talk.restart(9 * DAY)
    await talk.wait(timedelta(0))
    (over,) = await talk.said()
    assert "Terminó el período de Bea" in over.plain
    assert "con retraso" in over.plain
    assert "facilitación (por 30 días): nadie" in await talk.answer("ana", "!cargo")
    heard = await talk.answer("ana", dated("!cargo dar facilitación @carla:test hasta {+40}"))
    assert dated("{+40 day}", now=talk.clock.at) in heard
    await talk.answer("ana", "!cargo quitar facilitación @carla:test")
    await talk.wait(20 * DAY)
    await talk.hears_nothing()


async def test_who_comes_by_a_bridge_is_not_drawn(talk: Talk) -> None:
    await talk.state(ROOM, "m.bridge", {"protocol": {"id": "irc"}}, user_id("@ircbot:test"))
    await talk.moves("@irc_rosa:test", Membership.JOIN)
    await talk.answer("ana", "!cargo nuevo facilitación por 3 meses")
    assert "Solo 4 personas" in await talk.answer("ana", "!cargo sortear facilitación 5")
    await talk.set("bridged_people", "yes")
    assert "Sorteo" in await talk.answer("ana", "!cargo sortear facilitación 5")


async def test_a_draw_can_be_counted_again_from_what_the_room_read(talk: Talk) -> None:
    await talk.answer("ana", "!cargo nuevo facilitación por 3 meses")
    await talk.answer("ana", "!cargo dar facilitación @ana:test")
    assert "Solo 3 personas" in await talk.answer("ana", "!cargo sortear facilitación 4")
    assert "¿Cuántas" in await talk.answer("ana", "!cargo sortear facilitación muchas")
    await talk.says("ana", "!cargo sortear facilitación 1 en 30 min")
    (opening,) = await talk.said()
    assert "Ya hay un sorteo" in await talk.answer("ana", "!cargo sortear facilitación")
    promise = opening.plain.split("`")[-2]
    assert "“girasol” está en el sorteo" in await talk.answer("bea", "girasol", reply=opening)
    assert "palabra anterior" in await talk.answer("bea", "clavel", reply=opening)
    assert "está en el sorteo" in await talk.answer("ana", "lluvia", reply=opening)
    assert "no entras" in await talk.answer("dani", "no", reply=opening)
    await talk.restart(timedelta(hours=1))
    await talk.wait(timedelta(0))
    said = await talk.said()
    over, sheet = said[0], said[1]
    name = next(iter(talk.gateway.files))
    secret = _secret(talk)
    assert sha256(secret.encode()).hexdigest() == promise
    seed = sha256(f"{secret}\n@ana:test lluvia\n@bea:test clavel".encode()).hexdigest()
    order = sorted(
        (user_id("bea"), user_id("carla")),
        key=lambda who: sha256(f"{seed} {who}".encode()).hexdigest(),
    )
    assert f"({order[0]}) tiene el cargo" in over.plain
    assert mentioned(over) == [order[0]]
    assert "2 personas agregaron una palabra" in over.plain
    assert "con retraso" in over.plain
    assert name
    assert sheet.content["msgtype"] == "m.file"
    assert await talk.answer("carla", "tarde", reply=opening) == ""
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM roles_draw") == []


def _secret(talk: Talk) -> str:
    """What the file shows: the same hash stood in the room before."""
    (data,) = talk.gateway.files.values()
    text = data.decode(errors="replace")
    return text.split("sha256(")[1].split(")")[0]


async def test_calling_a_role_reaches_its_people_and_nobody_else(talk: Talk) -> None:
    await talk.answer("ana", "!cargo nuevo coordinadoras")
    assert "Nadie tiene ahora" in await talk.answer("dani", "!cargo coordinadoras hola")
    for who in ("bea", "carla"):
        await talk.answer("ana", f"!cargo dar coordinadoras @{who}:test")
    await talk.says("dani", "!cargo coordinadoras <b>se fue la luz</b> @ana:test")
    (called,) = await talk.said()
    assert mentioned(called) == [user_id("bea"), user_id("carla")]
    assert "Dani llama a coordinadoras: Bea" in called.plain
    assert called.content["msgtype"] == "m.text"
    assert "Hace un momento" in await talk.answer("dani", "!cargo coordinadoras otra vez")
    await talk.wait(timedelta(minutes=6))
    await talk.says("dani", "@coordinadoras ¿quién trae agua?")
    await talk.hears_nothing()
    await talk.set("role_mentions", "yes")
    await talk.says("dani", "@Coordinadoras ¿quién trae agua?")
    (called,) = await talk.said()
    assert mentioned(called) == [user_id("bea"), user_id("carla")]
    await talk.says("dani", "@coordinadoras ¿y pan?")
    await talk.says("dani", "escribe a @coordinadoras:test o ana@coordinadoras.org")
    await talk.hears_nothing()


async def test_a_name_shown_gives_nobody_a_role(talk: Talk) -> None:
    """Who calls themselves like somebody else, or like a role, is who they are."""
    await talk.answer("ana", "!cargo nuevo custodia modera")
    await talk.answer("ana", "!cargo dar custodia @bea:test")
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE member SET name = 'custodia' WHERE person = ?", user_id("dani"))
        await tx.run("UPDATE member SET name = 'Bea' WHERE person = ?", user_id("carla"))
    for who in ("dani", "carla"):
        assert "No puedes" in await talk.answer(who, "!renombrar Mía")
