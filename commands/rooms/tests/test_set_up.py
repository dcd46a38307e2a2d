"""The questions that set a room up: when they begin, how they are answered, and what is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.api import rooms, settings
from bot.testing.talk import Talk, user_id
from bot.types import Membership, RoomId, Trust

NEW = RoomId("!vecinas:test")
NOW, DAY = timedelta(0), timedelta(days=1)
PEOPLE = ["ana", "bea", "@bea:lejos.org", "carla"]


async def heard(talk: Talk) -> str:
    """Everything that is said once what is due has run."""
    said = []
    for _round in range(3):
        await talk.wait(NOW)
        said += [post.plain for post in await talk.said()]
    return "\n".join(said)


async def comes_in(talk: Talk, power: int = 50) -> str:
    """Ana, who moderates the network, invites the bot; return what it says of it."""
    await talk.invites("ana", NEW)
    await talk.sent()
    await talk.room(NEW, "Vecinas", PEOPLE, {"ana": power, "@bea:lejos.org": 50})
    await talk.moves("@minga:test", Membership.JOIN, NEW)
    return await heard(talk)


async def answers(talk: Talk, what: str, **more: Trust) -> str:
    await talk.tells("ana", what, **more)
    return await heard(talk)


async def care_rooms(talk: Talk) -> list[RoomId]:
    async with talk.machine.db.reading() as tx:
        return await settings.rooms_with(tx, "care", "yes")


async def test_they_begin_in_private_with_whoever_brought_the_bot_in(talk: Talk) -> None:
    said = await comes_in(talk)
    assert "le hago cinco preguntas a Ana en privado" in said
    assert "1 de 5: ¿En qué idioma hablo en “Vecinas”?" in said
    private = await talk.private("ana")
    assert [p.room for p in talk.gateway.posted.values() if "1 de 5" in p.plain] == [private]


async def test_who_does_not_moderate_the_room_is_asked_nothing(talk: Talk) -> None:
    said = await comes_in(talk, power=0)
    assert "`!configurar preguntas`" in said and "1 de 5" not in said
    await talk.moves("carla", Membership.JOIN, NEW)
    assert "No puedes" in await talk.answer("carla", "!configurar preguntas", room=NEW)


async def test_whoever_brings_it_into_two_rooms_is_asked_about_one(talk: Talk) -> None:
    await comes_in(talk)
    second = RoomId("!segunda:test")
    await talk.invites("ana", second)
    await talk.sent()
    await talk.room(second, "Segunda", PEOPLE, {"ana": 50})
    await talk.moves("@minga:test", Membership.JOIN, second)
    said = await heard(talk)
    assert "`!configurar preguntas`" in said and "de 5" not in said


async def test_all_of_it_is_stored_and_used(talk: Talk) -> None:
    await comes_in(talk)
    for line, asked in (
        ("saltar", "2 de 5"),
        ("la de Recife", "3 de 5"),
        ("una asamblea", "4 de 5"),
        ("carla y yo", "¿Es así?"),
        ("sí", "5 de 5"),
        ("carla", "¿Es así?"),
        ("sí", "zona: Bogotá → Recife"),
    ):
        assert asked in await answers(talk, line), line
    said = await answers(talk, "sí")
    assert "Ofreces acompañar" in said and "que des la bienvenida a quienes llegan" in said
    (team,) = await care_rooms(talk)
    assert "Abro una sala para el equipo de cuidado e invito a: Carla" in said
    await talk.tells("carla", "sí")
    assert "cada vez puedes decir que no" in await heard(talk)
    assert "2 personas lo ofrecen: Ana ·" in await answers(talk, "acompañar")
    await talk.moves("carla", Membership.JOIN, team)
    await talk.tells("bea", "incidente me empujaron en la plaza")
    await talk.tells("bea", "sí")
    await heard(talk)
    told = [p.room for p in talk.gateway.posted.values() if "me empujaron" in p.plain]
    assert team in told


async def test_the_clock_of_ones_profile_is_offered_once(talk: Talk) -> None:
    talk.gateway.zones[user_id("ana")] = "America/Recife"
    await comes_in(talk)
    assert talk.gateway.zones_read == [], "nobody was asked about a clock yet"
    assert "El perfil de tu aplicación dice Recife" in await answers(talk, "saltar")
    await answers(talk, "Recife")
    assert "zona: Bogotá → Recife" not in await answers(talk, "una asamblea")
    assert talk.gateway.zones_read == [user_id("ana")]


async def test_whoever_is_named_can_say_no(talk: Talk) -> None:
    await comes_in(talk)
    for line in ("saltar", "saltar", "saltar", "carla", "sí", "saltar"):
        await answers(talk, line)
    await talk.tells("carla", "no")
    assert "ya no te pregunto" in await heard(talk)
    assert "lo ofrece" not in await answers(talk, "acompañar")
    assert await care_rooms(talk) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("pues Bea y Carla, creo", "¿A quién te refieres con “bea”?"),
        ("😀", "palabras y números"),
        ("no sé", "con `saltar` queda como está"),
        ("Marcela y su prima", "No entendí “Marcela y su prima”"),
        ("@eva:otra.org", "quienes están en la sala"),
        ("7", "No entendí “7”"),
    ],
)
async def test_what_is_no_answer_gets_a_sentence_and_the_question_again(
    talk: Talk, line: str, why: str
) -> None:
    await comes_in(talk)
    for _question in range(3):
        await answers(talk, "saltar")
    said = await answers(talk, line)
    assert why in said and "4 de 5" in said
    said = await answers(talk, "pues Carla y @bea:lejos.org, creo")
    assert "Carla" in said and "(@bea:lejos.org)" in said and "¿Es así?" in said
    assert "4 de 5" in await answers(talk, "no")


async def test_an_option_is_chosen_by_its_word(talk: Talk) -> None:
    await comes_in(talk)
    for _question in range(3):
        await answers(talk, "saltar")
    assert "5 de 5" in await answers(talk, "nadie, creo")
    assert "Escribe entonces quiénes" in await answers(talk, "un equipo")
    assert "queda como está" in await answers(talk, "mejor la moderación")
    assert await care_rooms(talk) == []


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("2", True),
        ("la 2", True),
        ("prefiero la 2", True),
        ("todas menos 2", False),
        ("ninguna de 2", False),
        ("faltan 2 !!", False),
    ],
)
async def test_a_number_in_a_sentence_chooses_nothing(talk: Talk, line: str, taken: bool) -> None:
    await comes_in(talk)
    for _question in range(4):
        await answers(talk, "saltar")
    assert ("Escribe entonces quiénes" in await answers(talk, line)) == taken


async def test_in_portuguese_in_the_middle_of_it(talk: Talk) -> None:
    await comes_in(talk)
    await answers(talk, "saltar")
    assert "2 de 5: Com o horário de que cidade?" in await answers(talk, "idioma pt")
    assert "com `pular` fica como está" in await answers(talk, "sei lá")
    assert "3 de 5" in await answers(talk, "o de São Paulo")
    assert "4 de 5: Quem recebe" in await answers(talk, "é uma assembleia")
    said = await answers(talk, "acho que a Carla")
    assert "Carla" in said and "É isso?" in said


async def test_put_off_they_go_on_a_day_later_where_they_stopped(talk: Talk) -> None:
    await comes_in(talk)
    await answers(talk, "português")
    await talk.restart()
    assert "mañana sigo preguntando" in await answers(talk, "después")
    await talk.restart()
    await talk.wait(DAY)
    said = await heard(talk)
    assert "2 de 5" in said and "1 de 5" not in said
    assert "Guardo tus respuestas. Para seguir" in await answers(talk, "ahora no")
    await talk.wait(3 * DAY)
    assert await heard(talk) == ""
    await talk.says("ana", "!configurar preguntas", room=NEW)
    assert "2 de 5" in await heard(talk)
    for _question in range(4):
        said = await answers(talk, "saltar")
    assert "idioma: español → português" in said


async def test_what_is_put_off_for_a_month_is_forgotten(talk: Talk) -> None:
    await comes_in(talk)
    await answers(talk, "português")
    await answers(talk, "después")
    await talk.wait(DAY)
    await answers(talk, "después")
    await talk.wait(30 * DAY)
    async with talk.machine.db.reading() as tx:
        assert await tx.all("SELECT * FROM rooms_set_up") == []


async def test_unanswered_they_wait_through_a_day_and_a_restart(talk: Talk) -> None:
    await comes_in(talk)
    await answers(talk, "saltar")
    await talk.restart()
    await talk.wait(DAY)
    assert await heard(talk) == ""
    assert "3 de 5" in await answers(talk, "Recife")


async def test_a_command_and_a_stop_are_no_answers(talk: Talk) -> None:
    await comes_in(talk)
    assert "de 5" not in await answers(talk, "pendientes")
    assert "2 de 5" in await answers(talk, "saltar")
    assert "No cambié nada" in await answers(talk, "cancelar")
    await talk.says("ana", "!configurar preguntas", room=NEW)
    assert "1 de 5" in await heard(talk)
    await talk.tells("ana", "configurar preguntas")
    await talk.said()


async def test_an_unconfirmed_device_hears_why_and_the_question_stays(talk: Talk) -> None:
    await comes_in(talk)
    said = await answers(talk, "português", trust=Trust.UNSIGNED)
    assert said and "2 de 5" not in said, said
    assert "2 de 5" in await answers(talk, "saltar")


async def test_the_care_team_is_named_once_and_by_the_networks_moderators(talk: Talk) -> None:
    await talk.set("care", "yes", await talk.room(RoomId("!cuidado:test"), "Cuidado", ["ana"]))
    assert "1 de 4" in await comes_in(talk)
    async with talk.machine.db.reading() as tx:
        assert user_id("ana") in await rooms.members(tx, NEW)


async def test_asking_again_leaves_the_question_of_a_call_for_help(talk: Talk) -> None:
    await talk.says("ana", "!configurar preguntas")
    await talk.wait(timedelta(0))
    assert "1 de 5" in "\n".join(post.plain for post in await talk.sent())
    await talk.tells("ana", "pánico avisar a @bea:test")
    await talk.wait(timedelta(0))
    await talk.tells("bea", "sí")
    await talk.sent()
    await talk.tells("ana", "me están siguiendo")
    assert "¿Aviso ya" in "\n".join(post.plain for post in await talk.sent())
    await talk.says("ana", "!configurar preguntas")
    await talk.wait(timedelta(0))
    await talk.sent()
    await talk.tells("ana", "sí")
    said = "\n".join(post.plain for post in await talk.sent())
    assert "Estoy avisando ahora" in said, "it answers the call"
    assert "de 5" not in said


async def test_whoever_stops_in_one_room_keeps_the_answers_of_the_other(talk: Talk) -> None:
    await comes_in(talk)
    await answers(talk, "portugués")
    await answers(talk, "después")
    second = await talk.room(RoomId("!segunda:test"), "Segunda", PEOPLE, {"ana": 50})
    await talk.says("ana", "!configurar preguntas", room=second)
    assert "en “Segunda”" in await heard(talk)
    assert "Paré" in await answers(talk, "cancelar")
    await talk.says("ana", "!configurar preguntas", room=NEW)
    assert "2 de 5" in await heard(talk), "it goes on where it was put off"


async def test_the_log_names_who_chose_the_care_team_and_it_is_undone(talk: Talk) -> None:
    await comes_in(talk)
    for line in ("saltar", "saltar", "saltar", "saltar", "carla"):
        await answers(talk, line)
    await answers(talk, "sí")
    (team,) = await care_rooms(talk)
    await talk.room(team, "Equipo de cuidado", ["ana", "carla"], {"ana": 50})
    assert "Ana" in await talk.answer("ana", "!historial", room=team)
    await talk.says("ana", "!deshacer", room=team)
    await talk.says("ana", "sí", room=team)
    await heard(talk)
    assert await care_rooms(talk) == []


async def test_a_care_team_that_was_chosen_meanwhile_stays(talk: Talk) -> None:
    await comes_in(talk)
    for line in ("saltar", "saltar", "saltar", "saltar", "carla"):
        await answers(talk, line)
    await talk.tells("ana", "sí")  # the room is asked for, and not there yet
    other = await talk.room(RoomId("!cuidado:test"), "Cuidado", ["ana"])
    await talk.set("care", "yes", other)
    said = await heard(talk)
    await talk.wait(timedelta(0))
    assert "se eligió otro equipo de cuidado" in said + await heard(talk)
    assert await care_rooms(talk) == [other]
