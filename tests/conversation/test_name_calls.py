"""The bot's name at the beginning of a line calls it. A minga is also work done together."""

from __future__ import annotations

import pytest

from bot.testing.talk import ROOM, Talk


@pytest.mark.parametrize(
    ("language", "line", "heard"),
    [
        ("es", "minga ayuda", "`!encuesta"),
        ("es", "hola minga", "Hola."),
        ("es", "Minga, ¿qué hay?", "nada previsto"),
        ("es", "minga que hay esta semana", "nada previsto"),
        ("es", "buenas! minga, pendientes", "nada abierto"),
        ("es", "Minga, haz una encuesta: ¿Dónde? Casa, Plaza", "2 Plaza"),
        ("es", "quiero hacer una encuesta minga", "Falta la pregunta"),
        ("es", "minga, auyda", "`!ayuda`"),
        ("pt", "oi minga", "Oi."),
        ("pt", "Minga, o que você faz?", "`!enquete"),
        ("pt", "minga programação", "nada previsto"),
        ("en", "minga help", "`!poll"),
        ("en", "hi minga!", "Hello."),
        ("es", "Minga, encuesta: ¿Dónde? Straße, Plaza", "1 Straße"),
        ("es", "Buenos días, Minga. Soy Marta y quisiera saber qué puedes hacer.", "`!ayuda`"),
        ("es", "Minga, ¿cuántas somos en la red?", "`!ayuda`"),
        ("es", "Minga, por favor, ¿podrías decirme quiénes han confirmado?", "Falta el número"),
        ("pt", "oi minga tudo bem sou nova aqui como q funciona", "`!ajuda`"),
        ("pt", "minga desfaz isso foi sem querer", "cabe à moderação"),
        ("en", "minga retract my vote", "`!help`"),
        ("en", "minga what time is it", "`!help`"),
        ("en", "minga is the vote secret", "The room sees votes"),
        ("es", "minga es secreto el voto?", "La sala ve los votos"),
        ("pt", "minga, não publica nada sobre mim", "quem pede socorro"),
        ("es", "minga dónde es la asamblea", "`!ayuda`"),
        ("es", "minga deja que ana vote por mí", "`!delegar @ana"),
        ("es", "Minga, el evento 2 de la tarde se pasa", "`!ayuda`"),
        ("es", "minga, ojalá alguien vea la tarea 3", "`!ayuda`"),
    ],
)
async def test_the_name_at_the_beginning_is_a_call(
    talk: Talk, language: str, line: str, heard: str
) -> None:
    await talk.set("language", language)
    assert heard in await talk.answer("bea", line)


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("minga where is the assembly?", "where is the assembly?"),
        ("minga, dónde está la asamblea", "dónde está la asamblea"),
        ("minga onde está a assembleia", "onde está a assembleia"),
        ("minga, ayuda", "ayuda"),
        ("minga pendientes", "pendientes"),
    ],
)
async def test_the_name_changes_nothing_in_private(talk: Talk, line: str, bare: str) -> None:
    await talk.tells("bea", bare)
    (expected,) = await talk.said()
    await talk.tells("bea", line)
    (heard,) = await talk.said()
    assert heard.plain == expected.plain and "No entendí" not in heard.plain


@pytest.mark.parametrize("line", ["minga del sábado", "minga el domingo en la huerta"])
async def test_a_minga_is_no_call_in_private(talk: Talk, line: str) -> None:
    await talk.tells("bea", line)
    await talk.hears("No entendí")


@pytest.mark.parametrize(
    "line",
    [
        "Minga del sábado: traer palas y botas",
        "minga el domingo en la escuela, quién se suma?",
        "Minga: sábado 9h en la escuela",
        "Minga, sábado 9h, traer palas",
        "Minga, como siempre, a las 9",
        "Minga, que linda estuvo!",
        "minga es publica la 1",
        "minga de sábado: levar enxada",
        "la minga estuvo linda",
        "minga cancelada",
        "minga is on saturday",
        "minga is the best thing we do",
        "minga what a beautiful day",
        "minga when it rains",
        "minga where we met was lovely",
        "minga close to the river",
        "minga going on since 9",
        "minga not going well",
        "minga: who can come?",
        "minga dónde es",
        "minga onde vai ser o sábado",
        "minga a que hora es la del sábado",
        "minga terminada!",
        "minga lista",
        "¡Minga!",
        "vamos todas a la minga",
        "la policía rodeó la minga",
        "hacer una minga",
        "organizar la minga",
        "a ajuda chegou na minga",
        "minga rodeada por la policía anoche",
        "minga com medo da chuva",
    ],
)
async def test_talk_about_a_minga_is_left_alone(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert await talk.sent() == []


@pytest.mark.parametrize(
    "line",
    [
        "Minga, herramientas y mate para todos",
        "Minga, limpieza del canal este sábado",
        "Minga, limpieza comunitaria y olla común",
        "Minga, asado y guitarra",
        "Minga, traigan palas",
        "Minga, quién trae palas el sábado",
        "Minga, nos vemos el sábado",
        "Minga, se cancela el sábado por lluvia",
        "Minga, gracias a todas por venir",
        "Minga, una tradición de nuestros abuelos",
        "Minga, trabajo de todas",
        "Minga, limpeza do canal no sábado",
        "Minga, tragam enxadas",
        "Minga, obrigada a todas por vir",
        "Minga, a gente se vê amanhã",
        "Minga, thanks everyone for coming",
        "Minga, tools and food for everyone",
        "Minga, we meet at 9",
    ],
)
async def test_the_news_of_a_minga_behind_a_comma_is_left_alone(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert await talk.sent() == []


@pytest.mark.parametrize(
    "line",
    [
        "Minga, gracias",
        "Minga, crea una sala nueva para la marcha del sábado",
        "Minga, avisa que vengan mañana",
        "Minga, por motivos de salud debemos cancelar el asado del sábado",
        "Minga, acaba de llegar carla hoy, dale la bienvenida",
        "Minga, quien entro hoy",
        "Minga, sal de la sala",
    ],
)
async def test_what_the_bot_is_to_do_on_a_day_is_answered(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert await talk.sent() != []


@pytest.mark.parametrize(
    "line",
    [
        "Minga, vengan ya, me pegan",
        "Minga, vengan rápido",
        "Minga, se llevan a carla",
        "Minga, traigan ayuda, hay heridos",
        "Minga, gracias a todas, pero carla me pega",
        "Minga, mi hija no volvió hoy",
        "Minga, carla desapareció el sábado",
        "Minga, canal y policía",
        "Minga, trabajo y golpes",
    ],
)
async def test_a_cry_that_reads_like_news_of_a_minga_is_heard(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert await talk.sent() != []


@pytest.mark.parametrize("line", ["ayuda urgente minga", "minga, me están siguiendo"])
async def test_a_cry_to_the_bot_by_name_is_answered_in_private(talk: Talk, line: str) -> None:
    assert "¿Aviso ya a tu gente" in await talk.answer("bea", line)


@pytest.mark.parametrize(
    "line",
    [
        "minga ayuda me estan siguiendo voy por la calle 5",
        "minga socorro",
        "minga auxilio",
        "minga me estan siguiendo",
        "minga hay un hombre armado en mi casa",
        "minga to sendo seguida na rua 3",
        "minga someone is following me im on 5th",
    ],
)
async def test_a_cry_behind_the_bots_name_needs_no_comma(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    (told,) = await talk.sent()
    assert told.room != ROOM and "Aviso ya a tu gente" in told.plain
    assert "Tu mensaje sigue en la sala" in told.plain


@pytest.mark.parametrize(
    "line",
    [
        "buenas!! !encuesta ¿Dónde? Parque, Plaza",
        "compas, buen día. !encuesta ¿Dónde? Parque, Plaza",
        "pessoal !enquete Onde? Parque, Plaza",
        "hello everyone! !poll Where? Parque, Plaza",
    ],
)
async def test_a_greeting_may_stand_before_a_command(talk: Talk, line: str) -> None:
    assert "2 Plaza" in await talk.answer("bea", line)


@pytest.mark.parametrize(
    "line", ["para votar: !votar 1 2", "gente escriban !ayuda", "hola, ¿alguien usó !encuesta?"]
)
async def test_a_command_that_is_only_told_of_is_talk(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    assert await talk.sent() == []
