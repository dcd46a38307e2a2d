"""Small truths: what is typed as a setting is one or is told, and what is said is so."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.api import find_stray_setting
from bot.testing.talk import ROOM, Talk, find_number
from bot.types import RoomId
from commands.decisions.verify_tool import verify

# --- majorities -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        '!propuesta "Sede nueva" mayoria: dos tercios',
        '!propuesta "Sede nueva" mayoría:"dos tercios"',
        '!propuesta "Sede nueva" mayoría: dos tercios sin-parciales',
        '!propuesta "Sede nueva" por dos tercios',
        "!propuesta Sede nueva por dos tercios",
        "!propuesta Sede nueva por mayoría de dos tercios",
        '!proposta "Sede nueva" maioria: dois terços',
        "!proposta Sede nueva por dois terços",
        "!proposal Sede nueva by two thirds",
        '!proposal "Sede nueva" majority: two thirds',
        "!proposal Sede nueva with a two-thirds majority",
    ],
)
async def test_two_thirds_in_words(talk: Talk, line: str) -> None:
    said = await talk.answer("ana", line)
    assert ": Sede nueva\n" in said and "al menos 2/3" in said


# --- settings that nobody knows -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("!encuesta ¿Dónde? Norte, Sur puestos: 2", "puestos"),
        ("!encuesta ¿Dónde? Norte, Sur puestos:2", "puestos"),
        ("!encuesta ¿Dónde? Norte, Sur area: todas", "area"),
        ("!enquete Onde? Norte, Sul vagas: 3", "vagas"),
        ("!poll Where? North, South seats: 2", "seats"),
        ("!encuesta ¿Quién? Ana, Bea elegidas: 2", "elegidas"),
        ('!encuesta "¿Dónde?" "Norte" "Sur" puestos: 2', "puestos"),
        ("!encuesta ¿Dónde?\nNorte\nSur\npuestos: 2", "puestos"),
        ('!propuesta "Compramos la carpa" repasar: en 6 meses', "repasar"),
        ("!evento Asamblea en 2 días 10h area: todas", "area"),
        ("!evento Asamblea en 2 días 10h area:todas", "area"),
    ],
)
async def test_an_unknown_setting_is_told_and_becomes_no_option(
    talk: Talk, line: str, name: str
) -> None:
    said = await talk.answer("ana", line)
    assert f"“{name}:”" in said and "entre comillas" in said
    assert "Encuesta" not in said and "Propuesta" not in said and "Evento" not in said


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("!encuesta ¿Qué? Lugar: Norte, Lugar: Sur", "1 Lugar: Norte"),
        ('!encuesta "¿Qué?" "Lugar: Norte" "Sur sala: 3"', "2 Sur sala: 3"),
        ("!encuesta ¿A qué hora? a las 10: 30, a las 11: 30", "1 a las 10: 30"),
        ("!encuesta ¿Qué hacemos? Cine, Comer en casa: pizza", "2 Comer en casa: pizza"),
        ("!encuesta ¿Cuál? Bus chico: 200, Bus grande: 350", "1 Bus chico: 200"),
        ("!propuesta Cambiamos la sala: ahora la azul", "Cambiamos la sala: ahora la azul"),
        ("!propuesta Compramos pan: 20", "Compramos pan: 20"),
        ("!propuesta Ver https://red.org", "https://red.org"),
        ("!evento Taller de género: en 2 días 10h", "Taller de género"),
        ('!evento "Asamblea area: todas" en 2 días 10h', "Asamblea area: todas"),
    ],
)
async def test_a_colon_in_a_text_is_text(talk: Talk, line: str, shown: str) -> None:
    said = await talk.answer("ana", line)
    assert shown in said and "entre comillas" not in said


def test_a_line_without_end_is_read_at_once() -> None:
    for text in ("a: " * 5000, " sur" * 9000 + " puestos: 2", "x" * 20000 + " area: todas"):
        assert find_stray_setting(text) in (None, "puestos", "area")


# --- who is left out ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Prensa", "todas"])
async def test_who_is_named_and_not_here_is_said(talk: Talk, name: str) -> None:
    other = await talk.room(
        RoomId("!prensa:test"), "Prensa", ["ana", "bea", "dora", "elsa"], {"ana": 50}
    )
    for room in (ROOM, other):
        await talk.answer("ana", "!area agregar todas", room=room)
    await talk.says("ana", f"!encuesta ¿Dónde? Norte, Sur votan: {name}")
    posts = await talk.said()
    own = await talk.private("ana")
    here = "\n".join(post.plain for post in posts if post.room == ROOM)
    private = "\n".join(post.plain for post in posts if post.room == own)
    assert "2 personas de esa lista no están en esta sala" in here and "Dora" not in here
    assert "Dora" in private and "Elsa" in private and "Bea" not in private


async def test_where_all_that_are_named_are_here_nothing_is_said(talk: Talk) -> None:
    for line in ("votan: @bea, @carla", "votan: personas", "votan: todas"):
        said = await talk.answer("ana", f"!encuesta ¿Dónde? Norte, Sur {line}")
        assert "de esa lista" not in said


# --- other words ----------------------------------------------------------------------------------


async def test_the_author_changes_the_words_until_the_first_vote(talk: Talk) -> None:
    await talk.says("bea", "!propuesta Compramos una carpa")
    opening, native = await talk.sent()
    number = find_number(opening)
    assert "No puedes cambiar el texto" in await talk.answer("ana", f"!cambiar {number} Nada")
    await talk.says("bea", f"!cambiar {number} Compramos dos carpas")
    posts = await talk.sent()
    told = next(p for p in posts if "Antes: “Compramos una carpa”" in p.plain)
    assert "Ahora: “Compramos dos carpas”" in told.plain
    assert any("Compramos dos carpas" in p.plain and p.plain.startswith("* ") for p in posts)
    again = next(p for p in posts if p.is_poll)
    assert "Compramos dos carpas" in str(again.content)
    await talk.taps("carla", native, 1)
    assert "ese voto no cuenta" in "".join(p.plain for p in await talk.said())
    await talk.taps("carla", again, 1)
    said = await talk.answer("bea", f"!cambiar {number} Otra cosa")
    assert "Ya hay votos sobre este texto" in said and f"`!cancelar {number}`" in said
    assert "a favor: 1" in await talk.answer("ana", f"!cerrar {number}")
    assert "ya cerró" in (await talk.answer("bea", f"!cambiar {number} Tarde")).lower()


async def test_the_words_may_be_changed_in_a_reply_and_in_private(talk: Talk) -> None:
    await talk.says("bea", '!propuesta "Compramos una carpa"')
    opening = (await talk.sent())[0]
    number = find_number(opening)
    said = await talk.answer("bea", '!cambiar "Compramos dos"', reply=opening)
    assert "Ahora: “Compramos dos”" in said
    await talk.tells("bea", f"cambiar {number} texto: Compramos tres")
    rooms = {p.room for p in await talk.said() if "Compramos tres" in p.plain}
    assert ROOM in rooms


async def test_the_words_of_a_secret_vote_stay(talk: Talk) -> None:
    await talk.room(ROOM, "Sala", ["ana", "bea", "carla", "dora", "elsa"], {"ana": 50})
    await talk.says("ana", '!propuesta "Sede nueva" secreta')
    number = find_number((await talk.said())[0])
    assert "se firma al abrirla" in await talk.answer("ana", f"!cambiar {number} Otra")


# --- numbers of nothing ---------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["voy 99", "no voy 99", "a favor 99", "99 en contra", "vou 99"])
async def test_an_answer_to_a_number_that_is_nothings_is_answered(talk: Talk, line: str) -> None:
    assert "No existe el número 99" in await talk.answer("bea", line)
    await talk.tells("bea", line)
    assert "No existe el número 99" in "".join(p.plain for p in await talk.said())


async def test_a_number_that_is_something_else_is_named(talk: Talk) -> None:
    """Only where its room reads along, or in private."""
    await talk.says("ana", '!propuesta "Comprar carpa"')
    number = find_number((await talk.said())[0])
    assert f"{number} es “Comprar carpa”" in await talk.answer("bea", f"!voy {number}")
    await talk.tells("bea", f"!voy {number}")
    assert f"{number} es “Comprar carpa”" in "".join(p.plain for p in await talk.said())
    other = RoomId("!otra:test")
    await talk.room(other, "Otra", ["ana", "bea", "dora"], {"ana": 50})
    told = await talk.answer("bea", f"!voy {number}", room=other)
    assert "No existe el número" in told and "carpa" not in told
    assert "No existe el número" in await talk.answer("dora", f"!voy {number}", room=other)


@pytest.mark.parametrize("line", ["voy en el 99", "voy 99 con mi mamá al cine", "no 99", "sí 99"])
async def test_talk_with_a_number_stays_talk(talk: Talk, line: str) -> None:
    await talk.says("bea", line)
    await talk.hears_nothing()


# --- several seats --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("votes", "said"),
    [
        (("1 2", "1 2", "1 3"), "ganan Ana · Bea"),
        (("1 2", "1 3", "1"), "gana Ana; para 1 lugar más hay empate, Bea · Cata"),
        (("1", "1", "1"), "gana Ana."),
        (("1", "2", "3"), "empate, Ana · Bea · Cata"),
        (("1 4", "2 3", "1 2"), "ganan Ana · Bea"),
    ],
)
async def test_two_of_several_names_both(
    talk: Talk, tmp_path: Path, votes: tuple[str, ...], said: str
) -> None:
    await talk.says("ana", "!encuesta ¿Quién coordina? Ana, Bea, Cata, Dora multiple:2")
    number = find_number((await talk.said())[0])
    for who, vote in zip(("ana", "bea", "carla"), votes, strict=True):
        assert "Anotado" in await talk.answer(who, f"!votar {number} {vote}")
    assert said in await talk.answer("ana", f"!cerrar {number}")
    await talk.says("ana", f"!exportar {number}")
    posts = await talk.sent()
    signed = next(p for p in posts if str(p.content.get("filename", "")).endswith(".json"))
    file = tmp_path / "result.json"
    file.write_bytes(talk.gateway.files[signed.content["file"]["url"]])
    assert (verify(file, []) or (False,))[0]


async def test_as_many_as_one_likes_of_all_has_one_winner(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Qué días? lunes, martes multiple:2")
    number = find_number((await talk.said())[0])
    await talk.answer("ana", f"!votar {number} 1 2")
    await talk.answer("bea", f"!votar {number} 2")
    assert "gana martes" in await talk.answer("ana", f"!cerrar {number}")
