"""Warned, silenced, taken out, kept out: who may, what it touches, how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.testing.talk import ROOM, Talk, day_in_words, user_id
from bot.types import Membership, RoomId

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEVELS = "m.room.power_levels"
BEA, CARLA = user_id("bea"), user_id("carla")


def power(talk: Talk, room: RoomId = ROOM) -> dict[str, Any]:
    """The room's own entries, as its server has them."""
    return dict(talk.gateway.state[room, LEVELS, ""]["users"])


async def told(talk: Talk) -> dict[str, str]:
    """What was said since, by reader; `sala` is the room."""
    rooms = {await talk.private(who): who for who in ("ana", "bea", "carla")}
    found: dict[str, str] = {}
    for post in await talk.said():
        reader = rooms.get(post.room, "sala")
        found[reader] = f"{found.get(reader, '')}{post.plain}\n"
    return found


async def warned(talk: Talk, how: str = "2", who: str = "bea") -> dict[str, str]:
    await talk.tells("ana", f"advertir @{who}:test insultos de noche")
    await talk.sent()
    await talk.tells("ana", how)
    return await told(talk)


async def test_a_private_word_comes_first_and_is_kept_nowhere(talk: Talk) -> None:
    await talk.says("ana", "!advertir @bea:test insultos de noche")
    posts = await talk.sent()
    assert [p.kind for p in posts if p.room == ROOM] == ["redact"]  # nobody reads who is meant
    assert "como mensaje personal tuyo: no cuenta" in posts[-1].plain + posts[0].plain
    await talk.tells("ana", "1")
    said = await told(talk)
    assert "Ana (@ana:test) te quiere decir algo, desde “Sala”: insultos" in said["bea"]
    assert set(said) == {"ana", "bea"}
    async with talk.machine.db.reading() as tx:
        assert not await tx.all("SELECT 1 FROM care_measure")
        assert not await tx.all("SELECT 1 FROM log")


async def test_warnings_are_counted_for_a_time_and_the_log_names_nobody(talk: Talk) -> None:
    assert "Es la única de los últimos" in (await warned(talk))["bea"]
    await talk.wait(89 * DAY)
    said = await warned(talk)
    assert "Es la número 2 de los últimos" in said["bea"] and "número 2" in said["ana"]
    assert "apelar 2" in said["bea"] and set(said) == {"ana", "bea"}
    line = await talk.answer("carla", "!historial")
    assert "advirtió a alguien (número 2). Motivo: insultos de noche" in line
    assert "Bea" not in line
    await talk.wait(2 * DAY)
    assert "Es la número 2" in (await warned(talk))["bea"]  # the first one counts no more
    async with talk.machine.db.reading() as tx:
        assert len(await tx.all("SELECT 1 FROM care_measure")) == 2


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_silence_ends_by_itself_and_all_is_as_before(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla"], {"ana": 50, "carla": 10})
    before = power(talk)
    for who in ("bea", "carla"):
        assert f"no puede escribir aquí hasta el {day_in_words()}" in await talk.answer(
            "ana", f"!silenciar @{who}:test por 2 horas gritos"
        )
    assert power(talk) == {**before, BEA: -1, CARLA: -1}
    await talk.restart(after=3 * HOUR)
    await talk.wait(timedelta(0))
    said = await told(talk)
    assert "Ya puedes volver a escribir en “Sala”" in said["bea"]
    assert "con retraso de 1 h" in said["carla"]
    assert power(talk) == before
    log = await talk.answer("carla", "!historial")
    assert f"Ana: silenció a alguien hasta el {day_in_words()}, 12:00" in log
    assert "Motivo: gritos" in log and "Bea" not in log


@pytest.mark.parametrize(
    "line", ["silenciar carla 2h gritos", "advertir", "expulsar Carla", "vetar carla"]
)
async def test_who_may_not_hears_that_before_any_question(talk: Talk, line: str) -> None:
    for said in (
        await talk.answer("bea", f"!{line}"),
        await talk.answer("bea", line, room=await talk.private("bea")),
    ):
        assert "es para la moderación de la sala" in said
        assert "Falta" not in said and "@nombre:servidor" not in said


async def test_who_may_is_asked_for_the_person_and_it_is_done_where_it_was_typed(
    talk: Talk,
) -> None:
    said = await talk.answer("ana", "!silenciar 2h gritos")
    assert "Falta la persona, así: `@nombre:servidor`" in said
    await talk.tells("ana", "@carla:test")
    assert "no puede escribir aquí hasta" in (await told(talk))["ana"]
    assert power(talk)[user_id("carla")] == -1


async def test_what_others_set_meanwhile_stays(talk: Talk) -> None:
    await talk.says("ana", "!silenciar @bea:test 2h gritos")
    await talk.sent()
    levels = dict(talk.gateway.state[ROOM, LEVELS, ""])
    talk.gateway.state[ROOM, LEVELS, ""] = {**levels, "users": {**levels["users"], BEA: 50}}
    await talk.wait(3 * HOUR)
    await talk.sent()
    assert power(talk)[BEA] == 50


@pytest.mark.begins("10:00", "it names hours of this day")
async def test_silence_said_again_is_longer_and_can_be_lifted(talk: Talk) -> None:
    await talk.says("ana", "!silenciar @bea:test 1h gritos")
    await talk.says("ana", "!silenciar @bea:test 3h más gritos")
    said = await told(talk)
    assert said["ana"].count("Número 1.") == 2 and "13:00" in said["ana"]
    assert said["sala"].count("silenció a una persona") == 1, "no name, and once"
    await talk.wait(2 * HOUR)
    assert power(talk)[BEA] == -1
    assert "No puedes" in await talk.answer("carla", "!levantar 1")
    assert "Levantado: número 1" in await talk.answer("ana", "!levantar 1 ya hablamos")
    assert BEA not in power(talk)
    assert "Eso ya terminó" in await talk.answer("ana", "!levantar 1")
    await talk.wait(2 * HOUR)
    await talk.hears_nothing()


async def test_taken_out_and_kept_out(talk: Talk) -> None:
    asked = await talk.answer("ana", "!expulsar @bea:test publicidad")
    assert "Sacar a Bea (@bea:test) de la sala. Motivo: publicidad" in asked
    await talk.tells("ana", "sí")
    acts = [p for p in await talk.sent() if p.kind in ("kick", "ban", "m.room.message")]
    assert [(p.kind, p.content["user"]) for p in acts if "user" in p.content] == [("kick", BEA)]
    assert any("Te sacaron de “Sala”" in p.plain and "apelar 1" in p.plain for p in acts)
    await talk.says("ana", "!vetar @carla:test amenazas")
    await talk.tells("ana", "sí")
    posts = await talk.sent()
    assert [p.content["user"] for p in posts if p.kind == "ban"] == [CARLA]
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE member SET membership = 'ban' WHERE person = ?", CARLA)
    assert "ya no puede entrar" in await talk.answer("ana", "!vetar @carla:test otra vez")
    await talk.says("ana", "!levantar 2")
    assert [p.content["user"] for p in await talk.sent() if p.kind == "unban"] == [CARLA]


@pytest.mark.parametrize(
    ("who", "line", "heard"),
    [
        ("bea", "!silenciar @carla:test 2h gritos", "No puedes hacer eso aquí"),
        ("bea", "!expulsar @carla:test x", "No puedes hacer eso aquí"),
        ("ana", "!silenciar @bea:test gritos", "Falta cuánto tiempo"),
        ("ana", "!silenciar @bea:test 2h", "Falta el motivo"),
        ("ana", "!silenciar @bea:test 90 días gritos", "a 30 días"),
        ("ana", "!silenciar @bea:test hasta el otro día gritos", "Falta cuánto tiempo"),
        ("ana", "!silenciar gritos", "Falta la persona"),
        ("ana", "!expulsar @bea:test @carla:test x", "Una persona a la vez"),
        ("ana", "!expulsar @ana:test x", "Esa persona eres tú"),
        ("ana", "!expulsar @dora:lejos.org x", "no está en “Sala”"),
        ("ana", "!vetar @eva:test x", "modera “Sala” igual que tú"),
        ("ana", "!kick @bea:test", "Falta el motivo"),
    ],
)
async def test_who_may_and_what_is_missing(talk: Talk, who: str, line: str, heard: str) -> None:
    await talk.room(
        ROOM, "Sala", ["ana", "bea", "carla", "eva"], {"ana": 50, "eva": 50}, bot_power=100
    )
    assert heard in await talk.answer(who, line)
    assert not [p for p in talk.gateway.posted.values() if p.kind in ("kick", "ban", LEVELS)]


async def test_without_the_right_the_bot_says_what_it_takes(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea"], {"ana": 50}, bot_power=0)
    for line in ("!silenciar @bea:test 1h x", "!expulsar @bea:test x", "!vetar @bea:test x"):
        assert "me falta un permiso (nivel 50)" in await talk.answer("ana", line)


async def test_undo_goes_back(talk: Talk) -> None:
    await warned(talk)
    await talk.says("ana", "!silenciar @bea:test 1h gritos")
    await talk.sent()
    for _time in range(2):
        await talk.says("ana", "!deshacer")
        await talk.says("ana", "sí")
    said = await told(talk)
    assert "Ya puedes volver a escribir" in said["bea"]
    assert "Tu advertencia 1 en “Sala” quedó sin efecto" in said["bea"]
    assert BEA not in power(talk)


async def test_a_ban_of_who_was_forgotten_can_be_lifted(talk: Talk) -> None:
    await talk.says("ana", "!vetar @bea:test amenazas")
    await talk.tells("ana", "sí")
    await talk.moves("bea", Membership.BAN, by="ana")
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE care_measure SET person = NULL, reason = ''")
    await talk.sent()
    await talk.says("ana", "!levantar 1")
    assert [p.content["user"] for p in await talk.sent() if p.kind == "unban"] == [BEA]


async def test_who_is_silent_does_not_speak_through_the_bot(talk: Talk) -> None:
    await talk.says("ana", "!silenciar @bea:test 2h gritos")
    await talk.sent()
    for line in ("encuesta ¿Té? Sí, No", "evento Taller mañana 19h", "tarea comprar pan"):
        await talk.tells("bea", line)
        posts = await talk.sent()
        assert [post.plain for post in posts if post.room == ROOM] == []
        assert "Por ahora no puedes escribir en “Sala”" in posts[-1].plain, line
    await talk.tells("bea", "historial")  # what is readable stays so
    assert "silenció a alguien" in (await talk.said())[-1].plain


@pytest.mark.begins("10:00", "it names hours of this day")
@pytest.mark.parametrize(
    ("line", "until", "reason"),
    [
        ("!silenciar a @bea:test “2h” insultos", "12:00", "insultos"),
        ("¡Silenciar a @bea:test por 30 minutos, insultos", "10:30", "insultos"),
        ("!mute @bea:test hasta mañana 9h insultos", "{tomorrow}, 09:00", "insultos"),
        ("!silenciar @bea:test 1 hora y media: “ya basta”", "11:30", "ya basta"),
    ],
)
async def test_times_as_people_write_them(talk: Talk, line: str, until: str, reason: str) -> None:
    await talk.says("ana", line)
    until = until.format(tomorrow=day_in_words(1))
    said = (await told(talk))["bea"]
    assert f"{until} (Bogotá)" in said and f"Motivo: {reason}\n" in said


@pytest.mark.parametrize(
    "line",
    [
        "!expulsar @carla publicidad",
        "!vetar @carla publicidad",
        "!silenciar @carla 2h publicidad",
        "!advertir @carla publicidad",
        "!remover @carla publicidad",
        "!ban @carla publicidad",
        "!urgente silenciar @carla 2h publicidad",
    ],
)
async def test_what_is_to_be_done_about_somebody_is_said_in_private(talk: Talk, line: str) -> None:
    other = await talk.room(RoomId("!otra:test"), "Otra", ["ana", "carla"], {"ana": 50})
    typed = await talk.says("ana", line)
    posts = await talk.sent()
    room = [p for p in posts if p.room == ROOM]
    assert [p.content["redacts"] for p in room if p.kind == "redact"] == [typed]
    said = [p.plain for p in room if p.kind == "m.room.message"]
    assert {p.kind for p in room} <= {"redact", LEVELS, "m.room.message"}
    assert len(said) == ("silenciar" in line) and "arla" not in "".join(said)
    answer = "2" if "advertir" in line else "sí"
    await talk.tells("ana", answer)
    posts += await talk.sent()
    theirs = await talk.private("carla")
    letters = "\n".join(p.plain for p in posts if p.room == theirs)
    assert "publicidad" in letters and "“Sala”" in letters  # where it was typed
    there = [p for p in posts if p.room in (ROOM, other) and p.kind == "m.room.message"]
    assert [p.plain for p in there] == said
    log = await talk.answer("bea", "!historial")
    assert "publicidad" in log and "arla" not in log


@pytest.mark.parametrize("act", ["advertir", "silenciar", "expulsar", "vetar"])
async def test_who_may_not_act_on_somebody_is_not_told_to_ask_the_whole_room(
    talk: Talk, act: str
) -> None:
    await talk.says("bea", f"!{act} @carla:test publicidad")
    said = [post for post in await talk.said() if post.room != ROOM]
    assert "`incidente`" in said[-1].plain and "propuesta" not in said[-1].plain


async def test_a_refusal_does_not_say_in_the_room_either_who_was_meant(talk: Talk) -> None:
    await talk.says("bea", "!expulsar @carla publicidad")
    posts = await talk.sent()
    assert {p.kind for p in posts if p.room == ROOM} == {"redact"}
    assert "No puedes" in "\n".join(p.plain for p in posts)


@pytest.mark.parametrize("line", ["!silenciar carla 2h insultos", "!mute Carla, 2h: insultos"])
async def test_the_time_behind_a_name_is_kept_when_the_address_is_asked_for(
    talk: Talk, line: str
) -> None:
    await talk.says("ana", line)
    await talk.tells("ana", "@carla:test")
    said = await told(talk)
    assert "Motivo: insultos\n" in said["carla"]
