"""Who may publish, withdraw and say yes to their name, tried by who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.testing.talk import ROOM, Talk, find_number, user_id
from bot.types import Membership, RoomId
from commands.publishing import store
from commands.publishing.tests.test_names import calls_themselves, named_event
from commands.publishing.tests.test_publishing import public_text, record, said_now
from commands.publishing.tests.test_replies import announced
from storage import rooms
from storage.membership import room_state

OTHER = RoomId("!otra:test")


async def set_power(talk: Talk, who: str, power: int, room: RoomId = ROOM) -> None:
    """Give somebody this power level in a room; below zero they may not write there."""
    content = {"users": {user_id("ana"): 50, talk.gateway.me: 50, user_id(who): power}}
    event = {"type": "m.room.power_levels", "state_key": "", "sender": user_id("ana")}
    async with talk.machine.db.transaction() as tx:
        await room_state.apply_state(tx, room, [event | {"content": content}], whole=False)


# --- to publish -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "!publicar el aviso",
        "!publicar el último aviso",
        "!publica lo del agua",
        "!publicar todo",
        "!publicar o aviso de hoje",
        "!torna público o aviso da água",
        "!publish the notice",
        "!make public the water notice",
    ],
)
async def test_who_may_not_publish_is_not_shown_what_could_be(talk: Talk, line: str) -> None:
    await announced(talk)
    await announced(talk, "Otro aviso del agua")
    said = await talk.answer("bea", line)
    assert "No puedes" in said and "agua" not in said, said


# --- to be named ----------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["sí", "publicar mi nombre 1"])
@pytest.mark.parametrize("how", ["ban", "kick", "leave", "mute"])
async def test_who_may_not_speak_in_the_room_does_not_say_yes_there(
    talk: Talk, how: str, line: str
) -> None:
    await talk.room(OTHER, "Otra", ["ana", "bea"])
    await calls_themselves(talk, "bea", "Ana es una ladrona")
    await named_event(talk)
    if how == "mute":
        await set_power(talk, "bea", -1)
    else:
        now = Membership.BAN if how == "ban" else Membership.LEAVE
        await talk.moves("bea", now, by=None if how == "leave" else "ana")
    await said_now(talk)
    await talk.tells("bea", line)
    await talk.wait_until(talk.clock.at)
    said = await talk.said()
    assert not [post for post in said if post.room == ROOM], [post.plain for post in said]
    assert "ladrona" not in await public_text(talk, 1)
    assert any("No pongo tu nombre en 1" in post.plain for post in said), [
        post.plain for post in said
    ]


async def test_who_was_muted_still_takes_their_name_back(talk: Talk) -> None:
    await named_event(talk)
    await talk.tells("bea", "sí")
    await said_now(talk)
    await set_power(talk, "bea", -1)
    await talk.tells("bea", "retirar mi nombre 1")
    assert "Saco tu nombre" in await said_now(talk)
    assert "Casa de alguien" in await public_text(talk, 1)


async def test_nobody_outside_the_room_is_asked(talk: Talk) -> None:
    await talk.room(OTHER, "Otra", ["ana", "dora"])
    await talk.says("ana", "!evento Marcha en 50 horas lugar: Casa de @dora:test")
    shown = await talk.answer("ana", "!publicar 1")
    assert "en privado si puedo nombrar" not in shown, "who is in another room is no answer here"
    await talk.says("ana", "sí")
    assert "Tu nombre estaría" not in await said_now(talk)


async def test_the_room_is_told_of_a_yes_once(talk: Talk) -> None:
    await named_event(talk)
    told = 0
    for _again in range(3):
        await talk.tells("bea", "publicar mi nombre 1")
        told += (await said_now(talk)).count("deja que su nombre esté")
    assert told == 1


# --- to withdraw ----------------------------------------------------------------------------------


async def leave_room(talk: Talk, room: RoomId) -> None:
    async with talk.machine.db.transaction() as tx:
        await rooms.mark_left(tx, room)


@pytest.mark.parametrize("line", ["!retirar 1", "!quitar de la web 1"])
async def test_of_a_room_that_the_bot_left_others_withdraw_nothing(talk: Talk, line: str) -> None:
    await talk.room(OTHER, "Otra", ["ana", "bea", "carla"], {"ana": 50, "bea": 50})
    await talk.says("ana", "!avisar Marcha el sábado en: todas")
    await talk.says("ana", "sí")
    await said_now(talk)
    await publish(talk)
    await leave_room(talk, ROOM)
    assert "No puedes" in await talk.answer("bea", line, room=OTHER)
    found = await record(talk, 1)
    assert found is not None and found.is_public
    await talk.tells("ana", "retirar 1")
    assert "ya no es público" in await said_now(talk)
    found = await record(talk, 1)
    assert found is not None and found.reason == store.ASKED


@pytest.mark.parametrize("line", ["retirar nota", "retirar #nota", "retirar el texto", "retirar 1"])
async def test_who_may_not_write_there_withdraws_by_no_name_either(talk: Talk, line: str) -> None:
    await talk.says("bea", "!guardar nota Texto")
    await publish(talk)
    await set_power(talk, "bea", -1)
    await talk.tells("bea", line)
    assert "no puedes escribir en “Sala”" in await said_now(talk)
    found = await record(talk, 1)
    assert found is not None and found.is_public


async def test_who_left_takes_their_own_out_and_who_was_removed_does_not(talk: Talk) -> None:
    await talk.says("bea", "!evento Marcha en 50 horas")
    await publish(talk)
    await talk.moves("bea", Membership.LEAVE, by="ana")
    await talk.tells("bea", "retirar 1")
    assert "No existe" in await said_now(talk)
    await talk.moves("bea", Membership.JOIN)
    await talk.moves("bea", Membership.LEAVE)
    await talk.tells("bea", "publicar 1")
    assert "No existe" in await said_now(talk)
    await talk.tells("bea", "retirar 1")
    assert "ya no es público" in await said_now(talk)
    found = await record(talk, 1)
    assert found is not None and not found.is_public


async def publish(talk: Talk) -> None:
    await talk.says("ana", "!publicar 1")
    await talk.says("ana", "sí")
    assert "ahora es público" in await said_now(talk)


async def test_a_rule_for_withdrawing_says_that_a_moderator_does_it_all_the_same(
    talk: Talk,
) -> None:
    same = "aun así, quien modera puede hacerlo enseguida"
    assert same not in await talk.answer("ana", "!quién-decide")
    assert same not in await talk.answer("ana", "!quién-decide retirar")
    shown = await talk.answer("ana", "!quién-decide retirar decisión")
    assert f"decide la sala (mayoría · 3 días); {same}" in shown, shown
    assert same in await talk.answer("ana", "sí")
    assert same in await talk.answer("ana", "!quién-decide retirar")
    await talk.says("ana", "!quién-decide retirar como siempre")
    await talk.says("ana", "sí")
    await said_now(talk)
    await talk.says("ana", "!quién-decide todo decisión")
    await talk.says("ana", "sí")
    await said_now(talk)
    lines = (await talk.answer("bea", "!quién-decide")).splitlines()
    excepted = [line for line in lines if same in line]
    assert any(line.startswith("`retirar`") for line in excepted), lines
    assert not any("publicar`" in line for line in excepted)


async def test_to_undo_a_withdrawal_takes_what_publishing_takes(talk: Talk) -> None:
    await talk.says("ana", "!evento Marcha en 500 horas")
    await publish(talk)
    for line in ("retirar 1 moderador", "publicar decisión"):
        await talk.says("ana", f"!quién-decide {line}")
        await talk.says("ana", "sí")
    await talk.says("ana", "!retirar 1")
    await talk.says("ana", "!deshacer")
    await talk.says("ana", "sí")
    said = await said_now(talk)
    assert "Ana lo pide; decide la sala: deshacer: sacó 1 de lo público" in said, said
    found = await record(talk, 1)
    assert found is not None and not found.is_public


async def test_a_wish_to_withdraw_goes_to_the_room_where_too_few_moderate(talk: Talk) -> None:
    await set_power(talk, "carla", 50)
    await talk.says("bea", "!evento Marcha en 500 horas")
    await publish(talk)
    await talk.says("ana", "!quién-decide publicar 2 moderadores")
    await talk.says("ana", "sí")
    await said_now(talk)
    assert "Falta el sí de 2" in await talk.answer("bea", "!retirar 1"), "bea does not moderate"
    await talk.moves("carla", Membership.LEAVE)
    await talk.wait(timedelta(days=8))
    said = "\n".join(post.plain for post in await talk.said(ROOM))
    assert "ahora decide la sala: retirar de lo público 1" in said, said


@pytest.mark.parametrize(
    ("act", "back"),
    [("!publicar 1", "!retirar 1"), ("!publicar decisiones", "!publicar decisiones no")],
)
async def test_by_undo_too_only_a_whole_yes_publishes(talk: Talk, act: str, back: str) -> None:
    await talk.says("ana", "!evento Marcha en 500 horas")
    for line in (act, "sí", back):
        await talk.says("ana", line)
    await said_now(talk)
    for answer, again in (("ok", False), ("sí", True)):
        asked = await talk.answer("ana", "!deshacer")
        assert "Quien lo guarde lo conserva, aunque después lo retires" in asked, asked
        assert ("Deshecho" in await talk.answer("ana", answer)) is again


# --- by itself ------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["ban", "kick", "mute", "forgotten", "left"])
async def test_what_somebody_asked_who_was_removed_waits_for_a_look(talk: Talk, how: str) -> None:
    await talk.says("ana", "!publicar decisiones")
    await talk.says("ana", "sí")
    await talk.says("bea", "!encuesta ¿Es soplona la del quinto? Sí, Claro que sí hasta en 2 horas")
    await talk.says("carla", "!votar 1 1")
    if how == "mute":
        await set_power(talk, "bea", -1)
    elif how == "forgotten":
        await talk.tells("bea", "borrarme")
        await talk.tells("bea", "sí")
    if how not in ("mute", "left"):
        await talk.moves("bea", Membership.BAN if how == "ban" else Membership.LEAVE, by="ana")
    elif how == "left":
        await talk.moves("bea", Membership.LEAVE)
    await talk.wait(timedelta(hours=2))
    await talk.wait(timedelta(days=3))
    said = "\n".join(post.plain for post in await talk.said())
    if how == "left":
        assert "ahora es público" in said
        return
    assert "no se hace público por sí solo" in said and "`!publicar 1`" in said, said
    assert await record(talk, 1) is None


async def test_after_a_restore_what_was_open_waits_for_a_look(talk: Talk) -> None:
    await talk.says("ana", "!publicar decisiones")
    await talk.says("ana", "sí")
    poll = "!encuesta ¿Dónde? Norte, Sur hasta en 2 horas"
    await talk.says("bea", poll)
    await talk.says("carla", "!votar 1 1")
    await said_now(talk)
    await talk.restore_backup()
    await talk.restart()
    told = "\n".join(post.plain for post in await talk.said(ROOM))
    assert "lo que está abierto ahora no, por sí solo" in told, told
    assert "`!publicar decisiones no`" in told
    await talk.wait(timedelta(hours=2))
    await talk.wait(timedelta(days=3))
    await said_now(talk)
    assert await record(talk, 1) is None
    number = find_number(await talk.answer("bea", poll))
    await talk.says("carla", f"!votar {number} 1")
    await talk.wait(timedelta(hours=2))
    await talk.wait(timedelta(days=3))
    found = await record(talk, number)
    assert found is not None and found.is_public, "it said so when it opened"


async def test_a_moderator_ends_it_at_once_whatever_the_rule_is(talk: Talk) -> None:
    await talk.says("ana", "!publicar decisiones")
    await talk.says("ana", "sí")
    await talk.says("ana", "!quién-decide publicar decisión")
    await talk.says("ana", "sí")
    await said_now(talk)
    assert "decide la sala" in await talk.answer("bea", "!publicar decisiones no")
    assert "ya no se hace público" in await talk.answer("ana", "!publicar decisiones no")
    assert "no se hace público por sí solo" in await talk.answer("ana", "!publicar")
    for line in ("!publicar decisiones", "!deshacer"):
        await talk.says("ana", line)
        assert "decide la sala" in await talk.answer("ana", "sí"), line


@pytest.mark.parametrize(
    ("act", "undone"),
    [
        ("!publicar decisiones", "no se hace público por sí solo"),
        ("!publicar 1", "Nada de esta sala es público"),
    ],
)
async def test_a_moderator_undoes_at_once_what_the_room_made_public(
    talk: Talk, act: str, undone: str
) -> None:
    """As by the command that ends it: what becomes public meanwhile can't be taken back."""
    for line in ("!evento Marcha en 500 horas", "!quién-decide publicar decisión", "sí", act):
        await talk.says("ana", line)
    await said_now(talk)
    opened = await talk.answer("ana", "sí")
    number = opened.split("Propuesta ")[1].split(":")[0]
    for who in ("ana", "bea", "carla"):
        await talk.says(who, f"!votar {number} a favor")
    await talk.wait(timedelta(days=4))
    said = "\n".join(post.plain for post in await talk.said())
    assert "ahora es público" in said or "se hace público" in said, said
    await talk.says("ana", "!deshacer")
    assert "Deshecho" in await talk.answer("ana", "sí"), "no vote of days"
    assert undone in await talk.answer("ana", "!publicar")
