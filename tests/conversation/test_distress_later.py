"""What follows the question whether to call: a cry long after it, and lines before the yes."""

from __future__ import annotations

import pytest

from bot import distress
from bot.conversation.questions.call_question import CALL_PATIENCE
from bot.testing.talk import ROOM, Talk, user_id
from commands.danger import call_store


async def test_a_cry_long_after_the_last_one_is_asked_about_again(talk: Talk) -> None:
    first = await talk.answer("bea", "nos están desalojando")
    assert first
    await talk.answer("bea", "auxilio")  # asked already: nothing more in the room
    await talk.wait(CALL_PATIENCE * 1.5)
    await talk.sent()
    await talk.says("bea", "auxilio")
    assert any("¿Aviso ya a tu gente" in post.plain for post in await talk.said())


async def said_privately(talk: Talk, line: str) -> str:
    await talk.tells("bea", line)
    return "\n".join(post.plain for post in await talk.said())


@pytest.mark.parametrize("line", ["call ana", "busco abogada"])
async def test_a_commands_word_that_begins_a_cry_is_kept_for_the_call(
    talk: Talk, line: str
) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    said = await said_privately(talk, line)
    assert said == "Todavía no avisé a nadie. ¿Aviso, con todo lo que escribiste aquí? `sí` o `no`"
    assert f"“me están siguiendo {line}”" in await said_privately(talk, "sí")


async def test_help_on_a_subject_is_told_while_it_is_asked(talk: Talk) -> None:
    await talk.tells("bea", "me están siguiendo")
    await talk.sent()
    assert "`votar`" in await said_privately(talk, "ayuda encuestas")


# --- what stays in the room -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "me siguen, estoy en la calle 5",
        "nos estan persiguiendo vamos por la avenida",
        "me viene siguiendo un tipo que hago",
        "tem um cara me seguindo to na rua 5",
        "to com medo tem um carro atras de mim",
        "estao me seguindo o que eu faco",
        "im being followed im on 5th street",
        "theres a guy following me what do i do",
        *("meu irmao me trancou em casa", "meu chefe me trancou", "meu pai nos trancou aqui"),
        *("me encerró mi hermano", "mi jefe me encerró", "my brother locked me in"),
        *("los pacos me rodean", "nos rodean los milicos", "me cercan", "a polícia nos cerca"),
        *("me siguen, avisa a ana", "nos siguen, dile a ana", "me siguen llamen a ana"),
        *("nos seguem, avisa ana", "me seguem, fala pra ana"),
        *("im being followed, tell ana", "a guy is following me let ana know"),
    ],
)
async def test_a_cry_with_a_place_or_who_it_is_is_heard_in_the_room(talk: Talk, line: str) -> None:
    assert distress.find_spoken_call(line) is distress.HelpKind.DANGER


@pytest.mark.parametrize(
    "line",
    [
        "me siguen muchas personas en la pagina",
        "me siguen gustando los talleres",
        "tem um carro atras da casa",
        "theres a guy following the recipe",
        "im following you",
        *("meu chefe me trancou o salário", "ele me trancou fora do grupo", "trancou a porta"),
        *("me encerró la puerta el portero", "o banco me trancou o cartão"),
        *("las personas que nos rodean", "nos rodean dos ríos", "nos rodean muchas dudas"),
        *("they follow me tell them hi", "as pessoas que nos seguem no canal", "cercan el patio"),
    ],
)
async def test_such_words_without_danger_are_left_alone(talk: Talk, line: str) -> None:
    assert distress.find_spoken_call(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Minga, me están siguiendo",
        "@minga no vengan, está la policía afuera",
        "@minga tem gente armada aqui na minha rua",
        "@minga someone took my phone dont trust messages from me",
        *("Minga, me siguen, avisa a carla", "Minga, me seguem, chama as mods"),
        *("Minga, im being followed, help mods", "Minga, se llevaron a carla"),
    ],
)
async def test_a_cry_to_the_bot_stays_for_who_can_help(talk: Talk, line: str) -> None:
    await talk.says("bea", line, mentions=["@minga:test"] if "@" in line else [])
    (told,) = await talk.sent()
    assert told.room != ROOM and "Tu mensaje sigue en la sala" in told.plain


@pytest.mark.parametrize(
    "line",
    [
        *("Minga, mi marido me está pegando", "Minga, @carla me está siguiendo", "!me siguen"),
        *("minga, carla me violo", "minga, me quiere matar carla", "minga carla me quiere matar"),
        *("minga, la moderadora me quiere matar", "minga, a moderadora quer me matar"),
        *("minga, a mod wants to kill me", "minga, carla wants to kill me"),
        "minga, carla is following me",
        *("minga, me estan siguiendo, que nadie se entere", "minga, me seguem, ninguém pode saber"),
        *("minga, im being followed, nobody should know", "minga, a carla quer me matar"),
        "minga, carla me esta siguiendo, no le digas a nadie",
        "minga estoy escondida en la sede, carla me quiere matar",
    ],
)
async def test_a_cry_that_accuses_or_is_secret_is_taken_away(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert [post.room for post in await talk.sent() if post.kind == "redact"] == [ROOM]


@pytest.mark.parametrize(
    "line",
    [
        "minga avisales a todas que no vengan, esta la policia",
        "minga dile a todos que hay un tipo siguiendo gente en la plaza",
        "minga avisa todo mundo pra nao vir que a policia ta aqui",
        "minga tell everyone not to come, the police are here",
    ],
)
async def test_a_warning_to_all_is_announced_and_stays(talk: Talk, line: str) -> None:
    await talk.says("ana", line)
    (announced,) = await talk.sent()
    assert announced.room == ROOM and announced.plain.startswith("Aviso 1: ")
    await talk.says("bea", line)
    (refused,) = await talk.sent()
    assert refused.plain.startswith("Los avisos los da quien modera")
    assert "`pánico`" in refused.plain and "recordatorio" not in refused.plain


@pytest.mark.parametrize(
    "line", ["avísales que no hay salida, ayuda", "no hay salida ayuda", "não tem saída, ajuda"]
)
async def test_a_last_word_for_help_is_heard(talk: Talk, line: str) -> None:
    for typed in (f"minga, {line}", f"!{line}"):
        await talk.says("ana", typed)
        (told,) = await talk.said()
        assert told.room != ROOM and "`pánico`" in told.plain, typed


@pytest.mark.parametrize(
    "line",
    [
        *("Minga, avisa a todas que me siguen", "Minga, tell everyone im being followed"),
        *("!avísales que el tipo quiere matarme", "!avísales que hay un hombre siguiéndome"),
    ],
)
async def test_who_tells_all_that_they_are_in_danger_is_asked(talk: Talk, line: str) -> None:
    async with talk.machine.db.transaction() as tx:  # who moderates has somebody to call
        await call_store.add_contacts(tx, user_id("ana"), [user_id("bea")])
        await call_store.mark_agreed(tx, user_id("ana"), user_id("bea"))
    await talk.says("ana", line)
    (told,) = await talk.said()
    assert told.room != ROOM and "¿Aviso ya a tu gente" in told.plain


@pytest.mark.parametrize(
    "line",
    [
        *("me siguen, avisa a ana", "nos siguen, avisa a ana", "nos seguem, avisa a ana"),
        *("tão me seguindo, avisa a ana", "im being followed, tell ana", "he follows me, call ana"),
        *("avísales que los pacos me rodean", "avisa a todas que me rodean", "nos rodean"),
    ],
)
async def test_whoever_is_to_be_told_of_danger_it_is_asked_about(talk: Talk, line: str) -> None:
    assert "¿Aviso ya a tu gente" in await said_privately(talk, line)


@pytest.mark.parametrize("line", ["cuidemos a las personas que nos rodean", "quienes nos rodean"])
async def test_who_is_around_us_is_no_danger(talk: Talk, line: str) -> None:
    assert "¿Aviso ya a tu gente" not in await said_privately(talk, line)


@pytest.mark.parametrize(
    "line",
    [
        "me siguen, si no vuelvo a las 9 avisen a ana",
        "me estan siguiendo si no escribo en una hora avisen a ana",
        "tao me seguindo, se eu nao voltar ate as 21 avisa a ana",
        "someone is following me, if im not back by 9 tell ana",
    ],
)
async def test_a_cry_with_an_hour_is_no_return(talk: Talk, line: str) -> None:
    assert "¿Aviso ya a tu gente" in await said_privately(talk, line)


@pytest.mark.parametrize(
    "line",
    [
        *("mi marido juan me está matando", "mi hermano diego me tiene encerrada"),
        *("mi ex luis me quiere matar", "mi padrastro raúl nos encerró"),
    ],
)
async def test_who_does_it_is_heard_with_his_name(line: str) -> None:
    assert distress.find_help_kind(line) is distress.HelpKind.DANGER


async def test_what_a_brother_does_besides_is_no_danger() -> None:
    for line in ("mi hermano juan me quiere comprar una bici", "mi padre ayer me llevó al mercado"):
        assert distress.find_help_kind(line) is not distress.HelpKind.DANGER
