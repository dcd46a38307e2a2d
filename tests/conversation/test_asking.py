"""Where a question is asked, where its answer is heard, and what runs again then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import structlog.testing

import commands.help
from bot.capability.feature import Feature
from bot.testing.talk import ROOM, Talk, user_id
from bot.types import Membership, RoomId
from tests.conversation.asking import capability

NOW = timedelta(0)


@pytest.fixture
def capabilities(tmp_path: Path) -> Sequence[Feature]:
    return [capability(tmp_path), commands.help.feature]


# --- what is sensitive and was typed in a room --------------------------------------------------


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("!secreto abc", "Guardado: abc"),
        ("!secreto efecto", "Guardado: efecto"),
        ("!secreto mal", "No hay tal cosa."),
        ("!secreto", "Falta el texto"),
        ("!secreto duda", "¿Cuál?"),
        ("!secreto roto", "Algo falló"),
    ],
)
async def test_it_is_answered_in_private_and_the_line_goes(
    talk: Talk, line: str, answer: str
) -> None:
    typed = await talk.says("bea", line)
    sent = await talk.sent()
    (said,) = [post for post in sent if post.kind == "m.room.message"]
    assert answer in said.plain
    assert (said.room, user_id("bea")) in talk.gateway.made
    assert "m.relates_to" not in said.content
    (gone,) = [post for post in sent if post.kind == "redact"]
    assert (gone.room, gone.content["redacts"]) == (ROOM, typed)


async def test_where_the_bot_may_not_redact_the_answer_is_private_all_the_same(talk: Talk) -> None:
    await talk.private("bea")
    weak = await talk.room(RoomId("!débil:test"), "Débil", ["bea"], bot_power=0)
    await talk.says("bea", "!secreto mal", room=weak)
    (said,) = await talk.sent()
    assert (said.kind, said.room) == ("m.room.message", await talk.private("bea"))


@pytest.mark.parametrize("known", [True, False], ids=["their room", "a room to be made"])
async def test_its_question_is_answered_in_private_through_a_restart(
    talk: Talk, known: bool
) -> None:
    if known:
        await talk.private("bea")
    await talk.says("bea", "!secreto")
    await talk.restart()
    await talk.hears("Falta el texto")
    await talk.says("bea", "en la sala no")
    await talk.hears_nothing()
    await talk.tells("bea", "duda")
    await talk.hears("¿Cuál?")
    await talk.tells("bea", "2")
    (said,) = await talk.hears("Guardado: 2")
    assert said.room == await talk.private("bea")


async def test_it_speaks_the_persons_language(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await tx.run("INSERT INTO person (person, language) VALUES (?, 'pt')", user_id("bea"))
    await talk.says("bea", "!segredo duda")
    await talk.hears("Qual? 1) ou 2)")


# --- what can ask ---------------------------------------------------------------------------------


async def test_a_reply_that_had_to_ask_goes_on_through_a_restart(talk: Talk) -> None:
    await talk.says("ana", "!nota")
    (note,) = await talk.hears("Nota 1")
    await talk.says("bea", "fuera", reply=note)
    await talk.hears("¿Se va?")
    await talk.restart()
    await talk.says("bea", "sí")
    await talk.hears("1 fuera: yes")
    await talk.says("bea", "sí")
    await talk.hears_nothing()


async def test_a_reply_to_what_is_gone_meanwhile_does_nothing(talk: Talk) -> None:
    await talk.says("ana", "!nota")
    (note,) = await talk.hears("Nota 1")
    await talk.says("bea", "fuera", reply=note)
    await talk.hears("¿Se va?")
    async with talk.machine.db.transaction() as tx:
        await tx.run("DELETE FROM item")
    await talk.says("bea", "sí")
    await talk.hears("venció")


async def test_a_listener_that_had_to_ask_goes_on_through_a_restart(talk: Talk) -> None:
    await talk.says("bea", "tengo una bici de sobra")
    await talk.hears("¿La prestas?")
    await talk.restart()
    await talk.says("carla", "sí")
    await talk.hears_nothing()
    await talk.says("bea", "no")
    await talk.hears("0 tengo una bici de sobra: no")


async def test_whatever_else_asks_is_a_bug_that_says_so(
    talk: Talk, capsys: pytest.CaptureFixture[str]
) -> None:
    await talk.says("ana", "!nota")
    (note,) = await talk.hears("Nota 1")
    with structlog.testing.capture_logs() as lines:
        await talk.reacts("bea", note, "👍")
        await talk.hears("Algo falló")
        await talk.says("ana", "!despertar")
        await talk.wait(NOW)
    errors = [line["exc_info"] for line in lines if line["log_level"] == "error"]
    assert [type(error).__name__ for error in errors] == ["AskedOutsideAConversation"] * 2
    assert "probe asks 'why'" in str(errors[0])
    await talk.says("bea", "porque sí")
    await talk.hears_nothing()


# --- a talk that the bot begins -------------------------------------------------------------------


async def begun(talk: Talk, who: str = "bea", room: str = "Sala") -> None:
    await talk.says(who, f"!bienvenida {room}")
    await talk.wait(NOW)


async def test_it_asks_one_thing_at_a_time_in_private_through_restarts(talk: Talk) -> None:
    await talk.says("ana", "!bienvenida Sala", mentions=["bea"])
    await talk.restart()
    await talk.wait(NOW)
    (asked,) = await talk.hears("¿Cómo te llamas?")
    assert (asked.room, user_id("bea")) in talk.gateway.made
    assert asked.content["msgtype"] == "m.text"
    await talk.restart(timedelta(days=3))
    await talk.tells("bea", "Beatriz")
    await talk.hears("¿Dónde vives?")
    await talk.restart(timedelta(days=6))
    async with talk.machine.db.reading() as tx:
        assert len(await tx.all("SELECT * FROM job")) == 1
    await talk.tells("bea", "Quito")
    await talk.hears("Te damos la bienvenida a Sala, Beatriz de Quito.")
    await talk.tells("bea", "Quito")
    await talk.hears("No entendí")
    await talk.wait(timedelta(days=30))
    await talk.hears_nothing()


async def test_it_speaks_portuguese(talk: Talk) -> None:
    async with talk.machine.db.transaction() as tx:
        await tx.run("INSERT INTO person (person, language) VALUES (?, 'pt')", user_id("bea"))
    await begun(talk)
    await talk.hears("Como você se chama?")
    await talk.tells("bea", "Beatriz")
    await talk.hears("Onde você mora?")


async def test_what_does_not_do_is_asked_again(talk: Talk) -> None:
    await begun(talk)
    await talk.tells("bea", "Beatriz")
    await talk.tells("bea", "123")
    await talk.hears("¿Cómo", "¿Dónde", "Eso no es un lugar")
    await talk.tells("bea", "Quito")
    await talk.hears("Beatriz de Quito")


@pytest.mark.parametrize("word", ["cancelar", "salir", "sair", "stop", "!cancelar"])
async def test_it_is_stopped_and_stays_so(talk: Talk, word: str) -> None:
    await begun(talk)
    await talk.tells("bea", word)
    await talk.hears("¿Cómo te llamas?", "Paré")
    await talk.wait(timedelta(days=30))
    await talk.tells("bea", "Beatriz")
    await talk.hears("No entendí")


async def test_a_refusal_ends_it(talk: Talk) -> None:
    await begun(talk)
    await talk.tells("bea", "nadie")
    await talk.hears("¿Cómo te llamas?", "No hay tal cosa.")
    await talk.wait(timedelta(days=30))
    await talk.tells("bea", "Beatriz")
    await talk.hears("No entendí")


async def test_after_a_bug_its_question_is_still_open(talk: Talk) -> None:
    await begun(talk)
    await talk.tells("bea", "Beatriz")
    await talk.tells("bea", "roto")
    await talk.hears("¿Cómo", "¿Dónde", "Algo falló")
    await talk.tells("bea", "Quito")
    await talk.hears("Beatriz de Quito")


async def test_it_waits_while_something_else_is_asked_of_the_person(talk: Talk) -> None:
    await talk.tells("bea", "secreto duda")
    await talk.hears("¿Cuál?")
    await begun(talk)
    await talk.hears_nothing()
    await talk.tells("bea", "1")
    await talk.hears("Guardado: 1")
    await talk.wait(NOW)
    await talk.hears("¿Cómo te llamas?")


async def test_it_waits_for_a_question_that_nobody_answers_until_it_lapses(talk: Talk) -> None:
    await talk.says("bea", "tengo una bici")
    await talk.hears("¿La prestas?")
    await talk.says("ana", "!bienvenida Sala", mentions=["bea"])
    await talk.wait(timedelta(minutes=9))
    await talk.hears_nothing()
    await talk.wait(timedelta(minutes=1))
    await talk.hears("¿Cómo te llamas?")


async def test_a_command_between_leaves_its_question_open(talk: Talk) -> None:
    await begun(talk)
    await talk.tells("bea", "ayuda")
    await talk.hears("¿Cómo te llamas?", "Todo, por tema")
    await talk.tells("bea", "Beatriz")
    await talk.hears("¿Dónde vives?")


async def test_a_command_that_asks_goes_first_and_then_it_asks_again(talk: Talk) -> None:
    await begun(talk)
    await talk.tells("bea", "Beatriz")
    await talk.tells("bea", "secreto duda")
    await talk.hears("¿Cómo", "¿Dónde", "¿Cuál?")
    await talk.restart()
    await talk.tells("bea", "2")
    await talk.wait(NOW)
    await talk.hears("Guardado: 2", "¿Dónde vives?")
    await talk.tells("bea", "Quito")
    await talk.hears("Beatriz de Quito")


async def test_stopping_the_command_between_does_not_stop_it(talk: Talk) -> None:
    await begun(talk)
    await talk.tells("bea", "secreto mal")
    await talk.tells("bea", "secreto duda")
    await talk.tells("bea", "cancelar")
    await talk.wait(NOW)
    await talk.hears("¿Cómo", "No hay tal cosa", "¿Cuál?", "Paré", "¿Cómo te llamas?")


async def test_two_wait_for_each_other(talk: Talk) -> None:
    await begun(talk, room="Norte")
    await begun(talk, room="Sur")
    await talk.hears("¿Cómo te llamas?")
    await talk.tells("bea", "Beatriz")
    await talk.tells("bea", "Quito")
    await talk.hears("¿Dónde", "bienvenida a Norte")
    await talk.wait(NOW)
    await talk.hears("¿Cómo te llamas?")
    await talk.tells("bea", "cancelar")
    await talk.hears("Paré")


async def test_it_gives_up_after_days_and_says_so_to_who_answers_late(talk: Talk) -> None:
    await begun(talk, room="Norte")
    await begun(talk, room="Sur")
    await talk.hears("¿Cómo te llamas?")
    await talk.wait(timedelta(days=6, hours=23))
    await talk.hears_nothing()
    await talk.wait(timedelta(hours=1))
    await talk.wait(NOW)
    await talk.hears("¿Cómo te llamas?")
    await talk.restart(timedelta(days=7, minutes=1))
    await talk.tells("bea", "Beatriz")
    await talk.hears("ya no espero esa respuesta")
    await talk.wait(timedelta(days=1))
    await talk.hears_nothing()


async def test_it_asks_again_where_a_private_room_was_left(talk: Talk) -> None:
    private = await talk.private("bea")
    await begun(talk)
    await talk.hears("¿Cómo te llamas?")
    await talk.moves("carla", Membership.JOIN, private)
    await talk.sent()
    await talk.wait(NOW)
    asked = await talk.said()
    assert [post.plain for post in asked] == ["¿Cómo te llamas?"]
    assert asked[0].room != private


async def test_others_cannot_answer_it(talk: Talk) -> None:
    await begun(talk)
    await talk.hears("¿Cómo te llamas?")
    await talk.tells("carla", "Carla")
    await talk.hears("No entendí")
    await talk.says("bea", "Beatriz")
    await talk.hears_nothing()


# --- what is said before the question has arrived -----------------------------------------------


async def test_a_choice_counts_only_once_the_question_has_arrived(talk: Talk) -> None:
    await talk.private("bea")
    await talk.tells("bea", "secreto duda")
    await talk.tells("bea", "1", unread=True)
    first, again = await talk.sent()
    assert "¿Cuál?" in first.plain and "Guardado" not in again.plain
    await talk.tells("bea", "1")
    assert "Guardado" in (await talk.sent())[-1].plain


async def test_so_it_is_through_a_restart_and_an_outage(talk: Talk) -> None:
    await talk.private("bea")
    await talk.tells("bea", "secreto duda")
    talk.gateway.broken = True
    await talk.restart()
    await talk.tells("bea", "1", unread=True)
    talk.gateway.broken = False
    await talk.wait(timedelta(minutes=5))
    assert all("Guardado" not in post.plain for post in await talk.sent())
    await talk.tells("bea", "1")
    assert "Guardado" in (await talk.sent())[-1].plain
