"""Secret ballots: a second one, words of one's own, changes of mind, more time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.api import Number
from bot.testing.talk import ROOM, Talk
from commands.ballot_secrecy.tests.secret_talk import LINE, PEOPLE, content, opened, six, told
from commands.poll_book import poll_store


@pytest.fixture
async def talk(talk: Talk) -> Talk:
    """Six people: fewer than five can't vote in secret."""
    return await six(talk)


# --- a second ballot ------------------------------------------------------------------------------

ALL = "votan:@ana,@bea,@carla,@dora,@elsa,@flor"


@pytest.mark.parametrize(
    "voters",
    [
        "votan:@ana,@bea,@carla,@dora,@elsa",  # one less
        "votan:@ana,@bea,@carla,@dora,@elsa,@gala",  # another one
    ],
)
@pytest.mark.parametrize("after", [timedelta(hours=1), timedelta(days=3), timedelta(days=20)])
async def test_two_ballots_that_differ_by_one_person_are_asked_about(
    talk: Talk, voters: str, after: timedelta
) -> None:
    await talk.room(ROOM, "Sala", [*PEOPLE, "gala"], {"ana": 50})
    await opened(talk, f"{LINE} {ALL}")
    for part in (min(after, timedelta(days=3)), max(timedelta(0), after - timedelta(days=3))):
        await talk.wait(part)
    await talk.said()
    await talk.says("ana", f'!propuesta "Otra cosa" secreta {voters}')
    said = (await talk.said())[0].plain
    if after > timedelta(days=10) and "gala" in voters:
        assert "El voto es secreto" in said, "who it was is not known any more, nor how many"
        return
    assert "menos una persona" in said and "Flor" not in said and "Gala" not in said
    await talk.restart()
    await talk.says("ana", "no")
    await talk.hears("No abrí nada.")
    await talk.says("ana", f'!propuesta "Otra cosa" secreta {voters}')
    await talk.said()
    await talk.says("ana", "sí")
    assert "El voto es secreto" in (await talk.said())[0].plain


async def test_the_same_voters_again_and_after_long_are_not_asked_about(talk: Talk) -> None:
    await opened(talk)
    await opened(talk)
    await talk.room(ROOM, "Sala", [*PEOPLE, "gala"], {"ana": 50})
    await talk.wait(timedelta(days=40))
    await talk.said()
    await opened(talk)


# --- words and changes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "luna llena",
        '"luna llena"',
        "“Luna  Llena”",
        "*luna llena*",
        "lua cheia",
        "LUNA LLENA.",
        "full moon",
        "luna llena (en vez de “luna llena”, dos palabras tuyas)",
        "palabras que elijas",
        "palavras que você escolher",
        "words of your choice",
        "dos palabras tuyas",
    ],
)
async def test_the_example_is_nobodys_own_words(talk: Talk, words: str) -> None:
    _opening, number = await opened(talk)
    said = await told(talk, "bea", f"votar {number} 2 {words}")
    assert "Anotado: Sur" in said and "Tus palabras" not in said, "the vote counts all the same"
    assert "Elige dos palabras tuyas" in said
    await talk.tells("bea", f"votar {number} comprobante")
    files = [content(talk, p) for p in await talk.said() if p.content.get("msgtype") == "m.file"]
    assert json.loads(files[0])["words"] == ""


@pytest.mark.parametrize(
    ("line", "vote"),
    [
        ("!encuesta ¿Dónde? Norte, Sur, Zoom secreta", "2"),
        ("!encuesta ¿Qué? Pan, Té, Fruta secreta multiple:2", "2 3"),
        ("!encuesta ¿Qué? Pan, Té, Fruta secreta tipo:preferencia", "3 1 2"),
        ("!encuesta ¿Qué? Pan, Té, Fruta secreta tipo:preferencia", "3 1=2"),
        ("!encuesta ¿Qué? Pan, Té, Fruta secreta tipo:puntos", "1:2 3:5"),
        ('!propuesta "Una sede" secreta', "en contra"),
        ('!cuando "Reunión" en 3 días 18h, en 4 días 19h secreta', "1? 2"),
    ],
)
async def test_who_copies_the_line_for_words_does_not_change_the_vote(
    talk: Talk, line: str, vote: str
) -> None:
    _opening, number = await opened(talk, f"{line} hasta en 2 días")
    said = await told(talk, "bea", f"votar {number} {vote}")
    assert f"`votar {number} {vote} luna llena`" in said
    noted = said.splitlines()[0]
    assert noted in await told(talk, "bea", f"votar {number} {vote} piedra azul")


@pytest.mark.parametrize("words", ["luna", "mi luna llena", "full moon party", "piedra azul"])
async def test_words_that_are_like_the_example_are_ones_own(talk: Talk, words: str) -> None:
    _opening, number = await opened(talk)
    assert f"“{words}”" in await told(talk, "bea", f"votar {number} 2 {words}")


async def test_whoever_changes_their_mind_all_the_time_is_told_when_they_may_again(
    talk: Talk,
) -> None:
    _opening, number = await opened(talk)
    for n in range(20):
        said = await told(talk, "bea", f"votar {number} {n % 2 + 1} piedra azul")
        assert "Anotado" in said and "un cambio por hora" not in said
    said = await told(talk, "bea", f"votar {number} 3 piedra azul")
    assert "Anotado: Zoom" in said and "Desde ahora acepto un cambio por hora" in said
    for line in (f"votar {number} 1 piedra azul", f"votar {number} retiro mi voto"):
        said = await told(talk, "bea", line)
        assert "Cambiaste tu voto 20 veces" in said and "(Bogotá)" in said
    assert "Tu voto: Zoom" in await told(talk, "bea", f"votar {number}")
    await talk.restart(timedelta(hours=1))
    assert "Anotado: Norte" in await told(talk, "bea", f"votar {number} 1 piedra azul")


async def test_ones_own_data_does_not_hold_the_choice(talk: Talk) -> None:
    _opening, number = await opened(talk)
    await told(talk, "bea", f"votar {number} 2 piedra azul")
    await talk.tells("bea", "mis-datos")
    posts = await talk.said()
    texts = [content(talk, p) for p in posts if p.content.get("msgtype") == "m.file"]
    assert texts and any(f"`votar {number}`" in text for text in texts)
    assert not any("Sur" in text or "piedra" in text for text in texts)


# --- more time ------------------------------------------------------------------------------------


async def test_without_an_end_it_gets_one_and_nobody_brings_it_nearer(talk: Talk) -> None:
    _opening, number = await opened(talk, "!encuesta ¿Dónde? Norte, Sur secreta")
    async with talk.machine.db.reading() as tx:
        closes = (await poll_store.get_poll(tx, Number(number))).closes
    assert closes == talk.clock.at + timedelta(days=7)
    assert "más tiempo" in await talk.answer("ana", f"!extender {number} hasta en 2 horas")


async def test_of_before_one_without_an_end_gets_none_that_is_near(talk: Talk) -> None:
    _opening, number = await opened(talk, "!encuesta ¿Dónde? Norte, Sur secreta")
    async with talk.machine.db.transaction() as tx:
        await tx.run("UPDATE poll_book_poll SET closes = NULL WHERE number = ?", number)
    said = await talk.answer("ana", f"!extender {number} hasta en 2 minutos")
    assert "desde mañana" in said
    assert "Ahora cierra" in await talk.answer("ana", f"!extender {number} hasta en 2 días")


async def test_more_time_is_given_so_often_and_no_more(talk: Talk) -> None:
    _opening, number = await opened(talk)
    for days in range(3, 23):
        said = await talk.answer("ana", f"!extender {number} hasta en {days * 24} horas")
        assert "Ahora cierra" in said
    said = await talk.answer("ana", f"!extender {number} hasta en 800 horas")
    assert "ya se le dio 20 veces" in said
