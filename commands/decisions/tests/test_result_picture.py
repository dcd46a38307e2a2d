"""The picture of a result, asked for: the words stand before it, its caption says the shares."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from bot.testing.talk import ROOM, PostedEvent, Talk, find_number
from bot.types import RoomId
from commands.ballot_secrecy.tests.secret_talk import closed, fill, opened, six

NOTHING = "No hay números para hacer una imagen."


async def asked(talk: Talk, question: str = "¿Dónde? Norte, Sur") -> int:
    """A poll in which three people voted: two for the first option."""
    await talk.says("ana", f"!encuesta {question}")
    number = find_number((await talk.said())[0])
    for who, place in (("ana", 1), ("bea", 1), ("carla", 2)):
        await talk.says(who, f"!votar {number} {place}")
    await talk.said()
    return number


async def drawn(talk: Talk, who: str, line: str) -> tuple[str, PostedEvent | None]:
    """What is said in words, and the picture after it."""
    await talk.says(who, line)
    posts = await talk.said()
    images = [post for post in posts if post.content["msgtype"] == "m.image"]
    assert posts[len(posts) - len(images) :] == images, "the words come first"
    words = "\n".join(post.plain for post in posts if post not in images)
    return words, images[0] if images else None


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("es", "!resultados {number} imagen"),
        ("es", "!resultados {number} en imagen"),
        ("es", "!resultados imagen {number}"),
        ("es", "!resultados {number} con una imagen"),
        ("es", "!resultados {number} gráfico"),
        ("es", "!resultado {number} en barras"),
        ("pt", "!resultados {number} imagem"),
        ("pt", "!resultados {number} com gráfico"),
        ("pt", "!como está {number} em imagem"),
        ("en", "!results {number} picture"),
        ("en", "!results {number} as a chart"),
        ("en", "!results {number} as an image"),
        ("en", "!results {number} pic"),
        ("en", "!results {number} graph"),
        ("es", "!imagen {number}"),
        ("es", "!gráfico {number}"),
        ("pt", "!imagem {number}"),
        ("en", "!picture {number}"),
        ("en", "!graph {number}"),
    ],
)
async def test_whoever_wants_a_picture_asks_for_it(talk: Talk, language: str, line: str) -> None:
    number = await asked(talk)
    await talk.says("ana", f"!cerrar {number}")
    await talk.said()
    await talk.set("language", language)
    words, image = await drawn(talk, "bea", line.format(number=number))
    assert "Norte: 2" in words
    assert image is not None
    body = image.content["body"]
    assert "67%; Sur, 33%" in body, "what the words above don't say"
    assert "¿Dónde?" in body
    assert "\n" not in body
    assert image.content["filename"].endswith(f"-{number}.png")
    shown = Image.open(io.BytesIO(talk.gateway.files[image.content["file"]["url"]]))
    assert 3 * shown.width >= 4 * shown.height


async def test_without_asking_there_is_none(talk: Talk) -> None:
    number = await asked(talk)
    assert (await drawn(talk, "bea", f"!resultados {number}"))[1] is None


async def test_an_open_vote_is_drawn_as_far_as_it_is_shown(talk: Talk) -> None:
    number = await asked(talk)
    _words, image = await drawn(talk, "bea", f"!resultados {number} imagen")
    assert image is not None
    said = f"De quienes votaron hasta ahora: Norte, 67%; Sur, 33%. Encuesta {number}: ¿Dónde?"
    assert image.content["body"] == said, "nobody has won yet"
    hidden = await asked(talk, "¿Cuál? Norte, Sur sin-parciales")
    words, image = await drawn(talk, "bea", f"!resultados {hidden} imagen")
    assert image is None
    assert NOTHING in words


async def test_where_nobody_voted_the_words_say_why_there_is_none(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Dónde? Norte, Sur")
    number = find_number((await talk.said())[0])
    words, image = await drawn(talk, "bea", f"!resultados {number} imagen")
    assert image is None
    assert NOTHING in words


async def test_points_have_no_share_in_the_caption(talk: Talk) -> None:
    await talk.says("ana", "!encuesta ¿Qué? Feria, Cine tipo:puntaje")
    number = find_number((await talk.said())[0])
    await talk.says("bea", f"!votar {number} 1:5")
    await talk.says("ana", f"!cerrar {number}")
    await talk.said()
    _words, image = await drawn(talk, "bea", f"!resultados {number} imagen")
    assert image is not None
    assert image.content["body"] == f"Encuesta {number}, “¿Qué?”: gana Feria."


async def test_what_others_may_not_see_is_drawn_in_private(talk: Talk) -> None:
    number = await asked(talk)
    other = await talk.room(RoomId("!otra:test"), "Otra", ["dani", "bea"])
    await talk.says("bea", f"!resultados {number} imagen", room=other)
    posts = await talk.said()
    assert [p.plain for p in posts if p.room == other] == ["Te escribí en privado."]
    private = [p for p in posts if p.room == await talk.private("bea")]
    assert [p.content["msgtype"] for p in private][-1] == "m.image"


async def test_the_counts_of_a_secret_vote_are_drawn_where_they_are_published(talk: Talk) -> None:
    await six(talk)
    await talk.set("pictures", "yes")
    _opening, number = await opened(talk)
    await fill(talk, number, "1", "1", "1", "2", "3")
    _shown, _file = await closed(talk, number)
    _words, image = await drawn(talk, "bea", f"!resultados {number} imagen")
    assert image is not None
    assert "Norte, 60%; Sur, 20%; Zoom, 20%" in image.content["body"]


async def test_the_few_votes_of_a_secret_vote_are_never_drawn(talk: Talk) -> None:
    await six(talk)
    await talk.set("pictures", "yes")
    _opening, number = await opened(talk)
    await fill(talk, number, "1", "1", "2")
    await talk.says("ana", f"!resultados {number} imagen")
    posts = await talk.said(ROOM)
    assert NOTHING in posts[-1].plain
    await closed(talk, number)
    words, image = await drawn(talk, "bea", f"!resultados {number} imagen")
    assert image is None
    assert NOTHING in words


@pytest.mark.parametrize("line", ["imagen de la camioneta que nos sigue", "gráfico, ayuda"])
async def test_who_begins_a_sentence_so_in_private_still_hears_of_panic(
    talk: Talk, line: str
) -> None:
    await asked(talk)
    await talk.tells("bea", line)
    assert re.search("Si hay peligro: (?:escribe )?`pánico`", (await talk.said())[-1].plain)
