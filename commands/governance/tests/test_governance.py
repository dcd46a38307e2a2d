"""A room's own rules in conversation: alone, together, by the room, urgently, and put in doubt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, PostedEvent, Talk, find_number, user_id
from bot.types import EventId, Membership, RoomId, RoomUpgraded

POWERS = "m.room.power_levels"
DAY = timedelta(days=1)
PEOPLE = ["ana", "bea", "carla", "dani"]


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 50, "bea": 50}, bot_power=100)
    return talk


async def does(talk: Talk, who: str, line: str) -> str:
    """A command and its yes; all that the bot says to both."""
    asked = await talk.answer(who, line)
    return asked + "\n" + await talk.answer(who, "sí") if "¿Sigo?" in asked else asked


async def voted(talk: Talk, said: str, *who: str, vote: str = "a favor") -> str:
    """The proposal that was opened, and what the bot says when it ends."""
    number = said.split("Propuesta ")[1].split(":")[0]
    for one in who:
        await talk.says(one, f"!votar {number} {vote}")
    await talk.said()
    await talk.wait(8 * DAY)
    return "\n".join(post.plain for post in await talk.said())


def powers(posts: list[PostedEvent]) -> list[PostedEvent]:
    return [post for post in posts if post.kind == POWERS]


async def power(talk: Talk, who: str) -> int:
    levels = await talk.gateway.get_state(ROOM, POWERS, "")
    assert levels is not None
    return int(levels["users"].get(user_id(who), 0))


async def above(talk: Talk, who: str) -> None:
    """Of the two who moderate one stands higher: against an equal it takes two."""
    users = {user_id("ana"): 50, user_id("bea"): 50, talk.gateway.me: 100} | {user_id(who): 60}
    await talk.state(ROOM, POWERS, {"users": users})


async def test_a_moderator_makes_and_unmakes_another_where_no_rule_says_otherwise(
    talk: Talk,
) -> None:
    assert "No puedes" in await does(talk, "carla", "!dar-moderacion @dani:test")
    assert "@carla:test" in await does(talk, "ana", "!dar-moderacion @carla:test")
    assert await power(talk, "carla") == 50
    assert await power(talk, "ana") == 50, "what stood there stays"
    assert "ya modera" in await talk.answer("ana", "!dar-moderacion @carla:test")
    assert "no está en esta sala" in await talk.answer("ana", "!dar-moderacion @eva:test")
    asked = await does(talk, "carla", "!quitar-moderacion @ana:test")
    assert await power(talk, "ana") == 50, "against an equal another one has to agree"
    number = asked.split("!apoyar ")[1].split("`")[0]
    assert "ya no modera" in await talk.answer("bea", f"!apoyar {number}")
    assert await power(talk, "ana") == 0
    assert "No puedes" in await does(talk, "ana", "!dar-moderacion @ana:test")
    heard = await talk.answer("dani", "!historial")
    assert "Ana ya no modera" in heard
    assert "Ana: Carla modera" in heard


async def test_the_last_moderator_stays_and_the_bot_says_what_it_lacks(talk: Talk) -> None:
    await above(talk, "ana")
    await does(talk, "ana", "!quitar-moderacion @bea:test")
    assert "Nadie más modera aquí" in await talk.answer("ana", "!quitar-moderacion @ana:test")
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 50, "bea": 50}, bot_power=50)
    levels = {"users": {user_id("ana"): 60, user_id("bea"): 50, "@minga:test": 50}}
    await talk.state(ROOM, POWERS, levels)
    heard = await talk.answer("bea", "!quitar-moderacion @ana:test")
    assert "tengo el 50 y hace falta el 61" in heard
    await talk.state(ROOM, POWERS, {**levels, "events": {POWERS: 100, "m.room.name": 70}})
    assert "hace falta el 100" in await talk.answer("bea", "!dar-moderacion @carla:test")
    assert "hace falta el 70" in await talk.answer("bea", "!renombrar Casa")


async def test_two_moderators_just_unmade_do_not_leave_the_room_without_one(talk: Talk) -> None:
    """The server has not told of the first when the second is asked for."""
    await talk.says("ana", "!quitar-moderacion @ana:test")
    await talk.says("ana", "sí")
    await talk.says("bea", "!quitar-moderacion @bea:test")
    said = "\n".join(post.plain for post in await talk.said())
    assert "Nadie más modera aquí" in said


async def test_two_changes_of_power_at_once_both_stand(talk: Talk) -> None:
    """Neither has come back from the server when the other one is written."""
    for who in ("carla", "dani"):
        await talk.says("ana", f"!dar-moderacion @{who}:test")
        await talk.says("ana", "sí")
    await talk.sent()
    assert [await power(talk, who) for who in PEOPLE] == [50, 50, 50, 50]


async def test_several_moderators_have_to_agree(talk: Talk) -> None:
    await does(talk, "ana", "!dar-moderacion @carla:test")
    assert "3 personas" in await does(talk, "ana", "!gobierno renombrar 3 moderadores")
    asked = await does(talk, "ana", "!renombrar La Casa")
    assert "Faltan" in asked or "Falta el sí de 2" in asked
    number = asked.split("!apoyar ")[1].split("`")[0]
    assert "No puedes" in await talk.answer("dani", f"!apoyar {number}")
    assert "Falta el sí de 1" in await talk.answer("bea", f"!apoyar {number}")
    assert "Ya habías dicho que sí" in await talk.answer("bea", f"!apoyar {number}")
    assert f"{number} espera a la moderación" in await talk.answer("dani", "!pendientes")
    await talk.restart(DAY)
    assert "La Casa" in await talk.answer("carla", f"!apoyar {number}")
    assert "ya no espera" in await talk.answer("bea", f"!apoyar {number}")
    assert "acordado" in await talk.answer("dani", "!historial")
    lapsing = await does(talk, "ana", "!renombrar Otra")
    number = lapsing.split("!apoyar ")[1].split("`")[0]
    assert "No puedes" in await talk.answer("bea", f"!cancelar {number}")
    await talk.wait(8 * DAY)
    await talk.hears("venció")
    again = await does(talk, "bea", "!renombrar Otra")
    number = again.split("!apoyar ")[1].split("`")[0]
    assert "retirado" in await talk.answer("bea", f"!cancelar {number}")


async def test_who_does_not_moderate_any_more_does_not_count(talk: Talk) -> None:
    """And with too few left to agree the room decides."""
    await above(talk, "ana")
    await does(talk, "ana", "!gobierno renombrar 2 moderadores")
    asked = await does(talk, "bea", "!renombrar Casa")
    number = asked.split("!apoyar ")[1].split("`")[0]
    await does(talk, "ana", "!quitar-moderacion @bea:test")
    opened = await talk.answer("ana", f"!apoyar {number}")
    assert "ahora decide la sala" in opened
    assert "se llama ahora “Casa”" in await voted(talk, opened, "ana", "carla")


async def test_the_yes_of_who_was_unmade_is_gone_where_enough_others_are_left(talk: Talk) -> None:
    await above(talk, "ana")
    await does(talk, "ana", "!dar-moderacion @carla:test")
    await does(talk, "ana", "!gobierno renombrar 2 moderadores")
    asked = await does(talk, "bea", "!renombrar Casa")
    number = asked.split("!apoyar ")[1].split("`")[0]
    await does(talk, "ana", "!quitar-moderacion @bea:test")
    assert "Falta el sí de 1" in await talk.answer("ana", f"!apoyar {number}")
    assert "No puedes" in await talk.answer("bea", f"!apoyar {number}")
    assert "se llama ahora “Casa”" in await talk.answer("carla", f"!apoyar {number}")


async def test_rules_of_the_network_and_of_a_door_can_be_a_rooms_to_decide(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno reglas-de-la-red decisión 2 días")
    opened = await does(talk, "ana", "!reglas cambiar Nos cuidamos.")
    assert "todavía no escribió" in await talk.answer("bea", "!reglas")
    await voted(talk, opened, "bea", "carla")
    assert "Nos cuidamos." in await talk.answer("bea", "!reglas")


async def test_two_moderators_let_in_who_knocks(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", PEOPLE, {"ana": 50, "bea": 50}, bot_power=100, join_rule="knock")
    await does(talk, "ana", "!gobierno admitir 2 moderadores")
    await talk.moves("@dora:lejos.org", Membership.KNOCK)
    await talk.wait(timedelta(0))
    await talk.sent()
    await talk.tells("@dora:lejos.org", "por la radio")
    await talk.wait(timedelta(0))
    await talk.sent()
    async with talk.machine.db.reading() as tx:
        row = await tx.one("SELECT number FROM item WHERE kind = 'request'")
    assert row is not None
    asked = await talk.answer("ana", f"!admitir {row['number']}")
    number = asked.split("!apoyar ")[1].split("`")[0]
    assert "dora" not in asked.lower()
    await talk.says("bea", f"!apoyar {number}")
    assert ("invite", "@dora:lejos.org") in [
        (post.kind, post.content.get("user")) for post in await talk.sent()
    ]


async def test_the_room_decides_and_the_bot_carries_it_out(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno dar-moderacion decisión 2/3 3 días")
    opened = await does(talk, "carla", "!dar-moderacion @dani:test")
    assert "Carla lo pide; decide la sala: dar la moderación a" in opened
    assert "@dani:test" in opened
    assert "Propuesta" in opened
    assert "la decide la sala" in opened or "decide la sala" in opened
    assert "en la propuesta" in await does(talk, "bea", "!dar-moderacion @dani:test")
    number = int(opened.split("Propuesta ")[1].split(":")[0])
    for line in (
        f"!cerrar {number}",
        f"!cancelar {number}",
        f"!extender {number} hasta en 35 días",
    ):
        heard = await talk.answer("ana", line)
        assert "No puedes" in heard or "queda abierta" in heard, line
    assert "No puedes" in await talk.answer("ana", f"!presencial {number} a favor:1 en contra:9")
    await talk.restart()
    end = await voted(talk, opened, "carla", "dani", "bea")
    assert "aprobada" in end
    assert "modera esta sala desde ahora" in end
    assert await power(talk, "dani") == 50
    log = await talk.answer("bea", "!historial")
    assert "Minga: Dani modera" in log
    assert "Dani" not in (await talk.answer("bea", f"!acta {number}"))


async def test_any_member_may_ask_the_room_for_what_is_the_rooms(talk: Talk) -> None:
    assert "No puedes" in await does(talk, "carla", "!configurar idioma en")
    await does(talk, "ana", "!gobierno ajuste idioma decisión")
    opened = await does(talk, "carla", "!configurar idioma en")
    assert "antes" not in await talk.answer("carla", '!gobierno "renombrar" decisión')
    assert "No puedes" in await does(talk, "carla", "!configurar zona Lima")
    assert "aprobada" in await voted(talk, opened, "ana", "carla")
    assert "Everything is decided by" in await talk.answer("dani", "!governance")
    assert "change the setting" in await talk.answer("dani", "!governance")


async def test_what_is_turned_down_or_has_no_object_any_more_is_not_done(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno todo decisión")
    opened = await does(talk, "bea", "!dar-moderacion @dani:test")
    assert "no aprobada" in await voted(talk, opened, "ana", "carla", vote="en contra")
    opened = await does(talk, "bea", "!dar-moderacion @dani:test")
    await talk.moves("dani", Membership.LEAVE)
    end = await voted(talk, opened, "ana", "bea", "carla")
    assert "ya no se puede hacer" in end
    assert "no está en esta sala" in end
    assert await power(talk, "dani") == 0


async def test_the_rule_about_rules_is_ruled_and_nobody_loosens_alone_what_takes_the_room(
    talk: Talk,
) -> None:
    await does(talk, "ana", "!gobierno renombrar decisión")
    loosen = await talk.answer("ana", "!gobierno renombrar moderador")
    assert "Quién decide este cambio: decide la sala" in loosen
    opened = await talk.answer("ana", "sí")
    assert "Propuesta" in opened
    undo = await does(talk, "ana", "!deshacer")
    assert "Propuesta" in undo, "nor by taking the line of the log back"
    assert "no se puede hacer de urgencia" in await does(
        talk, "ana", "!urgente gobierno renombrar moderador"
    )
    end = await voted(talk, opened, "bea", "carla")
    assert "Desde ahora" in end
    assert "se llama ahora “X1”" in await does(talk, "ana", "!renombrar X1")


async def test_taking_back_is_ruled_as_what_it_comes_to(talk: Talk) -> None:
    """Who was unmade by one moderator is made again as moderators are made: by the room."""
    await above(talk, "ana")
    await does(talk, "ana", "!quitar-moderacion @bea:test")
    await does(talk, "ana", "!gobierno dar-moderacion decisión")
    assert "Propuesta" in await does(talk, "ana", "!gobierno dar-moderacion moderador")
    line = (await talk.answer("dani", "!cuestionar")).splitlines()
    demoted = next(one for one in line if "Bea ya no modera" in one).split(":")[0]
    async with talk.machine.db.transaction() as tx:  # the newest that can be taken back
        await tx.run("UPDATE log SET undo = NULL WHERE id > ?", int(demoted))
    assert "Propuesta" in await does(talk, "ana", "!deshacer")
    assert await power(talk, "bea") == 0


async def test_what_changed_since_is_not_taken_back_with_what_was_before(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno ajuste zona 2 moderadores")
    await does(talk, "ana", "!urgente configurar zona Lima")
    asked = await does(talk, "ana", "!configurar zona Quito")
    number = asked.split("!apoyar ")[1].split("`")[0]
    await talk.answer("bea", f"!apoyar {number}")
    await talk.wait(3 * DAY)
    assert "Eso cambió otra vez" in "\n".join(post.plain for post in await talk.said())
    assert "Quito" in await talk.answer("dani", "!configurar zona")


async def test_too_few_voters_are_called_a_second_time_when_it_is_about_a_rule(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno gobierno decisión quórum 50% 2 días")
    opened = await does(talk, "ana", "!gobierno gobierno moderador")
    again = await voted(talk, opened, "ana")
    assert "segunda convocatoria" in again
    assert "Desde ahora" in await voted(talk, again.split("convocatoria")[1], "ana")


async def test_without_moderators_the_members_decide(talk: Talk) -> None:
    await talk.state(ROOM, POWERS, {"users": {"@minga:test": 100}})
    assert "por ahora" in await talk.answer("dani", "!gobierno dar-moderacion")
    opened = await does(talk, "dani", "!dar-moderacion @dani:test")
    await voted(talk, opened, "ana", "dani")
    assert await power(talk, "dani") == 50


async def test_urgent_is_done_at_once_and_lapses_or_stays(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno todo decisión")
    assert "No puedes" in await does(talk, "carla", "!urgente renombrar Fuego")
    opened = await does(talk, "ana", "!urgente renombrar Fuego")
    assert "¿Queda así?" in opened
    assert "Fuego" in str(await talk.gateway.get_state(ROOM, "m.room.name", ""))
    end = await voted(talk, opened, "bea", "carla", vote="en contra")
    assert "lo deshice" in end
    assert "Sala" in str(await talk.gateway.get_state(ROOM, "m.room.name", ""))
    opened = await does(talk, "ana", "!urgente renombrar Agua")
    assert "Queda, con el sí" in await voted(talk, opened, "bea", "carla")
    assert "Agua" in str(await talk.gateway.get_state(ROOM, "m.room.name", ""))
    assert "da permisos" in await does(talk, "ana", "!urgente dar-moderacion @dani:test")
    log = await talk.answer("carla", "!historial")
    assert log.count("de urgencia") == 2
    assert "No entendí" in await talk.answer("ana", "!urgente bailar")


async def test_urgent_among_moderators_lapses_by_itself_after_a_restart(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno renombrar 2 moderadores")
    await does(talk, "ana", "!urgente renombrar Fuego")
    await talk.restart(timedelta(hours=47))
    await talk.wait(timedelta(hours=2))
    (undone,) = await talk.hears("lo deshice")
    assert "con retraso" in undone.plain
    asked = await does(talk, "ana", "!urgente renombrar Agua")
    number = asked.split("!apoyar ")[1].split("`")[0]
    assert "No puedes" in await talk.answer("ana", f"!cancelar {number}")
    assert "Queda, con el sí" in await talk.answer("bea", f"!apoyar {number}")
    await talk.wait(4 * DAY)
    assert "Agua" in str(await talk.gateway.get_state(ROOM, "m.room.name", ""))


async def test_a_moderator_who_is_away_loses_nothing_by_what_nobody_confirms(talk: Talk) -> None:
    """Found by the walk: their power could not come back, as they were not there."""
    await above(talk, "ana")
    await does(talk, "ana", "!gobierno quitar-moderacion 2 moderadores")
    await talk.moves("bea", Membership.LEAVE)
    assert "de urgencia" in await does(talk, "ana", "!urgente quitar-moderacion @bea:test")
    assert await power(talk, "bea") == 0
    await talk.wait(8 * DAY)
    assert any("lo deshice" in post.plain for post in await talk.said())
    assert await power(talk, "bea") == 50


async def test_members_put_in_doubt_what_a_moderator_did(talk: Talk) -> None:
    await does(talk, "ana", "!renombrar Mi casa")
    listed = await talk.answer("dani", "!cuestionar")
    assert "el nombre de la sala: “Sala” → “Mi casa”" in listed
    line = listed.splitlines()[1].split(":")[0]
    opened = await does(talk, "dani", f"!cuestionar {line}")
    assert "Dani pregunta a la sala por algo que hizo Ana" in opened
    assert "ya lo votó" in await talk.answer("carla", f"!cuestionar {line}")
    number = opened.split("Propuesta ")[1].split(":")[0]
    assert "es de toda la sala" in await talk.answer("ana", f"!cerrar {number}")
    assert "No puedes" in await talk.answer("ana", f"!cancelar {number}")
    end = await voted(talk, opened, "dani", "carla")
    assert "aprobada" in end
    assert "Sala" in str(await talk.gateway.get_state(ROOM, "m.room.name", ""))
    assert "deshizo: el nombre" in await talk.answer("bea", "!historial")
    assert "No existe la línea" in await talk.answer("dani", "!cuestionar 999")
    await does(talk, "ana", "!renombrar Otra")
    newest = (await talk.answer("dani", "!cuestionar")).splitlines()[1].split(":")[0]
    await talk.wait(8 * DAY)
    assert "demasiado tiempo" in await talk.answer("dani", f"!cuestionar {newest}")
    assert "no hay nada" in await talk.answer("dani", "!cuestionar")


async def test_one_cannot_fill_the_room_with_wishes(talk: Talk) -> None:
    await does(talk, "ana", "!gobierno renombrar decisión")
    for place in range(5):
        assert "Propuesta" in await does(talk, "dani", f"!renombrar Casa {place}")
    assert "siguen esperando" in await does(talk, "dani", "!renombrar Casa 6")


async def test_rules_wishes_and_roles_go_along_to_the_next_room(
    talk: Talk,
) -> None:
    await does(talk, "ana", "!gobierno dar-moderacion 2 moderadores")
    asked = await does(talk, "ana", "!dar-moderacion @dani:test")
    number = find_number(asked.split("!apoyar ")[1])
    assert "dar la moderación a alguien" in await talk.answer("bea", "!gobierno")
    assert str(number) in await talk.answer("bea", "!pendientes")
    await talk.answer("ana", "!cargo nuevo cuidado")
    await talk.answer("ana", "!cargo dar cuidado @carla:test")
    new = await talk.room(
        RoomId("!nueva:test"), "Sala", PEOPLE, {"ana": 50, "bea": 50}, bot_power=100
    )
    at = talk.clock.at
    await talk.happens(RoomUpgraded(ROOM, EventId("$u"), user_id("ana"), at, new, True, True))
    await talk.sent()
    assert "cuidado: Carla" in await talk.answer("bea", "!cargo", room=new)
    assert "2 personas de la moderación" in await talk.answer("bea", "!gobierno", room=new)
    assert "modera esta sala" in await talk.answer("bea", f"!apoyar {number}", room=new)
    levels = await talk.gateway.get_state(new, POWERS, "")
    assert levels is not None and levels["users"][user_id("dani")] == 50


async def test_where_nothing_differs_three_lines_say_who_decides(talk: Talk) -> None:
    lines = (await talk.answer("bea", "!quién-decide")).splitlines()
    assert len(lines) == 3
    assert lines[0] == "Todo lo decide: una sola persona de la moderación."
    assert "`expulsión`" in lines[2]
